// Escapes invisible characters in untrusted text, so that they can neither hide text nor reorder the text beside it.

import { h } from "./dom.js";

/** @typedef {import("./dom.js").Child} Child */

/** Control characters, characters that change the writing direction, zero-width characters and unpaired surrogates. */
const hidden =
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** @type {Record<string, string>} */
const names = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0" };

/** The escape sequence of a character, such as \n or \u200B. @param {string} character */
const spelled = (character) =>
    names[character] ?? "\\u" + character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");

/** The text with escape sequences for invisible characters. @param {string} text */
export const plain = (text) => text.replace(hidden, spelled);

/**
 * Like `plain`, as child nodes: each escape sequence is in a span of class "control", which has its own style.
 * @param {string} text
 * @returns {Child[]}
 */
export function spell(text) {
    /** @type {Child[]} */
    const parts = [];
    let from = 0;
    for (const match of text.matchAll(hidden)) {
        if (match.index > from) parts.push(text.slice(from, match.index));
        parts.push(h("span", { class: "control" }, spelled(match[0])));
        from = match.index + match[0].length;
    }
    if (from < text.length) parts.push(text.slice(from));
    return parts;
}
