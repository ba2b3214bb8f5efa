import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";

import { leaveTrail, tell } from "./trail";

const DELAY = 150;
const SHORTEST = 2;

/**
 * Suggestions below the search box while a person types.
 *
 * An ARIA combobox: the focus stays in the box, arrow keys move through the
 * suggestions, Enter follows the marked one or, with none marked, searches.
 * Without scripts the box is a plain form.
 */
export class SpocSearch extends Interaction {
    static selector = ".o_spoc_search";
    dynamicContent = {
        "input[type=search]": {
            "t-on-input": this.onInput,
            "t-on-keydown": this.onKeydown,
            "t-on-focus": this.onInput,
        },
        _root: { "t-on-focusout": this.onFocusout, "t-on-submit": this.onSubmit },
        ".o_spoc_suggestions": { "t-on-click": this.onTake },
        _window: { "t-on-pagehide": this.onLeave },
    };

    setup() {
        this.input = this.el.querySelector("input[type=search]");
        this.holder = this.el.querySelector(".o_spoc_suggestions");
        this.status = this.el.querySelector(".o_spoc_status");
        this.options = [];
        this.marked = -1;
        this.asked = 0;
        // What the words in the box found last; nothing while it is unknown.
        this.found = null;
        this.look = this.debounced(this.fetchSuggestions, DELAY);
        const attributes = {
            role: "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-controls": "spoc_suggestions",
        };
        for (const [name, value] of Object.entries(attributes)) {
            this.input.setAttribute(name, value);
        }
    }

    start() {
        // Whoever began to type before the scripts were there is not left waiting.
        if (document.activeElement === this.input) {
            this.onInput();
        }
    }

    destroy() {
        this.close();
    }

    onInput() {
        this.found = null;
        if (this.input.value.trim().length < SHORTEST) {
            this.close();
        } else {
            this.look();
        }
    }

    async fetchSuggestions() {
        const text = this.input.value;
        const turn = ++this.asked;
        let result;
        try {
            result = await this.waitFor(rpc("/spoc/suggest", { text }, { silent: true }));
        } catch {
            // Suggestions are a help, not a need: the box works without.
            return;
        }
        const late = turn !== this.asked || this.input.value !== text;
        if (!late) {
            const items = result.sections.flatMap((section) => section.items);
            this.found = { text, count: items.length };
        }
        if (!late && document.activeElement === this.input) {
            this.show(result.sections);
        }
    }

    show(sections) {
        this.close();
        if (!sections.length) {
            this.status.textContent = _t("No suggestions");
            return;
        }
        let number = 0;
        for (const section of sections) {
            for (const item of section.items) {
                item.id = `spoc_suggestion_${number++}`;
            }
        }
        this.renderAt("spoc_catalog.Suggestions", { sections }, this.holder);
        this.options = [...this.holder.querySelectorAll("[role=option]")];
        this.input.setAttribute("aria-expanded", "true");
        this.status.textContent =
            number === 1 ? _t("1 suggestion") : _t("%s suggestions", number);
    }

    /** A suggestion is taken: the page it leads to learns of the search. */
    onTake(ev) {
        const option = ev.target.closest("[role=option]");
        if (option && this.found) {
            const position = this.options.indexOf(option) + 1;
            leaveTrail({ ...this.found, position });
            this.found = null;
        }
    }

    onSubmit() {
        // The page of results notes the search itself.
        this.found = null;
    }

    /** The page is left with words in the box and nothing taken. */
    onLeave() {
        if (this.found) {
            tell({ step: "left", ...this.found });
            this.found = null;
        }
    }

    close() {
        this.asked++;
        this.holder.replaceChildren();
        this.status.textContent = "";
        this.options = [];
        this.marked = -1;
        this.input.setAttribute("aria-expanded", "false");
        this.input.removeAttribute("aria-activedescendant");
    }

    mark(position) {
        const count = this.options.length;
        if (!count) {
            return;
        }
        this.options[this.marked]?.setAttribute("aria-selected", "false");
        // One place more than there are options: the box itself.
        this.marked = ((position + 1 + count + 1) % (count + 1)) - 1;
        const option = this.options[this.marked];
        if (option) {
            option.setAttribute("aria-selected", "true");
            option.scrollIntoView({ block: "nearest" });
            this.input.setAttribute("aria-activedescendant", option.id);
        } else {
            this.input.removeAttribute("aria-activedescendant");
        }
    }

    onKeydown(ev) {
        const option = this.options[this.marked];
        if (ev.isComposing) {
            return;
        }
        if (ev.key === "ArrowDown" && this.options.length) {
            this.mark(this.marked + 1);
        } else if (ev.key === "ArrowUp" && this.options.length) {
            this.mark(this.marked - 1);
        } else if (ev.key === "Enter" && option) {
            option.click();
        } else if (ev.key === "Escape" && this.options.length) {
            this.close();
        } else {
            return;
        }
        ev.preventDefault();
    }

    onFocusout(ev) {
        if (!this.el.contains(ev.relatedTarget)) {
            this.close();
        }
    }
}

registry.category("public.interactions").add("spoc_catalog.search", SpocSearch);
