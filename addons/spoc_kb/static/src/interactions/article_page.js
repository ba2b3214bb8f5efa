import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The print button shows only where it can do something. */
export class SpocArticlePrint extends Interaction {
    static selector = ".spoc_article_print";
    dynamicContent = {
        _root: {
            "t-on-click": () => window.print(),
            "t-att-class": () => ({ "d-none": false }),
        },
    };
}

/**
 * Links at headings: a click leads there and copies the address, and says so.
 *
 * Without scripts, or without the right to copy, they are plain links.
 */
export class SpocArticleAnchors extends Interaction {
    static selector = "article.spoc_article";
    dynamicContent = { ".spoc_article_anchor": { "t-on-click": this.onClick } };

    setup() {
        this.status = document.createElement("div");
        this.status.className = "visually-hidden";
        this.status.setAttribute("role", "status");
        this.insert(this.status, this.el);
    }

    async onClick(ev) {
        const link = ev.currentTarget;
        try {
            await this.waitFor(browser.navigator.clipboard.writeText(link.href));
        } catch {
            // The address is in the address bar all the same.
            return;
        }
        this.status.textContent = _t("The link was copied.");
        const icon = link.querySelector(".fa");
        icon.classList.replace("fa-link", "fa-check");
        this.waitForTimeout(() => icon.classList.replace("fa-check", "fa-link"), 2000);
    }
}

registry.category("public.interactions").add("spoc_kb.article_print", SpocArticlePrint);
registry
    .category("public.interactions")
    .add("spoc_kb.article_anchors", SpocArticleAnchors);
