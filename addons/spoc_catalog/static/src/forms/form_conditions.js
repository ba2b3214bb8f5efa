/**
 * Conditions of request forms: does this hold, given what was answered?
 *
 * Twin of `form_conditions.py`, which says what each operator means.
 */

import { cleanLine, fold, getOwn, isBlank, isDict, keyOf } from "./form_text";
import {
    CHOICE_TYPES,
    NUMBER_TYPES,
    numberOrNull,
    readBoolean,
    readDay,
    readMoment,
    RECORD_TYPES,
    scaled,
    TEXT_TYPES,
} from "./form_values";

const DEPTH_LIMIT = 20;
export const PERSON = "_person";
export const UNKNOWN = "_unknown";

/**
 * Whether a condition holds. No condition always does, a broken one never.
 *
 * @param {Object} [condition]
 * @param {Function} read leaf to `[type, clean value or null]`
 */
export function holds(condition, read, depth = 0) {
    if (condition === undefined || condition === null) {
        return true;
    }
    if (!isDict(condition) || depth > DEPTH_LIMIT) {
        return false;
    }
    for (const group of ["all", "any"]) {
        if (Object.hasOwn(condition, group)) {
            const parts = condition[group];
            if (!Array.isArray(parts)) {
                return false;
            }
            const test = (part) => holds(part, read, depth + 1);
            return !parts.length || (group === "all" ? parts.every(test) : parts.some(test));
        }
    }
    if (!Object.hasOwn(condition, "question") && !Object.hasOwn(condition, "person")) {
        return false;
    }
    const [kind, value] = read(condition);
    return compare(kind, value, getOwn(condition, "op"), getOwn(condition, "value"));
}

/** All comparisons of a condition, in order. */
export function leaves(condition, depth = 0) {
    if (!isDict(condition) || depth > DEPTH_LIMIT) {
        return [];
    }
    for (const group of ["all", "any"]) {
        if (Object.hasOwn(condition, group)) {
            const parts = condition[group];
            return (Array.isArray(parts) ? parts : []).flatMap((part) =>
                leaves(part, depth + 1)
            );
        }
    }
    return [condition];
}

/** What the directory says about a person; nothing and "no record" are one. */
export function personValue(person, field) {
    const value = typeof field === "string" ? getOwn(person, field) : undefined;
    const nothing = value === undefined || value === null || value === "";
    return nothing || (Array.isArray(value) && !value.length) ? null : value;
}

/** Whether one answer is as wanted. */
export function compare(kind, value, op, wanted) {
    switch (op) {
        case "answered":
            return value !== null && !(kind === PERSON && value === false);
        case "not_answered":
            return !compare(kind, value, "answered", wanted);
        case "is":
        case "in":
            return isOneOf(kind, value, wanted);
        case "is_not":
        case "not_in":
            return !isOneOf(kind, value, wanted);
    }
    if (value === null) {
        return false;
    }
    if (op === "contains") {
        return contains(kind, value, wanted);
    }
    return ["gt", "ge", "lt", "le"].includes(op) && isOrdered(kind, value, op, wanted);
}

function isOneOf(kind, value, wanted) {
    if (value === null) {
        return false;
    }
    const many = Array.isArray(wanted) ? wanted : [wanted];
    return many.some((one) => equals(kind, value, one));
}

function equals(kind, value, wanted) {
    if (Array.isArray(value)) {
        const usable = kind === PERSON || kind === "multi_choice";
        return usable && value.some((one) => equals(kind, one, wanted));
    }
    if (kind === PERSON) {
        kind = kindOf(value);
    }
    if (TEXT_TYPES.has(kind)) {
        return fold(cleanLine(value)) === fold(wantedText(wanted));
    }
    if (NUMBER_TYPES.has(kind)) {
        const number = numberOrNull(wanted);
        return number !== null && number === numberOrNull(value);
    }
    if (kind === "boolean") {
        return readBoolean(wanted) === value;
    }
    if (CHOICE_TYPES.has(kind) || RECORD_TYPES.has(kind)) {
        return keyOf(value) !== null && keyOf(value) === keyOf(wanted);
    }
    if (kind === "date") {
        return value === readDay(wanted);
    }
    if (kind === "datetime") {
        return value === readMoment(wanted) || value.slice(0, 10) === readDay(wanted);
    }
    if (kind === "date_range") {
        return value.from === value.to && value.to === readDay(wanted);
    }
    return false;
}

/** Type of a value from the directory. */
function kindOf(value) {
    return { boolean: "boolean", number: "decimal", string: "text" }[typeof value] || UNKNOWN;
}

/** What was entered in a condition, as one line. */
function wantedText(wanted) {
    return keyOf(wanted) || "";
}

function contains(kind, value, wanted) {
    if (kind === "multi_choice" || Array.isArray(value)) {
        return isOneOf(kind, value, wanted);
    }
    if (!TEXT_TYPES.has(kind) && !(kind === PERSON && typeof value === "string")) {
        return false;
    }
    const text = fold(cleanLine(value));
    return (Array.isArray(wanted) ? wanted : [wanted])
        .filter((one) => !isBlank(one))
        .map((one) => fold(wantedText(one)))
        .some((piece) => piece && text.includes(piece));
}

function isOrdered(kind, value, op, wanted) {
    if (kind === PERSON) {
        const day = readDay(value);
        [kind, value] = day ? ["date", day] : [kindOf(value), value];
    }
    if (kind === "date_range") {
        [kind, value] = ["date", ["gt", "ge"].includes(op) ? value.from : value.to];
    }
    if (NUMBER_TYPES.has(kind)) {
        const one = numberOrNull(value);
        const other = numberOrNull(wanted);
        return one !== null && other !== null && inOrder(op, scaled(one), scaled(other));
    }
    if (kind === "date" || kind === "datetime") {
        const other = readDay(wanted) || (kind === "datetime" && readMoment(wanted));
        return Boolean(other) && inOrder(op, value.slice(0, other.length), other);
    }
    return false;
}

function inOrder(op, one, other) {
    return (
        { gt: one > other, ge: one >= other, lt: one < other, le: one <= other }[op] || false
    );
}
