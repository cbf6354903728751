// Elements without markup: what comes from outside is only ever text.

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

const svgNamespace = "http://www.w3.org/2000/svg";

/**
 * Makes an element. "svg:path" makes one of SVG.
 *
 * Props: `class`, `dataset` and `style` (objects), `on<Event>` functions, `value` and `checked` as they are now, any
 * other name is an attribute (true: without a value; false, null and undefined: none; of `aria-` both true and false
 * are words).
 * @template {string} T
 * @param {T} tag
 * @param {Record<string, any> | null} [props]
 * @param {...Child} children
 * @returns {T extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[T] : T extends `svg:${string}` ? SVGElement : HTMLElement}
 */
export function h(tag, props, ...children) {
    /** @type {any} */
    const element = tag.startsWith("svg:")
        ? document.createElementNS(svgNamespace, tag.slice(4))
        : document.createElement(tag);
    append(element, children); // before the value of a select
    for (const [name, value] of Object.entries(props ?? {})) {
        if (name.startsWith("on") && typeof value === "function")
            element.addEventListener(name.slice(2).toLowerCase(), value);
        else if (name === "dataset") Object.assign(element.dataset, value);
        else if (name === "style")
            for (const [property, style] of Object.entries(value)) element.style.setProperty(property, String(style));
        else if ((name === "value" || name === "checked") && name in element) element[name] = value;
        else if (name.startsWith("aria-") && value !== null && value !== undefined)
            element.setAttribute(name, String(value));
        else if (value === true) element.setAttribute(name, "");
        else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
    }
    return element;
}

/**
 * Replaces the content of an element.
 * @param {Element} parent
 * @param {...Child} children
 */
export function replace(parent, ...children) {
    parent.replaceChildren();
    append(parent, children);
}

/** @param {Element} parent @param {Child[]} children */
function append(parent, children) {
    for (const child of children) {
        if (Array.isArray(child)) append(parent, child);
        else if (child !== null && child !== undefined && child !== false)
            parent.append(child instanceof Node ? child : String(child));
    }
}

/** @type {Set<() => void>} */
const waiting = new Set();

/**
 * Calls a function in the next animation frame. The same function asked for several times is called once: pass the
 * same one, not a new closure, from what happens often.
 * @param {() => void} callback
 */
export function frame(callback) {
    if (waiting.size === 0) requestAnimationFrame(runFrame);
    waiting.add(callback);
}

function runFrame() {
    const callbacks = [...waiting];
    waiting.clear();
    for (const callback of callbacks) {
        try {
            callback();
        } catch (error) {
            reportError(error); // the others run all the same
        }
    }
}
