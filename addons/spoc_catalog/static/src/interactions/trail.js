import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const COOKIE = "spoc_trail";
const SECONDS = 30;

/**
 * Notes for the page about to be opened which search it was taken from.
 *
 * A cookie for half a minute: the page reads and forgets it, so that its address does
 * not change.
 *
 * @param {{text?: string, count?: number, position: number}} trail
 */
export function leaveTrail(trail) {
    const note = encodeURIComponent(JSON.stringify(trail));
    document.cookie = `${COOKIE}=${note}; path=/; max-age=${SECONDS}; SameSite=Lax`;
}

/**
 * Tells the server what it cannot see, even while the page is being left.
 *
 * @param {Object} step
 */
export function tell(step) {
    const data = new FormData();
    data.append("csrf_token", odoo.csrf_token);
    for (const [name, value] of Object.entries(step)) {
        data.append(name, value);
    }
    navigator.sendBeacon("/spoc/trail", data);
}

/** What was noted for this page; forgotten by reading it. */
function takeTrail() {
    const note = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
    document.cookie = `${COOKIE}=; path=/; max-age=0`;
    try {
        return JSON.parse(decodeURIComponent(note.slice(COOKIE.length + 1)));
    } catch {
        return {};
    }
}

/** A page of a service, a desk or an article: that it was opened, and out of what. */
export class SpocOpened extends Interaction {
    static selector = ".o_spoc_window[data-opened]";

    start() {
        tell({ step: "opened", opened: this.el.dataset.opened, ...takeTrail() });
    }
}

/** Results of a search: which of them is opened. */
export class SpocResults extends Interaction {
    static selector = ".o_spoc_found";
    dynamicContent = { _root: { "t-on-click": this.onClick } };

    onClick(ev) {
        const link = ev.target.closest(".o_spoc_results a");
        if (link) {
            const links = [...this.el.querySelectorAll(".o_spoc_results a")];
            leaveTrail({ position: links.indexOf(link) + 1 });
        }
    }
}

/** The form of a service: that it was begun. */
export class SpocFormBegun extends Interaction {
    static selector = "form.o_spoc_form[action*='/spoc/service/']";
    dynamicContent = { _root: { "t-on-input": this.onInput } };

    onInput() {
        const [, service] = this.el.action.match(/\/spoc\/service\/(\d+)/) || [];
        if (service && !this.begun) {
            this.begun = true;
            tell({ step: "begun", service });
        }
    }
}

registry.category("public.interactions").add("spoc_catalog.opened", SpocOpened);
registry.category("public.interactions").add("spoc_catalog.results", SpocResults);
registry.category("public.interactions").add("spoc_catalog.form_begun", SpocFormBegun);
