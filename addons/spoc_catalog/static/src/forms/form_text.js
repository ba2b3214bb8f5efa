/**
 * Reads what was sent for a request form, before it is known what was asked.
 *
 * Twin of `form_text.py`, function by function: the vectors in
 * `static/tests/form_vectors.json` are judged by both.
 */

export const DIGITS_LIMIT = 15;
const MOST = 10 ** DIGITS_LIMIT;
// Spelt out: what counts as blank differs between languages.
const BLANKS = " \\t\\n\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPLIT = new RegExp(`[${BLANKS}]+`, "u");
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Cs}]/gu;

/** A question is answered wrongly. */
export class Fault extends Error {
    constructor(code, params = {}) {
        super(code);
        this.code = code;
        this.params = params;
    }
}

/** Whether a value is what JSON calls an object. */
export function isDict(value) {
    if (typeof value !== "object" || value === null) {
        return false;
    }
    const prototype = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
}

/** A property of an object from outside, `undefined` for what it only inherits. */
export function getOwn(object, name) {
    return isDict(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whether nothing was sent. */
export function isBlank(raw) {
    if (raw === undefined || raw === null || raw === false || raw === "") {
        return true;
    }
    return Array.isArray(raw) ? !raw.length : isDict(raw) && !Object.keys(raw).length;
}

/** Text without control characters, in the composed form of Unicode. */
export function cleanText(raw) {
    if (raw === undefined || raw === null || raw === false) {
        return "";
    }
    if (typeof raw !== "string") {
        throw new Fault("not_text");
    }
    return raw.replace(/\r\n?/g, "\n").replace(CONTROL, "").normalize("NFC");
}

/** Text on one line. */
export function cleanLine(raw) {
    return cleanText(raw).split(SPLIT).filter(Boolean).join(" ");
}

/** Whether a text is empty or blank; what is no text is neither. */
export function isBlankText(raw) {
    return typeof raw === "string" && !cleanLine(raw);
}

/** Text without blanks, and without the characters given, at one end or both. */
export function strip(text, { start = true, end = true, more = "" } = {}) {
    const blanks = `[${BLANKS}${more}]+`;
    if (start) {
        text = text.replace(new RegExp(`^${blanks}`, "u"), "");
    }
    if (end) {
        // By hand: a regular expression that looks for the end tries every blank.
        const test = new RegExp(`^${blanks}$`, "u");
        let length = text.length;
        while (length && test.test(text[length - 1])) {
            length -= 1;
        }
        text = text.slice(0, length);
    }
    return text;
}

export function isSpace(char) {
    return SPLIT.test(char);
}

/** Number of characters, those beyond the first plane counting once. */
export function lengthOf(text) {
    let length = 0;
    // eslint-disable-next-line no-unused-vars
    for (const char of text) {
        length += 1;
    }
    return length;
}

/** The first so many characters. */
export function cut(text, length) {
    return [...text].slice(0, Math.max(length, 0)).join("");
}

/** Text to compare without regard to capitals. */
export function fold(text) {
    return text.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

/** A whole number, `null` for anything else. */
export function asWhole(value) {
    return Number.isInteger(value) ? value : null;
}

/** Text by which ids are compared, `null` for what cannot be one. */
export function keyOf(raw) {
    if (typeof raw === "string") {
        return cleanLine(raw);
    }
    const whole = asWhole(raw);
    return whole !== null && Math.abs(whole) < MOST ? String(whole) : null;
}

/** A limit of the question as a whole number, 0 for none. */
export function readCount(question, name) {
    return Math.max(asWhole(getOwn(question, name)) || 0, 0);
}
