/**
 * Reads a request form as it stands on the page, and keeps its rows in order.
 *
 * Inputs are called `q_12`, parts of a range `q_12_from`, those in the first row of a
 * table `q_12_0_13`.
 */

const RECORDS = new Set(["person", "department", "location", "record"]);

/** Answers as `form_rules` takes them: question id to raw value. */
export function readAnswers(form, definition) {
    const data = new FormData(form);
    const answers = {};
    for (const question of definition.questions) {
        const name = `q_${question.id}`;
        if (question.type === "rows") {
            const rows = [...getRows(form, question.id)];
            answers[question.id] = rows.map((row, place) => {
                const cells = {};
                for (const child of question.questions) {
                    cells[child.id] = readOne(data, child, `${name}_${place}_${child.id}`);
                }
                return cells;
            });
        } else {
            answers[question.id] = readOne(data, question, name);
        }
    }
    return answers;
}

function readOne(data, question, name) {
    if (question.type === "file") {
        return data
            .getAll(name)
            .filter((file) => file.name)
            .map((file) => ({ name: file.name, size: file.size }));
    }
    if (question.type === "multi_choice") {
        return data.getAll(name);
    }
    if (question.type === "date_range") {
        return { from: data.get(`${name}_from`), to: data.get(`${name}_to`) };
    }
    if (RECORDS.has(question.type)) {
        // Text that was not picked from the list yet is no record.
        return data.get(name) || data.get(`${name}_text`);
    }
    return data.get(name);
}

function getRows(form, questionId) {
    const holder = form.querySelector(`[data-question="${questionId}"] > .o_spoc_rows`);
    return holder ? holder.querySelectorAll(":scope > .o_spoc_row") : [];
}

// ---- rows -----------------------------------------------------------------------

const NUMBERED = ["id", "name", "for", "aria-describedby", "data-question"];

/** Give each row its place, in what is shown and in the names of its inputs. */
export function renumberRows(holder) {
    const rows = holder.querySelectorAll(":scope > .o_spoc_row");
    rows.forEach((row, place) => {
        row.querySelector(".o_spoc_row_number").textContent = place + 1;
        for (const element of row.querySelectorAll("*")) {
            for (const attribute of NUMBERED) {
                const value = element.getAttribute(attribute);
                if (value) {
                    element.setAttribute(attribute, renumber(value, place));
                }
            }
        }
    });
}

function renumber(value, place) {
    return value
        .replace(/\bq_(\d+)_(?:\d+|__row__)_/g, `q_$1_${place}_`)
        .replace(/^(\d+):(?:\d+|__row__):/, `$1:${place}:`);
}

/** Whether nothing was filled in. */
export function isBlankRow(row) {
    return [...row.querySelectorAll("input, textarea, select")].every((input) =>
        ["radio", "checkbox"].includes(input.type)
            ? !input.checked || !input.value
            : (input.type === "hidden" && input.name.endsWith("_row")) || !input.value
    );
}

/** A row to fill in, not yet numbered. */
export function makeRow(question) {
    const template = question.querySelector(":scope > .o_spoc_new_row");
    return template.content.firstElementChild.cloneNode(true);
}
