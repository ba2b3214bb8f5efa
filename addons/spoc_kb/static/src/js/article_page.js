import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

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

registry.category("public.interactions").add("spoc_kb.article_print", SpocArticlePrint);
