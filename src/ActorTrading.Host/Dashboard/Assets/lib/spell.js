// Text from outside, shown so that nothing in it hides or changes what stands beside it.

import { h } from "./dom.js";

/** @typedef {import("./dom.js").Child} Child */

/** Controls, what turns the direction of writing, and what takes no room; half a pair of surrogates, too. */
const hidden =
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** @type {Record<string, string>} */
const names = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0" };

/** @param {string} character */
const spelled = (character) =>
    names[character] ?? "\\u" + character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");

/** The text with characters that cannot be seen spelled out. @param {string} text */
export const plain = (text) => text.replace(hidden, spelled);

/** The same as nodes, in which what is spelled out looks different from the text. @param {string} text @returns {Child[]} */
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
