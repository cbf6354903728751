// Creates DOM elements without parsing HTML: strings always become text nodes or attributes, so data cannot inject markup.

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

const svgNamespace = "http://www.w3.org/2000/svg";

/**
 * Creates an element. The prefix "svg:" creates an SVG element, such as "svg:path".
 *
 * Props: `dataset` and `style` are objects. `on<Event>` functions are event listeners. `value` and `checked` set the
 * properties of the element. Any other name, such as `class`, is an attribute: true sets it without a value; false, null
 * and undefined leave it out. For `aria-` attributes, true and false are written as text.
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
    append(element, children); // before the props: the value of a select requires its options
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
 * Replaces the children of an element.
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
 * Calls a function in the next animation frame. A function that is passed several times before that is called once.
 * Frequent events should therefore pass the same function, not a new closure each time.
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
            reportError(error); // and runs the remaining callbacks
        }
    }
}
