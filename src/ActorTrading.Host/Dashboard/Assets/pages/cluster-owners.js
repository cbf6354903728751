// Which node is told by which letter and colour.

import { h } from "../lib/dom.js";

/** How many colours there are; the nodes after that have stripes. */
const colours = 8;

/** Letters and colours of nodes, for as long as the page is open: in the order of their addresses, and of those that come later, of their coming. */
export class Owners {
    /** @type {Map<string, number>} */
    #places = new Map();

    /** @param {string[]} nodes */
    learn(nodes) {
        for (const node of [...nodes].sort()) if (!this.#places.has(node)) this.#places.set(node, this.#places.size);
    }

    /** @param {string | null | undefined} node */
    letter(node) {
        if (!node) return "–";
        this.learn([node]);
        const place = this.#places.get(node) ?? 0;
        return String.fromCharCode(65 + (place % 26)) + (place < 26 ? "" : Math.floor(place / 26));
    }

    /** The colour of a node as `data-owner`; that of no node is "none". @param {string | null | undefined} node */
    colour(node) {
        if (!node) return "none";
        this.learn([node]);
        const place = this.#places.get(node) ?? 0;
        return String(place % colours) + (place % (2 * colours) >= colours ? "s" : "");
    }

    /** The sign of a node. @param {string | null | undefined} node */
    badge(node) {
        return h(
            "span",
            { class: "badge", dataset: { owner: this.colour(node) }, "aria-hidden": true },
            this.letter(node),
        );
    }

    /** Sign and address of a node. @param {string} node */
    named(node) {
        return h("span", { class: "named" }, this.badge(node), h("span", { class: "mono" }, node));
    }
}

/** Sets a text where it is another one: what stays is not laid out anew. @param {Element} element @param {string} text */
export function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
}
