// Shows new content in place of what is there, and keeps the elements that stay what they are: focus, selection and scrolling are not lost.

import { h } from "./dom.js";

/**
 * Makes the content of an element what these children are; an element that has the same place and name stays, with the attributes of the new one.
 * Not for elements that listen to events.
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
            there.style.cssText = wanted.style.cssText; // the content policy refuses the attribute
        else if (there.getAttribute(name) !== value) there.setAttribute(name, value);
    }
}
