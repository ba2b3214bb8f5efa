import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** A row of links too long for the screen shows the one of this page. */
export class SpocTabs extends Interaction {
    static selector = ".o_spoc_tabs";

    start() {
        const active = this.el.querySelector("[aria-current]");
        if (active) {
            const { left, width } = active.getBoundingClientRect();
            const middle = this.el.getBoundingClientRect().left + this.el.clientWidth / 2;
            this.el.scrollLeft += left + width / 2 - middle;
        }
    }
}

registry.category("public.interactions").add("spoc_catalog.tabs", SpocTabs);
