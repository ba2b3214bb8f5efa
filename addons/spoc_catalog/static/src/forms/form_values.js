/**
 * Cleans single answers to a request form, type by type. Twin of `form_values.py`.
 *
 * Each cleaner gives the clean value, or `null` when nothing was answered, or throws a
 * `Fault`.
 */

import { CONTACTS } from "./form_contacts";
import { cleanFiles } from "./form_files";
import { compilePattern, matches, PATTERN_TEXT_LIMIT, PatternError } from "./form_pattern";
import {
    asWhole,
    cleanLine,
    cleanText,
    DIGITS_LIMIT,
    Fault,
    fold,
    getOwn,
    isBlank,
    isBlankText,
    isDict,
    keyOf,
    lengthOf,
    readCount,
    strip,
} from "./form_text";

export const TEXT_LIMIT = 500;
export const LONG_TEXT_LIMIT = 20000;
export const EMAIL_LIMIT = 254;
export const PHONE_LIMIT = 50;
export const URL_LIMIT = 2000;
export const ROWS_LIMIT = 100;
export const DECIMALS_LIMIT = 9;
const MONEY_DECIMALS = 2;
const ID_LIMIT = 2 ** 31 - 1;

export const TEXT_TYPES = new Set(["text", "long_text", "email", "phone", "url"]);
export const NUMBER_TYPES = new Set(["integer", "decimal", "money"]);
export const CHOICE_TYPES = new Set(["choice", "multi_choice"]);
export const RECORD_TYPES = new Set(["person", "department", "location", "record"]);
export const SILENT_TYPES = new Set(["info", "step"]);

const TEXT_LIMITS = {
    text: TEXT_LIMIT,
    long_text: LONG_TEXT_LIMIT,
    email: EMAIL_LIMIT,
    phone: PHONE_LIMIT,
    url: URL_LIMIT,
};

const LONGEST_NUMBER = 60;
const NUMBER = /^([+-]?)([0-9]*)(?:[.,]([0-9]*))?$/;
const GROUPED = /^[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]*)?$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const MOMENT =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9](?:\.[0-9]+)?)?$/;
const RECORD = /^[1-9][0-9]{0,9}$/;

/**
 * Clean value of one answer to a question that has one (not `rows`).
 *
 * @param {Object} question
 * @param {any} raw
 * @param {Object[]} offered options that may be chosen, for choices
 * @param {number[]|null} allowed ids that may be named, `null` for any
 */
export function clean(question, raw, offered = [], allowed = null) {
    const type = question.type;
    if (isBlank(raw) && (raw !== false || type !== "boolean")) {
        return null;
    }
    if (RECORD_TYPES.has(type)) {
        return cleanRecord(raw, allowed);
    }
    return CLEANERS[type](question, raw, offered);
}

// ---- text -------------------------------------------------------------------

/** Most characters the answer may have. */
export function textLimit(question) {
    let limit = TEXT_LIMITS[question.type];
    if (["text", "long_text"].includes(question.type) && readPattern(question)) {
        limit = Math.min(limit, PATTERN_TEXT_LIMIT);
    }
    return Math.min(readCount(question, "max_length") || limit, limit);
}

/** The question's pattern, compiled; `null` for none or an unusable one. */
export function readPattern(question) {
    const pattern = getOwn(question, "pattern");
    if (!pattern || typeof pattern !== "string") {
        return null;
    }
    try {
        return compilePattern(pattern);
    } catch (error) {
        if (error instanceof PatternError) {
            return null;
        }
        throw error;
    }
}

function cleanShort(question, raw) {
    return within(question, cleanLine(raw));
}

function cleanLong(question, raw) {
    return within(question, strip(cleanText(raw)));
}

function within(question, value) {
    if (!value) {
        return null;
    }
    const limit = textLimit(question);
    const length = lengthOf(value);
    if (length > limit) {
        throw new Fault("too_long", { limit, length });
    }
    if (["text", "long_text"].includes(question.type)) {
        const least = readCount(question, "min_length");
        if (length < least) {
            throw new Fault("too_short", { limit: least, length });
        }
        const program = readPattern(question);
        if (program && !matches(program, value)) {
            const message = getOwn(question, "pattern_message");
            throw new Fault("pattern", { message: typeof message === "string" ? message : "" });
        }
    }
    return value;
}

function cleanContact(question, raw) {
    const value = within(question, cleanLine(raw));
    return value === null ? null : within(question, CONTACTS[question.type](value));
}

// ---- numbers ----------------------------------------------------------------

/** Canonical text of a number: `-1234.5`, no blanks, no needless zeros. */
export function readNumber(raw) {
    return splitNumber(raw)[0];
}

/** `[canonical text, whether it was written as a whole number]` */
function splitNumber(raw) {
    let text = numberText(raw);
    if (GROUPED.test(text)) {
        text = text.replaceAll(" ", "");
    }
    const parts = NUMBER.exec(text);
    if (!parts || !(parts[2] || parts[3]) || lengthOf(text) > LONGEST_NUMBER) {
        throw new Fault("not_number");
    }
    const whole = parts[2].replace(/^0+/, "") || "0";
    const rest = (parts[3] || "").replace(/0+$/, "");
    if (whole.length > DIGITS_LIMIT) {
        throw new Fault("too_many_digits", { limit: DIGITS_LIMIT });
    }
    if (rest.length > DECIMALS_LIMIT) {
        throw new Fault("too_many_decimals", { limit: DECIMALS_LIMIT, count: rest.length });
    }
    let value = rest ? `${whole}.${rest}` : whole;
    if (parts[1] === "-" && value !== "0") {
        value = `-${value}`;
    }
    return [value, parts[3] === undefined || (typeof raw !== "string" && !rest)];
}

function numberText(raw) {
    if (typeof raw === "string") {
        return cleanLine(raw).replaceAll("\u2212", "-");
    }
    if (typeof raw !== "number" || Number.isNaN(raw)) {
        throw new Fault("not_number");
    }
    if (Math.abs(raw) >= 10 ** DIGITS_LIMIT) {
        throw new Fault("too_many_digits", { limit: DIGITS_LIMIT });
    }
    // Only very small numbers are still written with an exponent.
    const parts = /^(-?)([0-9])(?:\.([0-9]+))?e-([0-9]+)$/.exec(String(raw));
    if (!parts) {
        return String(raw);
    }
    const zeros = "0".repeat(Number(parts[4]) - 1);
    return `${parts[1]}0.${zeros}${parts[2]}${parts[3] || ""}`;
}

/** A canonical number as an integer that can be compared exactly. */
export function scaled(canonical) {
    const [whole, rest = ""] = canonical.replace("-", "").split(".");
    const value = BigInt(whole + rest.padEnd(DECIMALS_LIMIT, "0"));
    return canonical.startsWith("-") ? -value : value;
}

/** Canonical text, `null` for what is no number. */
export function numberOrNull(raw) {
    try {
        return isBlank(raw) ? null : readNumber(raw);
    } catch (error) {
        return faultOrThrow(error) && null;
    }
}

function faultOrThrow(error) {
    if (error instanceof Fault) {
        return error;
    }
    throw error;
}

function cleanInteger(question, raw) {
    let value, whole;
    try {
        [value, whole] = splitNumber(raw);
    } catch (error) {
        const fault = faultOrThrow(error);
        if (isBlankText(raw)) {
            return null;
        }
        throw fault.code === "too_many_digits" ? fault : new Fault("not_integer");
    }
    if (!whole) {
        throw new Fault("not_integer");
    }
    checkRange(question, value);
    return Number(value);
}

function cleanDecimal(question, raw) {
    if (isBlankText(raw)) {
        return null;
    }
    const value = readNumber(raw);
    const limit = decimalsLimit(question);
    const count = (value.split(".")[1] || "").length;
    if (count > limit) {
        throw new Fault("too_many_decimals", { limit, count });
    }
    checkRange(question, value);
    return value;
}

/** Most digits behind the point. */
export function decimalsLimit(question) {
    const digits = asWhole(getOwn(question, "digits"));
    if (digits !== null && digits >= 0 && digits <= DECIMALS_LIMIT) {
        return digits;
    }
    return question.type === "money" ? MONEY_DECIMALS : DECIMALS_LIMIT;
}

function checkRange(question, value) {
    const least = numberOrNull(getOwn(question, "min"));
    const most = numberOrNull(getOwn(question, "max"));
    if (least !== null && scaled(value) < scaled(least)) {
        throw new Fault("too_small", { limit: asLimit(question, least) });
    }
    if (most !== null && scaled(value) > scaled(most)) {
        throw new Fault("too_big", { limit: asLimit(question, most) });
    }
}

function asLimit(question, canonical) {
    const whole = question.type === "integer" && !canonical.includes(".");
    return whole ? Number(canonical) : canonical;
}

// ---- yes or no, days and moments --------------------------------------------

const YES = ["true", "1", "yes", "on"];
const NO = ["false", "0", "no", "off"];

/** True, false, or `null` for neither. */
export function readBoolean(raw) {
    if (typeof raw === "boolean") {
        return raw;
    }
    const key = fold(keyOf(raw) ?? "");
    return YES.includes(key) ? true : NO.includes(key) ? false : null;
}

function cleanBoolean(question, raw) {
    const value = readBoolean(raw);
    if (value === null && !isBlankText(raw)) {
        throw new Fault("not_boolean");
    }
    return value;
}

/** A day as `2026-11-24`, `null` for what is none. */
export function readDay(raw) {
    const text = typeof raw === "string" ? cleanLine(raw) : "";
    const parts = DAY.exec(text);
    if (!parts) {
        return null;
    }
    const [year, month, day] = parts.slice(1).map(Number);
    const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    return year && month && day && day <= (days[month - 1] || 0) ? text : null;
}

/** A moment as `2026-11-24T15:00`, `null` for what is none. */
export function readMoment(raw) {
    const parts = typeof raw === "string" ? MOMENT.exec(cleanLine(raw)) : null;
    return parts && readDay(parts[1]) ? `${parts[1]}T${parts[2]}:${parts[3]}` : null;
}

function readTime(question, raw, read, code) {
    const value = read(raw);
    if (value === null) {
        if (isBlankText(raw)) {
            return null;
        }
        throw new Fault(code);
    }
    checkTime(question, value);
    return value;
}

/** A limit that is a day holds for the whole day of a moment. */
function checkTime(question, value) {
    const [least, most] = ["min", "max"].map((name) => {
        const limit = getOwn(question, name);
        return readDay(limit) || readMoment(limit);
    });
    if (least && value.slice(0, least.length) < least.slice(0, value.length)) {
        throw new Fault("too_early", { limit: least });
    }
    if (most && value.slice(0, most.length) > most.slice(0, value.length)) {
        throw new Fault("too_late", { limit: most });
    }
}

function cleanRange(question, raw) {
    if (Array.isArray(raw) && raw.length === 2) {
        raw = { from: raw[0], to: raw[1] };
    }
    if (isBlankText(raw)) {
        return null;
    }
    if (!isDict(raw)) {
        throw new Fault("not_date");
    }
    const [from, to] = ["from", "to"].map((name) => {
        const end = getOwn(raw, name);
        return isBlank(end) ? null : readTime({}, end, readDay, "not_date");
    });
    if (from === null && to === null) {
        return null;
    }
    if (from === null || to === null) {
        throw new Fault("range_incomplete", { missing: from === null ? "from" : "to" });
    }
    if (from > to) {
        throw new Fault("range_reversed", { from, to });
    }
    checkTime(question, from);
    checkTime(question, to);
    return { from, to };
}

// ---- choices and records ----------------------------------------------------

/** The question's options, each id once. */
export function optionsOf(question) {
    const options = new Map();
    const given = getOwn(question, "options");
    for (const option of Array.isArray(given) ? given : []) {
        const key = keyOf(getOwn(option, "id"));
        if (key && !options.has(key)) {
            options.set(key, option);
        }
    }
    return [...options.values()];
}

function findOption(question, key, offered) {
    const isIt = (option) => keyOf(option.id) === key;
    const option = offered.find(isIt);
    if (option) {
        return option.id;
    }
    const gone = optionsOf(question).find(isIt);
    if (gone) {
        throw new Fault("not_offered", { label: getOwn(gone, "label") || "" });
    }
    throw new Fault("unknown_option");
}

function cleanChoice(question, raw, offered) {
    const key = keyOf(raw);
    return key === "" ? null : findOption(question, key, offered);
}

function cleanChoices(question, raw, offered) {
    const items = (Array.isArray(raw) ? raw : [raw]).filter((item) => !isBlank(item));
    const keys = [...new Set(items.map(keyOf))].filter((key) => key !== "");
    const chosen = new Set(keys.map((key) => findOption(question, key, offered)));
    const values = offered.map((option) => option.id).filter((id) => chosen.has(id));
    const count = values.length;
    if (!count) {
        return null;
    }
    const least = readCount(question, "min_choices");
    const most = readCount(question, "max_choices");
    if (count < least) {
        throw new Fault("too_few_choices", { limit: least, count });
    }
    if (most && count > most) {
        throw new Fault("too_many_choices", { limit: most, count });
    }
    return values;
}

/** A database id, `null` for what cannot be one. */
export function readRecordId(raw) {
    const key = keyOf(raw) ?? "";
    return RECORD.test(key) && Number(key) <= ID_LIMIT ? Number(key) : null;
}

function cleanRecord(raw, allowed) {
    if (isBlankText(raw)) {
        return null;
    }
    const value = readRecordId(raw);
    if (value === null || (allowed !== null && !allowed.includes(value))) {
        throw new Fault("unknown_record");
    }
    return value;
}

const CLEANERS = {
    text: cleanShort,
    long_text: cleanLong,
    email: cleanContact,
    phone: cleanContact,
    url: cleanContact,
    integer: cleanInteger,
    decimal: cleanDecimal,
    money: cleanDecimal,
    boolean: cleanBoolean,
    date: (question, raw) => readTime(question, raw, readDay, "not_date"),
    datetime: (question, raw) => readTime(question, raw, readMoment, "not_datetime"),
    date_range: cleanRange,
    choice: cleanChoice,
    multi_choice: cleanChoices,
    file: cleanFiles,
};
