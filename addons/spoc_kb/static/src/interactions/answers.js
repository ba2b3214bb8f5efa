import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { renderToElement } from "@web/core/utils/render";
import { Interaction } from "@web/public/interaction";

import { carryWords } from "./carried_words";

const DELAY = 450;
// How long answers have to stand below the field to count as shown.
const SEEN = 1500;
const SHORTEST = 3;
// In a form many short answers are no description of anything.
const SHORTEST_LINE = 10;
const TYPED = "textarea, input[type=text]";

/**
 * Answers below the field while a request is typed, before it is sent.
 *
 * Nothing is in the way: the form goes on as it is, the answers stand below the field
 * and are opened in place. "Yes" is counted and asks nothing more; "no" goes on with
 * what was typed. Without scripts, or without an answer from the server, the form is
 * what it was.
 */
export class SpocAnswers extends Interaction {
    static selector =
        "form.o_spoc_form[action$='/spoc/ask'], form.o_spoc_form[action*='/spoc/service/']";
    dynamicContent = {
        _root: {
            "t-on-input": this.onInput,
            "t-on-click": this.onClick,
        },
    };

    setup() {
        const [, service] = this.el.getAttribute("action").match(/service\/(\d+)/) || [];
        this.service = Number(service || 0);
        this.items = new Map();
        this.declined = new Set();
        this.noted = new Set();
        this.sent = Promise.resolve();
        this.asked = 0;
        this.field = null;
        this.settled = null;
        this.look = this.debounced(this.fetchAnswers, DELAY);
        this.see = this.debounced(this.noteShown, SEEN);
        this.panel = document.createElement("div");
        this.panel.className = "o_spoc_answers";
        // Kept apart from the list, so that it is there before it says anything.
        this.status = document.createElement("div");
        this.status.className = "visually-hidden";
        this.status.setAttribute("role", "status");
        this.insert(this.status, this.el);
        this.registerCleanup(() => this.panel.remove());
    }

    start() {
        const typed = this.el.querySelector("textarea[name=description]");
        // Words that came along from the search are words typed.
        if (typed?.value.trim().length >= SHORTEST) {
            this.field = typed;
            this.look();
        }
    }

    // ---- looking ----------------------------------------------------------------

    onInput(ev) {
        const field = ev.target;
        if (!field.matches(TYPED) || field.closest(".o_spoc_picker, .o_spoc_people")) {
            return;
        }
        if (this.settled) {
            return;
        }
        const line = this.service && field.matches("input");
        if (field.value.trim().length < (line ? SHORTEST_LINE : SHORTEST)) {
            this.asked++;
            if (field === this.field) {
                this.clear();
            }
            return;
        }
        this.field = field;
        this.look();
    }

    async fetchAnswers() {
        const { field } = this;
        const text = field.value;
        const turn = ++this.asked;
        let answer;
        try {
            answer = await this.waitFor(
                rpc("/spoc/answers", { text, service: this.service }, { silent: true })
            );
        } catch {
            // Answers are a help, not a need: the form works without.
            return;
        }
        if (turn === this.asked && !this.settled && field.isConnected) {
            this.show(answer.items);
        }
    }

    show(items) {
        const fresh = items
            .map((item) => ({ ...item, key: `${item.kind}-${item.id}` }))
            .filter((item) => !this.declined.has(item.key));
        const same =
            fresh.map((item) => item.key).join() === [...this.items.keys()].join();
        if (same && this.panel.isConnected && fresh.length) {
            return;
        }
        this.clear();
        if (!fresh.length) {
            return;
        }
        this.items = new Map(fresh.map((item) => [item.key, item]));
        this.place();
        this.renderAt(
            "spoc_kb.Answers",
            { items: fresh, titleId: "spoc_answers_offered" },
            this.panel
        );
        this.status.textContent =
            fresh.length === 1
                ? _t("1 answer below the field may help.")
                : _t("%s answers below the field may help.", fresh.length);
        this.see();
    }

    /** Below the field, within its question. */
    place() {
        const question = this.field.closest(".o_spoc_question") || this.field;
        if (question === this.field) {
            question.after(this.panel);
        } else {
            question.append(this.panel);
        }
    }

    clear() {
        this.items = new Map();
        this.panel.replaceChildren();
        this.status.textContent = "";
    }

    // ---- what becomes of it -----------------------------------------------------

    onClick(ev) {
        if (!this.panel.contains(ev.target)) {
            return;
        }
        const answer = ev.target.closest(".o_spoc_answer");
        if (answer) {
            this.open(this.items.get(answer.dataset.key), answer);
        } else if (ev.target.closest(".o_spoc_answers_hide")) {
            this.hide();
        } else if (ev.target.closest(".o_spoc_answers_undo")) {
            this.undo();
        }
    }

    /** Not now: none of these again, and the person goes on typing. */
    hide() {
        for (const key of this.items.keys()) {
            this.declined.add(key);
        }
        this.clear();
        this.field.focus();
    }

    open(item, opener) {
        this.note("read", item);
        const dialog = renderToElement("spoc_kb.AnswerDialog", {
            title: item.title,
            isArticle: item.kind === "article",
            url: `/spoc/service/${item.id}`,
        });
        // Outside of the form: what is in the dialog is none of its answers.
        this.insert(dialog, this.el.closest(".o_spoc_window") || document.body);
        let back = opener;
        const close = (to) => {
            back = to || back;
            dialog.close();
        };
        this.addListener(dialog, "close", () => {
            dialog.remove();
            back?.isConnected && back.focus();
        });
        this.addListener(dialog, "click", (ev) => {
            if (ev.target.closest(".o_spoc_answer_close") || ev.target === dialog) {
                close();
            } else if (ev.target.closest(".o_spoc_answer_yes")) {
                this.accept(item);
                close(this.panel.querySelector(".alert"));
            } else if (ev.target.closest(".o_spoc_answer_no")) {
                this.decline(item);
                close(this.field);
            } else if (ev.target.closest(".o_spoc_answer_take")) {
                carryWords(item.id, this.field.value);
            }
        });
        dialog.showModal();
        this.fill(dialog, item);
    }

    async fill(dialog, item) {
        const body = dialog.querySelector(".o_spoc_answer_body");
        try {
            const response = await this.waitFor(
                fetch(`/spoc/answers/${item.kind}/${item.id}`, {
                    credentials: "same-origin",
                })
            );
            // Led to the page in the reader's language is well, to sign in is not.
            if (!response.ok || response.url.includes("/web/login")) {
                throw new Error(response.statusText);
            }
            // Our own server's page: the words in it were sanitised there.
            body.innerHTML = await this.waitFor(response.text());
            body.querySelector(".o_spoc_answer_title")?.focus();
        } catch {
            body.firstElementChild.textContent = _t(
                "The answer could not be fetched. What you typed is still here."
            );
        }
    }

    /** It answers: counted as a request nobody has to work on. */
    accept(item) {
        this.note("deflected", item);
        this.settled = item;
        this.clear();
        this.say(
            _t("Thank you, we are glad it helped. Nothing was sent, and you need do nothing more."),
            "alert-success",
            true
        );
    }

    /** It does not: not offered again, and what was typed is still there. */
    decline(item) {
        this.note("declined", item);
        this.declined.add(item.key);
        const others = [...this.items.values()].filter((one) => one.key !== item.key);
        this.clear();
        if (others.length) {
            this.show(others);
        }
        this.status.textContent = _t("Go on: what you typed is still here.");
    }

    undo() {
        this.note("undone", this.settled);
        this.settled = null;
        this.clear();
        this.status.textContent = _t("Go on: what you typed is still here.");
        this.field.focus();
        this.look();
    }

    say(text, kind, undo) {
        this.place();
        this.renderAt("spoc_kb.AnswerSaid", { text, kind, undo }, this.panel);
        this.status.textContent = text;
    }

    // ---- counting ---------------------------------------------------------------

    noteShown() {
        const fresh = [...this.items.keys()].filter((key) => !this.noted.has(key));
        if (fresh.length) {
            this.send("shown", fresh);
        }
    }

    note(step, item) {
        this.send(step, [item.key]);
    }

    /** One after the other, so that they don't meet; also while the page is left. */
    send(step, keys) {
        const data = new FormData();
        data.append("csrf_token", odoo.csrf_token);
        data.append("step", step);
        data.append("asked", this.service);
        for (const kind of ["article", "service"]) {
            const ids = keys
                .filter((key) => key.startsWith(`${kind}-`))
                .map((key) => key.slice(kind.length + 1));
            data.append(`${kind}s`, ids.join());
        }
        for (const key of keys) {
            this.noted.add(key);
        }
        const options = { method: "POST", body: data, keepalive: true };
        const post = () => fetch("/spoc/answers/note", options);
        // A count that does not arrive is no concern of the person.
        this.sent = this.sent.then(post).catch(() => {});
    }
}

registry.category("public.interactions").add("spoc_kb.answers", SpocAnswers);
