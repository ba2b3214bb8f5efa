/**
 * Fills a request form in the order of its conditions. Twin of `form_sheet.py`.
 */

import { holds, leaves, PERSON, personValue, UNKNOWN } from "./form_conditions";
import { Fault, getOwn, isBlank, isDict, keyOf, readCount } from "./form_text";
import {
    CHOICE_TYPES,
    clean,
    NUMBER_TYPES,
    optionsOf,
    RECORD_TYPES,
    ROWS_LIMIT,
    SILENT_TYPES,
    TEXT_TYPES,
} from "./form_values";

export const ROW_TYPES = new Set([
    ...TEXT_TYPES,
    ...NUMBER_TYPES,
    ...CHOICE_TYPES,
    ...RECORD_TYPES,
    "boolean",
    "date",
    "datetime",
    "date_range",
]);
export const TYPES = new Set([...ROW_TYPES, ...SILENT_TYPES, "file", "rows"]);
export const ROWS_SENT_LIMIT = 2 * ROWS_LIMIT;

/** Keys in an order in which each comes after what it needs; circles are cut. */
export function evaluationOrder(needs) {
    const order = [];
    const seen = new Set();
    for (const start of needs.keys()) {
        if (seen.has(start)) {
            continue;
        }
        seen.add(start);
        const path = [{ key: start, at: 0 }];
        while (path.length) {
            const place = path[path.length - 1];
            const wanted = needs.get(place.key);
            let next = null;
            while (place.at < wanted.length && next === null) {
                const key = wanted[place.at++];
                next = needs.has(key) && !seen.has(key) ? key : null;
            }
            if (next === null) {
                order.push(place.key);
                path.pop();
            } else {
                seen.add(next);
                path.push({ key: next, at: 0 });
            }
        }
    }
    return order;
}

/** Key of a question to the step it belongs to, if any; steps belong to none. */
function stepsOf(questions) {
    const steps = new Map();
    let step = null;
    for (const question of questions) {
        if (question.type === "step") {
            step = question;
        } else if (step) {
            steps.set(keyOf(question.id), step);
        }
    }
    return steps;
}

/** All conditions that decide what a question may be answered. */
function questionConditions(question, withRequired = false) {
    const conditions = [getOwn(question, "show_if")];
    conditions.push(...optionsOf(question).map((option) => getOwn(option, "show_if")));
    if (withRequired) {
        conditions.push(getOwn(question, "required_if"));
    }
    if (question.type === "rows") {
        for (const sub of usableQuestions(question, ROW_TYPES)) {
            conditions.push(...questionConditions(sub, true));
        }
    }
    return conditions;
}

/** Questions of a form or of rows that can be asked, each id once. */
export function usableQuestions(part, types) {
    const questions = new Map();
    const given = getOwn(part, "questions");
    for (const question of Array.isArray(given) ? given : []) {
        const key = keyOf(getOwn(question, "id"));
        if (key && types.has(getOwn(question, "type")) && !questions.has(key)) {
            questions.set(key, question);
        }
    }
    return [...questions.values()];
}

/** Questions with their answers: a whole form, or one row within. */
export class Sheet {
    constructor(questions, given, person, allowed, parent = null, prefix = "") {
        this.questions = new Map(questions.map((question) => [keyOf(question.id), question]));
        this.steps = stepsOf(questions);
        this.given = given;
        this.person = person;
        this.allowed = allowed;
        this.parent = parent;
        this.prefix = prefix;
        this.values = new Map();
        this.faults = new Map();
        this.rowFaults = new Map();
        this.rowNotes = new Map();
        this.silent = new Set();
        this.offers = new Map();
        this.hidden = [];
        this.offered = {};
        this.required = [];
    }

    // ---- in the order of the conditions ----

    fill() {
        const needs = new Map();
        for (const [key, question] of this.questions) {
            const wanted = questionConditions(question)
                .flatMap((condition) => leaves(condition))
                .map((leaf) => keyOf(getOwn(leaf, "question")));
            if (this.steps.has(key)) {
                wanted.unshift(keyOf(this.steps.get(key).id));
            }
            needs.set(key, wanted);
        }
        for (const key of evaluationOrder(needs)) {
            this.fillOne(key, this.questions.get(key));
        }
        for (const [key, question] of this.questions) {
            this.note(key, question);
        }
    }

    fillOne(key, question) {
        const step = this.steps.get(key);
        let shown = !step || !this.silent.has(keyOf(step.id));
        if (shown && CHOICE_TYPES.has(question.type)) {
            const offers = optionsOf(question).filter((option) =>
                this.holds(getOwn(option, "show_if"))
            );
            this.offers.set(key, offers);
            shown = offers.length > 0;
        }
        if (!(shown && this.holds(getOwn(question, "show_if")))) {
            this.silent.add(key);
        } else if (!SILENT_TYPES.has(question.type)) {
            try {
                const value = this.clean(key, question);
                if (value !== null && !this.rowFaults.get(key)?.length) {
                    this.values.set(key, value);
                }
            } catch (error) {
                if (!(error instanceof Fault)) {
                    throw error;
                }
                this.faults.set(key, error);
            }
        }
    }

    holds(condition) {
        return holds(condition, (leaf) => this.read(leaf));
    }

    /** Type and value of what a condition names. */
    read(leaf) {
        if (!Object.hasOwn(leaf, "question")) {
            return [PERSON, personValue(this.person, leaf.person)];
        }
        const key = keyOf(leaf.question);
        if (this.questions.has(key)) {
            return [this.questions.get(key).type, this.values.get(key) ?? null];
        }
        return this.parent ? this.parent.read(leaf) : [UNKNOWN, null];
    }

    clean(key, question) {
        const raw = getOwn(this.given, key);
        if (question.type === "rows") {
            return this.cleanRows(key, question, raw);
        }
        const allowed = this.allowed === null ? null : getOwn(this.allowed, key) || [];
        return clean(question, raw, this.offers.get(key) || [], allowed);
    }

    cleanRows(key, question, raw) {
        if (isBlank(raw)) {
            return null;
        }
        if (!Array.isArray(raw)) {
            throw new Fault("not_rows");
        }
        const limit = Math.min(readCount(question, "max_rows") || ROWS_LIMIT, ROWS_LIMIT);
        if (raw.length > ROWS_SENT_LIMIT) {
            throw new Fault("too_many_rows", { limit, count: raw.length });
        }
        if (!raw.every((row) => isDict(row) || isBlank(row))) {
            throw new Fault("not_rows");
        }
        const sheets = raw.map((row, place) => this.fillRow(`${key}:${place}:`, question, row));
        this.rowNotes.set(key, sheets);
        const filled = sheets.filter((sheet) => sheet.isAnswered());
        this.rowFaults.set(
            key,
            filled.flatMap((sheet) => Object.entries(sheet.getErrors()))
        );
        const least = readCount(question, "min_rows");
        const count = filled.length;
        if (count > limit) {
            throw new Fault("too_many_rows", { limit, count });
        }
        if (count && count < least) {
            throw new Fault("too_few_rows", { limit: least, count });
        }
        return count ? filled.map((sheet) => sheet.byId(sheet.values)) : null;
    }

    fillRow(prefix, question, row) {
        const questions = usableQuestions(question, ROW_TYPES);
        const sheet = new Sheet(questions, row, this.person, this.allowed, this, prefix);
        sheet.fill();
        return sheet;
    }

    // ---- in the order of the form ----

    /** Keep what is told about a question, now that all answers are known. */
    note(key, question) {
        const name = this.name(key);
        if (this.silent.has(key)) {
            this.hidden.push(name);
            return;
        }
        if (this.offers.has(key)) {
            this.offered[name] = this.offers.get(key).map((option) => option.id);
        }
        const condition = getOwn(question, "required_if") ?? null;
        const required =
            getOwn(question, "required") || (condition !== null && this.holds(condition));
        if (required && !SILENT_TYPES.has(question.type)) {
            this.required.push(name);
            const told = this.faults.has(key) || this.rowFaults.get(key)?.length;
            if (!this.values.has(key) && !told) {
                this.faults.set(key, new Fault("required"));
            }
        }
        for (const sheet of this.rowNotes.get(key) || []) {
            this.hidden.push(...sheet.hidden);
            Object.assign(this.offered, sheet.offered);
            this.required.push(...sheet.required);
        }
    }

    /** Key under which the caller is told about a question. */
    name(key) {
        return this.prefix ? this.prefix + key : this.questions.get(key).id;
    }

    /** Whether anything was answered, be it wrongly. */
    isAnswered() {
        const faults = [...this.faults.values()];
        return this.values.size > 0 || faults.some((fault) => fault.code !== "required");
    }

    /** Values by the ids of the form. */
    byId(values) {
        const result = {};
        for (const [key, question] of this.questions) {
            if (values.has(key)) {
                result[question.id] = values.get(key);
            }
        }
        return result;
    }

    /** Faults as the verdict tells them. */
    getErrors() {
        const errors = {};
        for (const key of this.questions.keys()) {
            const fault = this.faults.get(key);
            if (fault) {
                errors[this.name(key)] = [fault.code, fault.params];
            }
            for (const [name, told] of this.rowFaults.get(key) || []) {
                errors[name] = told;
            }
        }
        return errors;
    }
}
