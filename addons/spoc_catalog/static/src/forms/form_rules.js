/**
 * Judges the answers to a request form, in the browser.
 *
 * Twin of `form_rules.py`, which describes the form, the answers and the codes; the
 * server judges again, so this one only helps. A file is `{name, size}`. Records are
 * taken as they come, unless `allowed` is given.
 */

import { Sheet, TYPES, usableQuestions } from "./form_sheet";
import { isDict } from "./form_text";

/**
 * Check the answers against the form.
 *
 * @param {Object} form compiled form
 * @param {Object} answers question id to raw value
 * @param {Object} [person] what the directory says about the person who asks
 * @param {Object} [allowed] question id to the ids that may be named in it
 * @returns {{values: Object, errors: Object, hidden: Array, ok: boolean}} clean values
 *     by question id; `[code, params]` by question id or key in rows; what is not asked
 */
export function judge(form, answers, person = null, allowed = null) {
    const sheet = fill(form, answers, person, allowed);
    const errors = sheet.getErrors();
    return {
        values: sheet.byId(sheet.values),
        errors,
        hidden: sheet.hidden,
        ok: !Object.keys(errors).length,
    };
}

/**
 * What is asked, offered and required after the answers given so far.
 *
 * @returns {{hidden: Array, options: Object, required: Array}} ids and keys in rows;
 *     ids of the options offered by visible choice
 */
export function visibility(form, answers, person = null) {
    const sheet = fill(form, answers, person, null);
    return { hidden: sheet.hidden, options: sheet.offered, required: sheet.required };
}

function fill(form, answers, person, allowed) {
    const questions = usableQuestions(form, TYPES);
    const sheet = new Sheet(questions, isDict(answers) ? answers : {}, person, allowed);
    sheet.fill();
    return sheet;
}
