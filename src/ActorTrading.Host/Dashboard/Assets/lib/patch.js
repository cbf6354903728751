// Updates the content of an element in place. Elements of the same position and tag are kept, so focus, selection and scroll
// position are not lost.

import { h } from "./dom.js";

/**
 * Replaces the children of an element. An existing element at the same position with the same tag is kept and gets the
 * attributes of the new one. The children must not have event listeners, because a kept element does not get the new ones.
 * @param {Element} parent
 * @param {...import("./dom.js").Child} children
 */
export function patch(parent, ...children) {
    align(parent, h("div", null, ...children));
}

/** @param {Element} there @param {Element} wanted */
function align(there, wanted) {
    const [old, fresh] = [[...there.childNodes], [...wanted.childNodes]];
    for (let i = fresh.length; i < old.length; i++) old[i].remove();
    fresh.forEach((node, place) => {
        const before = old[place];
        if (!before) there.append(node);
        else if (before instanceof Text && node instanceof Text) {
            if (before.data !== node.data) before.data = node.data;
        } else if (before instanceof HTMLElement && node instanceof HTMLElement && before.tagName === node.tagName) {
            attributes(before, node);
            align(before, node);
        } else before.replaceWith(node);
    });
}

/** @param {HTMLElement} there @param {HTMLElement} wanted */
function attributes(there, wanted) {
    for (const { name } of [...there.attributes]) if (!wanted.hasAttribute(name)) there.removeAttribute(name);
    for (const { name, value } of wanted.attributes) {
        if (name === "style")
            there.style.cssText = wanted.style.cssText; // the Content-Security-Policy blocks setting the attribute
        else if (there.getAttribute(name) !== value) there.setAttribute(name, value);
    }
}
