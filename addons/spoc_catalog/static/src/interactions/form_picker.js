import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";

const DELAY = 200;
let count = 0;

/**
 * A field that opens a list of records while a person types.
 *
 * An ARIA combobox: the focus stays in the field, arrow keys move through the list,
 * Enter or a tap takes one, Escape closes the list.
 */
export class SpocPicker {
    /**
     * @param {Interaction} interaction whose life it shares
     * @param {HTMLElement} holder with a text input and perhaps a hidden one for the id
     * @param {Object} params
     * @param {string} params.url where to look
     * @param {Function} [params.onPick] called with the item instead of filling it in
     */
    constructor(interaction, holder, { url, onPick }) {
        this.interaction = interaction;
        this.holder = holder;
        this.url = url;
        this.onPick = onPick;
        this.question = holder.dataset.lookupQuestion;
        this.input = holder.querySelector("input[type=text]");
        this.hidden = holder.querySelector("input[type=hidden]");
        this.items = [];
        this.marked = -1;
        this.turn = 0;
        this.isTouched = false;
        this.look = interaction.debounced(() => this.fetch(), DELAY);
        this.build();
        interaction.addListener(this.input, "input", () => this.onInput());
        interaction.addListener(this.input, "keydown", (ev) => this.onKeydown(ev));
        interaction.addListener(this.input, "blur", () => this.onBlur());
        interaction.addListener(this.list, "mousedown", (ev) => ev.preventDefault());
        interaction.addListener(this.list, "pointerdown", () => (this.isTouched = true));
        interaction.addListener(
            this.list,
            "pointercancel",
            () => (this.isTouched = false)
        );
        interaction.addListener(this.list, "click", (ev) => this.onClick(ev));
    }

    build() {
        const id = `spoc_picker_${++count}`;
        this.list = document.createElement("ul");
        this.list.id = id;
        this.list.className = "o_spoc_listbox list-group shadow d-none";
        this.list.setAttribute("role", "listbox");
        this.list.setAttribute("aria-label", _t("Names that fit"));
        this.status = document.createElement("span");
        this.status.className = "visually-hidden";
        this.status.setAttribute("role", "status");
        this.holder.append(this.list, this.status);
        const attributes = {
            role: "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-controls": id,
        };
        for (const [name, value] of Object.entries(attributes)) {
            this.input.setAttribute(name, value);
        }
    }

    onInput() {
        if (this.hidden) {
            this.hidden.value = "";
        }
        if (this.input.value.trim()) {
            this.look();
        } else {
            this.close();
        }
    }

    async fetch() {
        const text = this.input.value;
        const turn = ++this.turn;
        const question = /^\d+$/.test(this.question) ? Number(this.question) : this.question;
        let items;
        try {
            const params = { question_id: question, text };
            ({ items } = await this.interaction.waitFor(
                rpc(this.url, params, { silent: true })
            ));
        } catch {
            // What was typed is looked up by the server when the form is sent.
            return;
        }
        if (turn === this.turn && document.activeElement === this.input) {
            this.show(items);
        }
    }

    show(items) {
        this.items = items;
        this.marked = -1;
        this.input.removeAttribute("aria-activedescendant");
        this.list.replaceChildren(...items.map((item, place) => this.makeOption(item, place)));
        this.list.classList.toggle("d-none", !items.length);
        this.input.setAttribute("aria-expanded", String(Boolean(items.length)));
        this.status.textContent = items.length
            ? _t("%s names fit, choose with the arrow keys", items.length)
            : _t("No name fits");
    }

    makeOption(item, place) {
        const option = document.createElement("li");
        option.id = `${this.list.id}_${place}`;
        option.className = "o_spoc_suggestion list-group-item";
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.place = place;
        option.textContent = item.label;
        if (item.detail) {
            const detail = document.createElement("span");
            detail.className = "d-block small text-muted";
            detail.textContent = item.detail;
            option.append(detail);
        }
        return option;
    }

    mark(place) {
        const options = this.list.children;
        options[this.marked]?.setAttribute("aria-selected", "false");
        this.marked = (place + options.length) % options.length;
        const option = options[this.marked];
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({ block: "nearest" });
        this.input.setAttribute("aria-activedescendant", option.id);
    }

    pick(item) {
        this.close();
        if (this.onPick) {
            this.onPick(item);
            return;
        }
        this.hidden.value = item.id;
        this.input.value = item.label;
        this.status.textContent = _t("%s chosen", item.label);
        this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    close() {
        this.turn++;
        this.items = [];
        this.marked = -1;
        this.list.replaceChildren();
        this.list.classList.add("d-none");
        this.status.textContent = "";
        this.input.setAttribute("aria-expanded", "false");
        this.input.removeAttribute("aria-activedescendant");
    }

    onKeydown(ev) {
        if (ev.isComposing) {
            return;
        }
        if (ev.key === "ArrowDown" && !this.items.length) {
            this.fetch();
        } else if (ev.key === "ArrowDown") {
            this.mark(this.marked + 1);
        } else if (ev.key === "ArrowUp" && this.items.length) {
            this.mark(this.marked < 0 ? this.items.length - 1 : this.marked - 1);
        } else if (ev.key === "Enter" && this.items.length) {
            this.pick(this.items[Math.max(this.marked, 0)]);
        } else if (ev.key === "Escape" && this.items.length) {
            this.close();
        } else {
            return;
        }
        ev.preventDefault();
    }

    onClick(ev) {
        this.isTouched = false;
        const option = ev.target.closest("[role=option]");
        if (option) {
            this.pick(this.items[Number(option.dataset.place)]);
        }
    }

    onBlur() {
        if (this.isTouched) {
            // A finger rests on the list: its tap decides.
            return;
        }
        // A name written out in full counts as chosen.
        const text = this.input.value.trim().toLowerCase();
        const same = this.items.filter((item) => item.label.toLowerCase() === text);
        if (same.length === 1) {
            this.pick(same[0]);
        } else {
            this.close();
        }
    }
}
