import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";

const KEY = "spoc_words";

/**
 * Keeps words typed for another form until the page of a service is opened.
 *
 * @param {number} service whose form they are carried to
 * @param {string} words
 */
export function carryWords(service, words) {
    try {
        sessionStorage.setItem(KEY, JSON.stringify({ service, words }));
    } catch {
        // Without room for them they stay on the page they were typed on.
    }
}

/** The form of a service takes the words along that led to it. */
export class SpocCarriedWords extends Interaction {
    static selector = "form.o_spoc_form[action*='/spoc/service/']";

    start() {
        let carried;
        try {
            carried = JSON.parse(sessionStorage.getItem(KEY));
        } catch {
            return;
        }
        const [, service] = this.el.getAttribute("action").match(/service\/(\d+)/) || [];
        const fields = [...this.el.querySelectorAll("textarea")];
        const field = fields.find((one) => one.name === "description") || fields.at(-1);
        if (!field || !carried || carried.service !== Number(service)) {
            return;
        }
        sessionStorage.removeItem(KEY);
        if (field.value.trim()) {
            return;
        }
        field.value = carried.words;
        const note = document.createElement("p");
        note.className = "form-text mb-0";
        note.setAttribute("role", "status");
        note.textContent = _t("What you typed before stands here already.");
        this.insert(note, field, "afterend");
    }
}

registry.category("public.interactions").add("spoc_kb.carried_words", SpocCarriedWords);
