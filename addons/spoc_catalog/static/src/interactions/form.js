import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";

const MEGABYTE = 1024 * 1024;

/**
 * Sends a request form in the background, so that a refusal by the server loses
 * nothing: neither text nor the files chosen.
 *
 * The server answers a POST with the header `X-Requested-With: spoc` with
 * `{"redirect": url}` or `{"errors": {"<question id>": message, "_form": message}}`.
 * Without scripts the form is sent the plain way and comes back filled in.
 */
export class SpocForm extends Interaction {
    static selector = "form.o_spoc_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        "input, textarea, select": { "t-on-change": this.onChange },
    };

    setup() {
        this.sending = false;
    }

    onChange(ev) {
        const question = ev.target.closest(".o_spoc_question");
        if (question) {
            const file = ev.target.type === "file";
            this.setError(question, file ? this.getFileError(ev.target) : "");
        }
    }

    async onSubmit(ev) {
        ev.preventDefault();
        if (this.sending) {
            return;
        }
        const errors = this.getFileErrors();
        if (Object.keys(errors).length) {
            this.showErrors(errors);
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

    getFileErrors() {
        const errors = {};
        for (const input of this.el.querySelectorAll("input[type=file]")) {
            const error = this.getFileError(input);
            if (error) {
                errors[input.closest(".o_spoc_question").dataset.question] = error;
            }
        }
        return errors;
    }

    getFileError(input) {
        const files = [...input.files];
        const most = Number(input.dataset.maxFiles) || Infinity;
        const megabytes = Number(input.dataset.maxMb) || Infinity;
        if (files.length > most) {
            return _t("Please attach no more than %(limit)s files, there are %(count)s.", {
                limit: most,
                count: files.length,
            });
        }
        const big = files.find((file) => file.size > megabytes * MEGABYTE);
        if (big) {
            return _t("%(name)s is too big, a file may have up to %(limit)s MB.", {
                name: big.name,
                limit: megabytes,
            });
        }
        return "";
    }

    showErrors(errors) {
        let first = null;
        for (const question of this.el.querySelectorAll(".o_spoc_question")) {
            const error = errors[question.dataset.question] || "";
            this.setError(question, error);
            first = first || (error && question.querySelector("input, textarea, select"));
        }
        const summary = this.el.querySelector(".o_spoc_form_error");
        if (summary) {
            summary.textContent =
                errors._form || _t("Please look at the answers marked below.");
            summary.classList.remove("d-none");
        }
        (errors._form ? summary || first : first || summary)?.focus();
    }

    setError(question, error) {
        const holder = question.querySelector(".o_spoc_error");
        holder.textContent = error;
        holder.classList.toggle("d-none", !error);
        for (const input of question.querySelectorAll("input, textarea, select")) {
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
