import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";

import { judge, visibility } from "../forms/form_rules";
import { isBlankRow, makeRow, readAnswers, renumberRows } from "./form_fields";
import { removeFile, showFiles } from "./form_files";
import { getMessage } from "./form_messages";
import { SpocPeople } from "./form_people";
import { SpocPicker } from "./form_picker";
import { SpocSteps } from "./form_steps";

const MEGABYTE = 1024 * 1024;
// How long after a press its click may still come, on touch screens above all.
const PRESS = 300;
const INPUTS = "input:not([type=hidden]), textarea, select";

/**
 * A request form: asks only what applies, helps while filling in, and sends in the
 * background, so that a refusal by the server loses nothing, neither text nor files.
 *
 * The contract with the server stands at the template `form_questions`. Without
 * scripts the form shows all questions, is sent the plain way and comes back filled in.
 */
export class SpocForm extends Interaction {
    static selector = "form.o_spoc_form";
    dynamicContent = {
        _root: {
            "t-on-submit": this.onSubmit,
            "t-on-input": this.onInput,
            "t-on-change": this.onChange,
            "t-on-click": this.onClick,
            "t-on-pointerdown": this.onPress,
        },
        _window: { "t-on-pointerup": this.onRelease, "t-on-pointercancel": this.onRelease },
    };

    setup() {
        this.sending = false;
        this.pressing = false;
        this.held = null;
        this.definition = null;
    }

    start() {
        this.attach();
    }

    /** Take over the questions on the page; again after they were exchanged. */
    attach() {
        this.body = this.el.querySelector(".o_spoc_form_body");
        this.definition = this.body ? JSON.parse(this.body.dataset.form) : null;
        this.steps = this.body ? new SpocSteps(this.el, this.body) : null;
        if (!this.body) {
            return;
        }
        for (const note of this.body.querySelectorAll(".o_spoc_note")) {
            note.remove();
        }
        for (const rows of this.body.querySelectorAll(".o_spoc_rows")) {
            this.startRows(rows);
        }
        this.startPickers(this.body);
        const people = this.body.querySelector(".o_spoc_for_whom");
        this.people = people ? new SpocPeople(this, people, this.lookupUrl) : null;
        const faulty = this.body.querySelector(".is-invalid");
        if (faulty) {
            this.steps.goTo(faulty);
        }
        this.refresh();
    }

    get lookupUrl() {
        return this.body.dataset.lookup;
    }

    startPickers(element) {
        for (const holder of element.querySelectorAll("[data-question] > .o_spoc_picker")) {
            new SpocPicker(this, holder, { url: this.lookupUrl });
        }
    }

    // ---- what is asked ----------------------------------------------------------

    /** Show what the answers so far ask for. */
    refresh() {
        if (!this.definition) {
            return;
        }
        const asked = visibility(
            this.definition,
            readAnswers(this.el, this.definition),
            this.definition.person
        );
        const hidden = new Set(asked.hidden.map(String));
        const required = new Set(asked.required.map(String));
        for (const question of this.body.querySelectorAll("[data-question]")) {
            const key = question.dataset.question;
            if (question.classList.contains("o_spoc_step") || key === "for_whom") {
                continue;
            }
            question.classList.toggle("d-none", hidden.has(key));
            this.setRequired(question, required.has(key));
            if (key in asked.options) {
                this.setOffered(question, new Set(asked.options[key].map(String)));
            }
        }
        this.steps.update(hidden);
    }

    setRequired(question, required) {
        const mark = question.querySelector(
            ":scope > label > .o_spoc_required, :scope > legend > .o_spoc_required"
        );
        mark?.classList.toggle("d-none", !required);
        if (question.matches("fieldset")) {
            return;
        }
        for (const input of question.querySelectorAll(INPUTS)) {
            input.required = required;
        }
    }

    /** Offer only the choices that go with the other answers. */
    setOffered(question, offered) {
        for (const option of question.querySelectorAll("option")) {
            const fits = !option.value || offered.has(option.value);
            option.hidden = option.disabled = !fits;
            if (!fits && option.selected) {
                option.closest("select").value = "";
            }
        }
        for (const input of question.querySelectorAll(".o_spoc_option input")) {
            const fits = !input.value || offered.has(input.value);
            input.closest(".o_spoc_option").classList.toggle("d-none", !fits);
            input.disabled = !fits;
            input.checked = fits && input.checked;
        }
    }

    // ---- rows -------------------------------------------------------------------

    startRows(rows) {
        const question = rows.closest(".o_spoc_question");
        for (const row of rows.querySelectorAll(":scope > .o_spoc_row")) {
            if (isBlankRow(row)) {
                row.remove();
            }
        }
        const { min_rows: least = 0 } = this.getQuestion(question) || {};
        while (rows.children.length < Math.max(least, 1)) {
            rows.append(makeRow(question));
        }
        this.countRows(rows);
    }

    getQuestion(element) {
        return this.definition.questions.find(
            (question) => String(question.id) === element.dataset.question
        );
    }

    countRows(rows) {
        renumberRows(rows);
        const question = rows.closest(".o_spoc_question");
        const full = rows.children.length >= Number(rows.dataset.maxRows);
        question
            .querySelector(":scope > .o_spoc_add_row")
            .classList.toggle("d-none", full);
        for (const button of rows.querySelectorAll(".o_spoc_remove_row")) {
            button.classList.toggle("d-none", rows.children.length < 2);
        }
    }

    addRow(button) {
        const question = button.closest(".o_spoc_question");
        const rows = question.querySelector(":scope > .o_spoc_rows");
        const row = makeRow(question);
        rows.append(row);
        this.countRows(rows);
        this.startPickers(row);
        this.refresh();
        row.querySelector(INPUTS)?.focus();
    }

    removeRow(button) {
        const row = button.closest(".o_spoc_row");
        const rows = row.parentElement;
        const next = row.nextElementSibling || row.previousElementSibling;
        row.remove();
        this.countRows(rows);
        this.refresh();
        next?.querySelector("legend").focus();
    }

    // ---- while filling in -------------------------------------------------------

    onInput() {
        this.refresh();
    }

    onChange(ev) {
        this.refresh();
        const question = ev.target.closest(".o_spoc_question");
        if (!question) {
            return;
        }
        if (ev.target.type === "file") {
            showFiles(ev.target);
        }
        if (this.pressing) {
            this.held = question;
        } else {
            this.tell(question);
        }
    }

    /** Say what is wrong with a question just answered. */
    tell(question) {
        const error = this.getErrors()[question.dataset.question];
        // What is still missing is told when going on, not while filling in.
        this.setError(question, error?.[0] === "required" ? "" : this.word(error));
    }

    /**
     * A button is pressed, and a field left by that: its message has to wait, or it
     * would push the button from under the pointer and the click would be lost.
     */
    onPress(ev) {
        this.pressing = Boolean(ev.target.closest("button"));
    }

    onRelease() {
        if (this.pressing) {
            this.waitForTimeout(this.endPress, PRESS);
        }
    }

    endPress() {
        const question = this.held;
        this.pressing = false;
        this.held = null;
        if (question?.isConnected) {
            this.tell(question);
        }
    }

    onClick(ev) {
        this.endPress();
        const button = ev.target.closest("button");
        if (!button || button.type === "submit") {
            return;
        }
        if (button.matches(".o_spoc_add_row")) {
            this.addRow(button);
        } else if (button.matches(".o_spoc_remove_row")) {
            this.removeRow(button);
        } else if (button.matches(".o_spoc_remove_file")) {
            const input = button.closest(".o_spoc_question").querySelector("[type=file]");
            removeFile(input, Number(button.dataset.place));
            input.focus();
        } else if (button.matches(".o_spoc_back")) {
            this.steps.go(-1);
        } else if (button.matches(".o_spoc_next")) {
            this.goOn();
        }
    }

    /** Next step, once this one is answered. */
    goOn() {
        const errors = this.getErrors();
        const here = this.steps.current.querySelectorAll("[data-question]");
        const faults = {};
        for (const question of here) {
            const key = question.dataset.question;
            if (key in errors) {
                faults[key] = this.word(errors[key]);
            }
        }
        if (Object.keys(faults).length) {
            this.showErrors(faults);
            return;
        }
        this.hideErrors();
        this.steps.go(1);
    }

    // ---- sending ----------------------------------------------------------------

    async onSubmit(ev) {
        ev.preventDefault();
        if (this.sending) {
            return;
        }
        if (this.steps && !this.steps.isLast) {
            this.goOn();
            return;
        }
        const worded = this.getUnchosen();
        for (const [key, error] of Object.entries(this.getErrors())) {
            worded[key] = this.word(error);
        }
        if (Object.keys(worded).length) {
            this.showErrors(worded);
            return;
        }
        this.setSending(true);
        const answer = await this.waitFor(this.send(ev.submitter));
        if (answer.redirect) {
            // Stay disabled: the page is about to go.
            this.leave(answer.redirect);
            return;
        }
        this.setSending(false);
        if (answer.message) {
            this.hideErrors();
            this.showMessage(answer.message);
            return;
        }
        if (answer.html) {
            this.exchange(answer.html);
        }
        this.showErrors(answer.errors || { _form: _t("Something went wrong.") });
    }

    /** Post the form; any failure becomes an error to show. */
    async send(submitter) {
        const failed = _t(
            "Your request was not sent. Nothing you entered is lost: please try again."
        );
        try {
            const response = await fetch(this.el.action, {
                method: "POST",
                body: new FormData(this.el, submitter),
                headers: { "X-Requested-With": "spoc" },
                credentials: "same-origin",
            });
            const type = response.headers.get("Content-Type") || "";
            if (response.ok && type.includes("json")) {
                return await response.json();
            }
            if (response.status === 413) {
                return { errors: { _form: _t("The files are too big to be sent.") } };
            }
            if (response.redirected || response.status === 400) {
                // The session ended meanwhile, and with it the form's token.
                return {
                    errors: {
                        _form: _t(
                            "You have been signed out. Sign in again in another tab, copy your text over, and send it from there."
                        ),
                    },
                };
            }
        } catch {
            // No network: say so below.
        }
        return { errors: { _form: failed } };
    }

    leave(url) {
        window.location.assign(url);
    }

    setSending(sending) {
        this.sending = sending;
        this.el.setAttribute("aria-busy", String(sending));
        for (const button of this.el.querySelectorAll("[type=submit]")) {
            button.disabled = sending;
        }
    }

    /** Put the questions as they are now in place of those of the page opened. */
    exchange(html) {
        const holder = document.createElement("div");
        holder.innerHTML = html;
        const body = holder.querySelector(".o_spoc_form_body");
        // The server cannot give chosen files back, so their fields move over.
        for (const input of body.querySelectorAll("input[type=file]")) {
            const old = this.body.querySelector(`#${input.id}`);
            if (old?.files?.length) {
                input.replaceWith(old);
            }
        }
        this.body.replaceWith(body);
        this.attach();
        for (const input of body.querySelectorAll("input[type=file]")) {
            showFiles(input);
        }
    }

    // ---- what is wrong ----------------------------------------------------------

    /** Faults the browser can see: key to `[code, params]`. */
    getErrors() {
        if (this.definition?.questions.length) {
            const answers = readAnswers(this.el, this.definition);
            return judge(this.definition, answers, this.definition.person).errors;
        }
        const errors = {};
        for (const input of this.el.querySelectorAll("input[type=file]")) {
            const error = this.getFileError(input);
            if (error) {
                errors[input.closest(".o_spoc_question").dataset.question] = error;
            }
        }
        return errors;
    }

    /** What has to be chosen outside a form's definition: key to message. */
    getUnchosen() {
        const errors = {};
        for (const group of this.el.querySelectorAll("[data-choose]")) {
            if (!group.querySelector("input:checked")) {
                errors[group.dataset.question] = group.dataset.choose;
            }
        }
        return errors;
    }

    word(error) {
        return error ? getMessage(error) : "";
    }

    /** For fields of files outside a form's definition. */
    getFileError(input) {
        const files = [...input.files];
        const limit = Number(input.dataset.maxFiles) || Infinity;
        const megabytes = Number(input.dataset.maxMb) || Infinity;
        if (files.length > limit) {
            return ["too_many_files", { limit, count: files.length }];
        }
        const big = files.find((file) => file.size > megabytes * MEGABYTE);
        return big && ["file_too_big", { name: big.name, limit: megabytes }];
    }

    showErrors(errors) {
        this.held = null;
        let first = null;
        for (const question of this.el.querySelectorAll(".o_spoc_question")) {
            const error = errors[question.dataset.question] || "";
            this.setError(question, error);
            first = first || (error && question.querySelector(INPUTS));
        }
        this.showMessage("");
        const summary = this.el.querySelector(".o_spoc_form_error");
        if (summary) {
            summary.textContent =
                errors._form || _t("Please look at the answers marked below.");
            summary.classList.remove("d-none");
        }
        if (first) {
            this.steps?.goTo(first);
        }
        (errors._form ? summary || first : first || summary)?.focus();
    }

    hideErrors() {
        this.held = null;
        for (const question of this.el.querySelectorAll(".o_spoc_question")) {
            this.setError(question, "");
        }
        this.el.querySelector(".o_spoc_form_error")?.classList.add("d-none");
    }

    showMessage(text) {
        const message = this.el.querySelector(".o_spoc_form_message");
        if (message) {
            message.textContent = text;
            message.classList.toggle("d-none", !text);
            if (text) {
                message.focus();
            }
        }
    }

    setError(question, error) {
        const holder = question.querySelector(":scope > .o_spoc_error");
        if (!holder) {
            return;
        }
        holder.textContent = error;
        holder.classList.toggle("d-none", !error);
        for (const input of question.querySelectorAll(INPUTS)) {
            if (input.closest(".o_spoc_question") !== question) {
                continue;
            }
            input.classList.toggle("is-invalid", Boolean(error));
            if (error) {
                input.setAttribute("aria-invalid", "true");
            } else {
                input.removeAttribute("aria-invalid");
            }
        }
    }
}

registry.category("public.interactions").add("spoc_catalog.form", SpocForm);
