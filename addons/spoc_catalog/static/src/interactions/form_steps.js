import { _t } from "@web/core/l10n/translation";

/** Shows a long form step by step. A form of one step is left as it is. */
export class SpocSteps {
    /**
     * @param {HTMLFormElement} form
     * @param {HTMLElement} body the element with the steps
     */
    constructor(form, body) {
        this.form = form;
        this.body = body;
        this.steps = [...body.querySelectorAll(":scope > .o_spoc_step")];
        this.current = this.steps[0];
        this.hidden = new Set();
    }

    /** Steps in which something is asked at the moment. */
    get asked() {
        return this.steps.filter(
            (step) => step === this.current || !this.hidden.has(step)
        );
    }

    get isLast() {
        const asked = this.asked;
        return !asked.length || asked.at(-1) === this.current;
    }

    /** Take notice of what is asked now; `keys` are the questions hidden. */
    update(keys) {
        this.hidden = new Set(
            this.steps.filter((step) => {
                const questions = [...step.querySelectorAll(":scope > .o_spoc_question")];
                return (
                    keys.has(step.dataset.question) ||
                    questions.every((question) => question.classList.contains("d-none"))
                );
            })
        );
        this.render();
    }

    render() {
        const asked = this.asked;
        const several = asked.length > 1;
        for (const step of this.steps) {
            step.classList.toggle("d-none", several && step !== this.current);
            if (!several) {
                step.classList.toggle("d-none", !asked.includes(step));
            }
        }
        const number = asked.indexOf(this.current) + 1;
        this.toggle(".o_spoc_progress", several);
        this.toggle(".o_spoc_step_buttons", several);
        this.toggle(".o_spoc_back", number > 1);
        this.toggle(".o_spoc_next", !this.isLast);
        for (const end of this.form.querySelectorAll(".o_spoc_form_end")) {
            end.classList.toggle("d-none", several && !this.isLast);
        }
        if (several) {
            this.body.querySelector(".o_spoc_progress_text").textContent = _t(
                "Step %(number)s of %(count)s",
                { number, count: asked.length }
            );
            this.body.querySelector(".progress-bar").style.width =
                `${(100 * number) / asked.length}%`;
        }
    }

    toggle(selector, shown) {
        this.body.querySelector(selector)?.classList.toggle("d-none", !shown);
    }

    /** Go some steps on, or back, and put the focus at the beginning of the step. */
    go(distance) {
        const asked = this.asked;
        const next = asked[asked.indexOf(this.current) + distance];
        if (next) {
            this.current = next;
            this.render();
            const start =
                next.querySelector(".o_spoc_step_title") ||
                next.querySelector("input:not([type=hidden]), textarea, select");
            start?.focus();
        }
    }

    /** Show the step in which an element is; what is below all steps is in the last. */
    goTo(element) {
        const step = element.closest(".o_spoc_step") || this.asked.at(-1);
        if (step) {
            this.current = step;
            this.render();
        }
    }
}
