import { _t } from "@web/core/l10n/translation";

import { SpocPicker } from "./form_picker";

/** For whom something is asked: oneself, or people picked from the directory. */
export class SpocPeople {
    /**
     * @param {Interaction} interaction
     * @param {HTMLElement} element the fieldset
     * @param {string} url where to look people up
     */
    constructor(interaction, element, url) {
        this.element = element;
        this.limit = Number(element.dataset.limit) || 1;
        this.list = element.querySelector(".o_spoc_people_chosen");
        this.input = element.querySelector("#for_text");
        new SpocPicker(interaction, element.querySelector(".o_spoc_picker"), {
            url,
            onPick: (item) => this.add(item),
        });
        interaction.addListener(element, "change", () => this.render());
        interaction.addListener(this.list, "click", (ev) => this.onClick(ev));
        for (const button of this.list.querySelectorAll("button")) {
            button.classList.remove("d-none");
        }
        this.render();
    }

    render() {
        const others = this.element.querySelector("#for_whom_other").checked;
        this.element.querySelector(".o_spoc_people").classList.toggle("d-none", !others);
    }

    add(item) {
        this.input.value = "";
        if (this.list.querySelector(`input[value="${item.id}"]`)) {
            return;
        }
        while (this.list.children.length >= this.limit) {
            this.list.firstElementChild.remove();
        }
        const entry = document.createElement("li");
        entry.className = "d-flex align-items-center gap-2";
        const hidden = document.createElement("input");
        hidden.type = "hidden";
        hidden.name = "for_ids";
        hidden.value = item.id;
        const name = document.createElement("span");
        name.className = "fw-bold text-break";
        name.textContent = item.label;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-link btn-sm o_spoc_remove_person";
        button.textContent = _t("Remove");
        button.setAttribute("aria-label", _t("Remove %s", item.label));
        entry.append(hidden, name, button);
        this.list.append(entry);
    }

    onClick(ev) {
        const button = ev.target.closest(".o_spoc_remove_person");
        if (button) {
            button.closest("li").remove();
            this.input.focus();
        }
    }
}
