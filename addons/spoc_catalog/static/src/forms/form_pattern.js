/**
 * Patterns that editors set on questions, matched in steady time.
 *
 * Twin of `form_pattern.py`, which says what a pattern may contain and why the
 * browser's own regular expressions are not used.
 */

import { isSpace } from "./form_text";

export const PATTERN_LIMIT = 500;
export const STATES_LIMIT = 300;
export const DEPTH_LIMIT = 20;
export const PATTERN_TEXT_LIMIT = 1000;
const WORK_LIMIT = 5000;
const CACHE_LIMIT = 256;

const compiled = new Map();

/** A pattern that cannot be used: `syntax`, `unsupported` or `too_big`. */
export class PatternError extends Error {
    constructor(reason) {
        super(reason);
        this.reason = reason;
    }
}

/** What `matches` needs. Throws a PatternError. */
export function compilePattern(pattern) {
    if (!compiled.has(pattern)) {
        const chars = [...pattern.normalize("NFC")];
        if (chars.length > PATTERN_LIMIT) {
            throw new PatternError("too_big");
        }
        const program = new Writer().unfold(new Reader(chars).parse());
        const after = program.map((_state, start) => reach(program, start));
        if (compiled.size >= CACHE_LIMIT) {
            compiled.clear();
        }
        compiled.set(pattern, { program, after });
    }
    return compiled.get(pattern);
}

/** Whether the whole text is as the pattern says. */
export function matches({ program, after }, text) {
    let current = after[0];
    for (const char of text) {
        const next = new Set();
        for (const state of current) {
            if (program[state].kind === "one" && fits(program[state].part, char)) {
                after[state + 1].forEach((reached) => next.add(reached));
            }
        }
        current = next;
        if (!current.size) {
            return false;
        }
    }
    return [...current].some((state) => program[state].kind === "end");
}

/** States that read a character, or the end, reached from one without reading. */
function reach(program, start) {
    const seen = new Set();
    const found = new Set();
    const waiting = [start];
    while (waiting.length) {
        const state = waiting.pop();
        if (seen.has(state)) {
            continue;
        }
        seen.add(state);
        if (program[state].kind === "jump") {
            waiting.push(...program[state].to);
        } else {
            found.add(state);
        }
    }
    return found;
}

function fits(part, char) {
    return part.items.some((item) => fitsItem(item, char)) !== part.negated;
}

function fitsItem(item, char) {
    if (typeof item !== "string") {
        const code = char.codePointAt(0);
        return item[0] <= code && code <= item[1];
    }
    switch (item) {
        case "d":
            return char >= "0" && char <= "9";
        case "s":
            return isSpace(char);
        case "w":
            return char === "_" || /[\p{L}\p{M}\p{N}]/u.test(char);
    }
    return !fitsItem(item.toLowerCase(), char);
}

function single(char) {
    return [char.codePointAt(0), char.codePointAt(0)];
}

/** Reads a pattern into a tree. */
class Reader {
    constructor(chars) {
        this.chars = chars[0] === "^" ? chars.slice(1) : chars;
        const last = this.chars.length - 1;
        if (this.chars[last] === "$" && !this.isEscaped(last)) {
            this.chars = this.chars.slice(0, last);
        }
        this.at = 0;
    }

    isEscaped(place) {
        let count = 0;
        while (this.chars[place - count - 1] === "\\") {
            count += 1;
        }
        return count % 2 === 1;
    }

    parse() {
        const tree = this.either(0);
        if (this.at < this.chars.length) {
            throw new PatternError("syntax");
        }
        return tree;
    }

    peek() {
        return this.chars[this.at] || "";
    }

    next() {
        const char = this.peek();
        if (!char) {
            throw new PatternError("syntax");
        }
        this.at += 1;
        return char;
    }

    either(depth) {
        if (depth > DEPTH_LIMIT) {
            throw new PatternError("too_big");
        }
        const ways = [this.row(depth)];
        while (this.peek() === "|") {
            this.at += 1;
            ways.push(this.row(depth));
        }
        return { kind: "either", ways };
    }

    row(depth) {
        const parts = [];
        while (this.peek() && !"|)".includes(this.peek())) {
            parts.push(this.count(this.part(depth)));
        }
        return { kind: "row", parts };
    }

    part(depth) {
        const char = this.next();
        if (char === "(") {
            return this.group(depth);
        }
        if (char === "[") {
            return { kind: "one", part: this.charClass() };
        }
        if (char === ".") {
            return { kind: "one", part: { negated: true, items: [single("\n")] } };
        }
        if (char === "\\") {
            return { kind: "one", part: { negated: false, items: [this.escape()] } };
        }
        if ("^$".includes(char)) {
            throw new PatternError("unsupported");
        }
        if ("*+?{}]".includes(char)) {
            throw new PatternError("syntax");
        }
        return { kind: "one", part: { negated: false, items: [single(char)] } };
    }

    group(depth) {
        if (this.peek() === "?") {
            this.at += 1;
            if (this.next() !== ":") {
                throw new PatternError("unsupported");
            }
        }
        const tree = this.either(depth + 1);
        if (this.next() !== ")") {
            throw new PatternError("syntax");
        }
        return tree;
    }

    escape() {
        const char = this.next();
        if ("dDwWsS".includes(char)) {
            return char;
        }
        if (char === "t" || char === "n") {
            return single(char === "t" ? "\t" : "\n");
        }
        if (/[0-9A-Za-z]/.test(char) || char.codePointAt(0) > 126) {
            throw new PatternError("unsupported");
        }
        return single(char);
    }

    charClass() {
        const negated = this.peek() === "^";
        this.at += negated ? 1 : 0;
        const items = [];
        while (this.peek() !== "]") {
            let item = this.classItem();
            if (this.peek() === "-" && this.chars[this.at + 1] !== "]") {
                this.at += 1;
                const last = this.classItem();
                if (typeof item === "string" || typeof last === "string") {
                    throw new PatternError("syntax");
                }
                if (item[0] > last[0]) {
                    throw new PatternError("syntax");
                }
                item = [item[0], last[0]];
            }
            items.push(item);
        }
        this.at += 1;
        if (!items.length) {
            throw new PatternError("syntax");
        }
        return { negated, items };
    }

    classItem() {
        const char = this.next();
        if (char === "[") {
            throw new PatternError("syntax");
        }
        return char === "\\" ? this.escape() : single(char);
    }

    count(part) {
        const char = this.peek();
        if (!char || !"?*+{".includes(char)) {
            return part;
        }
        this.at += 1;
        const simple = { "?": [0, 1], "*": [0, null], "+": [1, null] };
        const [least, most] = simple[char] || this.braces();
        if (this.peek() === "?") {
            this.at += 1;
        }
        if (this.peek() && "?*+{".includes(this.peek())) {
            throw new PatternError("syntax");
        }
        return { kind: "count", part, least, most };
    }

    braces() {
        const end = this.chars.indexOf("}", this.at);
        const text = end >= 0 ? this.chars.slice(this.at, end).join("") : "";
        this.at = end + 1;
        const parts = /^([0-9]+)(?:(,)([0-9]*))?$/.exec(text);
        if (!parts) {
            throw new PatternError("syntax");
        }
        if (parts[1].length > 3 || (parts[3] || "").length > 3) {
            throw new PatternError("too_big");
        }
        const least = Number(parts[1]);
        const most = parts[3] ? Number(parts[3]) : parts[2] ? null : least;
        if (most !== null && most < least) {
            throw new PatternError("syntax");
        }
        return [least, most];
    }
}

/** Turns a tree into a list of states; after `one` the next state follows. */
class Writer {
    constructor() {
        this.program = [];
        this.work = 0;
    }

    unfold(tree) {
        this.write(tree);
        this.add({ kind: "end" });
        return this.program;
    }

    add(state) {
        if (this.program.length >= STATES_LIMIT) {
            throw new PatternError("too_big");
        }
        this.program.push(state);
        return this.program.length - 1;
    }

    write(tree) {
        this.work += 1;
        if (this.work > WORK_LIMIT) {
            throw new PatternError("too_big");
        }
        if (tree.kind === "one") {
            this.add({ kind: "one", part: tree.part });
        } else if (tree.kind === "row") {
            tree.parts.forEach((part) => this.write(part));
        } else if (tree.kind === "either") {
            this.either(tree.ways);
        } else {
            this.count(tree);
        }
    }

    either(ways) {
        if (ways.length === 1) {
            this.write(ways[0]);
            return;
        }
        const fork = this.add({ kind: "jump", to: [] });
        const ends = [];
        for (const way of ways) {
            this.program[fork].to.push(this.program.length);
            this.write(way);
            ends.push(this.add({ kind: "jump", to: [] }));
        }
        for (const end of ends) {
            this.program[end].to.push(this.program.length);
        }
    }

    count({ part, least, most }) {
        for (let number = 0; number < least; number++) {
            this.write(part);
        }
        if (most === null) {
            const fork = this.add({ kind: "jump", to: [this.program.length + 1] });
            this.write(part);
            const back = this.add({ kind: "jump", to: [fork] });
            this.program[fork].to.push(back + 1);
            return;
        }
        const forks = [];
        for (let number = least; number < most; number++) {
            forks.push(this.add({ kind: "jump", to: [this.program.length + 1] }));
            this.write(part);
        }
        for (const fork of forks) {
            this.program[fork].to.push(this.program.length);
        }
    }
}
