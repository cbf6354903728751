// Offsets of keys and values in the text of a plan. The text is JSON with comments and trailing commas, as the node accepts it.

/**
 * The range of a key or value in the source: `start` is included, `end` is not. `text` is the decoded value of a string.
 * @typedef {{ start: number, end: number, text?: string }} Place
 */

/**
 * Maps the paths of the node's error messages to the places of values and keys. After a syntax error, the map has the
 * places up to the error.
 * @param {string} source
 * @returns {Map<string, Place>}
 */
export function places(source) {
    const scanner = new Scanner(source);
    try {
        scanner.value("$");
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error; // a syntax error: `found` has the places before it
    }
    return scanner.found;
}

/**
 * The range of characters to underline for an error of the node. A JSON syntax error has `line` and `byte`; an error inside
 * a string has `text` and `column`, from 1; `key` is true if the key at the path is wrong and not its value.
 * @param {string} source
 * @param {Map<string, Place>} known
 * @param {{ path: string, text?: string, column?: number, key?: boolean, line?: number, byte?: number }} error
 * @returns {{ start: number, end: number }}
 */
export function placeOf(source, known, { path, text, column, key, line, byte }) {
    if (line !== undefined && byte !== undefined) return word(source, offsetOf(source, line, byte));
    const place = (key ? known.get(keyOf(path)) : null) ??
        known.get(path) ??
        known.get("$") ?? { start: 0, end: Math.min(1, source.length) };
    if (text === undefined || column === undefined || place.text !== text)
        return path === "$" ? { start: place.start, end: Math.min(place.end, place.start + 1) } : place;
    const start = inside(source, place, column - 1);
    const last = /^[\w.]+|^[<>=!]=?|^\S/.exec(text.slice(column - 1))?.[0].length ?? 1;
    return { start, end: Math.max(start + 1, inside(source, place, column - 1 + last)) };
}

/**
 * The offset of a character of a string value, at most that of the closing quotation mark. An escape sequence is one character.
 * @param {string} source
 * @param {Place} place of the string
 * @param {number} column of the character in the decoded string, from 0
 */
function inside(source, place, column) {
    let at = place.start + 1; // skips the quotation mark
    for (let left = column; left > 0 && at < place.end - 1; left--) at += lengthAt(source, at);
    return Math.min(at, place.end - 1);
}

/**
 * The length of the character or escape sequence at an offset of a string.
 * @param {string} source
 * @param {number} at
 */
const lengthAt = (source, at) => (source[at] !== "\\" ? 1 : source[at + 1] === "u" ? 6 : 2);

/**
 * The offset of a position that the node gives as a line and a UTF-8 byte of that line, both from 1.
 * @param {string} source
 * @param {number} line
 * @param {number} byte
 */
function offsetOf(source, line, byte) {
    let start = 0;
    for (let n = 1; n < line; n++) {
        const end = source.indexOf("\n", start);
        if (end < 0) break;
        start = end + 1;
    }
    const bytes = new TextEncoder();
    let at = start;
    for (let left = byte - 1; left > 0 && at < source.length && source[at] !== "\n"; at++)
        left -= bytes.encode(source[at]).length;
    return at;
}

/**
 * The range to underline at an offset: the rest of the word there, or else one character.
 * @param {string} source
 * @param {number} at
 */
function word(source, at) {
    let start = Math.min(at, source.length);
    if (start === source.length || source[start] === "\n") start = Math.max(0, start - 1);
    return { start, end: start + Math.max(1, /^[\w.]+/.exec(source.slice(start))?.[0].length ?? 1) };
}

/**
 * The line and the column of an offset, both from 1.
 * @param {string} source
 * @param {number} at
 */
export function lineOf(source, at) {
    const before = source.slice(0, at);
    return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
}

class Scanner {
    /** @type {Map<string, Place>} */
    found = new Map();
    #source;
    #at = 0;

    /** @param {string} source */
    constructor(source) {
        this.#source = source;
    }

    /** @param {string} path */
    value(path) {
        this.#blank();
        const start = this.#at;
        /** @type {Place} */
        const place = { start, end: this.#source.length };
        this.found.set(path, place);
        const first = this.#source[start];
        if (first === "{") this.#object(path);
        else if (first === "[") this.#array(path);
        else if (first === '"') place.text = this.#string();
        else this.#literal();
        place.end = this.#at;
    }

    /** @param {string} path */
    #object(path) {
        this.#at++;
        for (;;) {
            this.#blank();
            if (this.#take("}")) return;
            const start = this.#at;
            const key = this.#string();
            const own = pathOf(path, key);
            this.found.set(keyOf(own), { start, end: this.#at });
            this.found.set(own, { start, end: this.#at }); // replaced when the value is scanned
            this.#blank();
            this.#expect(":");
            this.value(own);
            this.#blank();
            if (this.#take("}")) return;
            this.#expect(",");
        }
    }

    /** @param {string} path */
    #array(path) {
        this.#at++;
        for (let index = 0; ; index++) {
            this.#blank();
            if (this.#take("]")) return;
            this.value(`${path}[${index}]`);
            this.#blank();
            if (this.#take("]")) return;
            this.#expect(",");
        }
    }

    #string() {
        const start = this.#at;
        this.#expect('"');
        while (this.#source[this.#at] !== '"') {
            if (this.#at >= this.#source.length || this.#source[this.#at] === "\n")
                throw new SyntaxError("a text without an end");
            this.#at += lengthAt(this.#source, this.#at);
        }
        this.#at++;
        return /** @type {string} */ (JSON.parse(this.#source.slice(start, this.#at)));
    }

    #literal() {
        const text = /^[-+.\w]+/.exec(this.#source.slice(this.#at, this.#at + 100));
        if (!text) throw new SyntaxError("no value");
        this.#at += text[0].length;
    }

    #blank() {
        for (;;) {
            const rest = this.#source.slice(this.#at, this.#at + 2);
            const end =
                rest === "//"
                    ? this.#source.indexOf("\n", this.#at)
                    : rest === "/*"
                      ? this.#source.indexOf("*/", this.#at + 2)
                      : null;
            if (end !== null) this.#at = end < 0 ? this.#source.length : end + (rest === "/*" ? 2 : 1);
            else if (/\s/.test(rest[0] ?? "")) this.#at++;
            else return;
        }
    }

    /** @param {string} character */
    #take(character) {
        if (this.#source[this.#at] !== character) return false;
        this.#at++;
        return true;
    }

    /** @param {string} character */
    #expect(character) {
        if (!this.#take(character)) throw new SyntaxError(`no ${character}`);
    }
}

/**
 * The name in the map for the place of a key; the path alone is that of its value.
 * @param {string} path
 */
const keyOf = (path) => `key ${path}`;

/**
 * The path of a member of an object, in the notation of the node's error messages.
 * @param {string} path
 * @param {string} key
 */
function pathOf(path, key) {
    return /^[A-Za-z0-9_-]+$/.test(key)
        ? `${path}.${key}`
        : `${path}['${key.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`;
}

const width = 96; // columns of a formatted line

/**
 * Formats a plan as indented JSON. A list or object without nested ones stands on one line if it fits. A longer list of
 * short strings has several of them per line.
 * @param {any} value
 * @param {string} [indent]
 * @returns {string}
 */
export function format(value, indent = "") {
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const isList = Array.isArray(value);
    const inner = indent + "  ";
    const entries = isList
        ? value.map((one) => ["", one])
        : Object.entries(value).map(([key, one]) => [`${JSON.stringify(key)}: `, one]);
    if (entries.length === 0) return isList ? "[]" : "{}";
    const short = entries.map(([key, one]) => key + oneLine(one)).join(", ");
    const line = isList ? `[${short}]` : `{ ${short} }`;
    const isDeep = entries.some(([, one]) => one !== null && typeof one === "object");
    if (!isDeep && indent.length + line.length <= width) return line;
    const isPlain = isList && entries.every(([, one]) => typeof one === "string" && one.length <= 24);
    const body = isPlain
        ? fill(
              entries.map(([, one]) => JSON.stringify(one)),
              inner,
          )
        : entries.map(([key, one]) => inner + key + format(one, inner)).join(",\n");
    return isList ? `[\n${body}\n${indent}]` : `{\n${body}\n${indent}}`;
}

/** @param {any} value @returns {string} */
function oneLine(value) {
    if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    return `{ ${Object.entries(value)
        .map(([key, one]) => `${JSON.stringify(key)}: ${oneLine(one)}`)
        .join(", ")} }`;
}

/**
 * Joins words by commas and wraps the lines at `width` columns.
 * @param {string[]} words
 * @param {string} indent
 */
function fill(words, indent) {
    /** @type {string[]} */
    const lines = [];
    let line = indent;
    words.forEach((one, place) => {
        const next = one + (place < words.length - 1 ? "," : "");
        if (line.trim() !== "" && line.length + next.length + 1 > width) {
            lines.push(line.trimEnd());
            line = indent;
        }
        line += (line.trim() === "" ? "" : " ") + next;
    });
    lines.push(line);
    return lines.join("\n");
}
