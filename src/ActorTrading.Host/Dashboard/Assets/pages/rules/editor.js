// A text area with line numbers that underlines errors in its text.

import { frame, h, replace } from "../../lib/dom.js";

/** @typedef {{ start: number, end: number, message: string }} Mark */

let editors = 0;

export class Editor {
    /** @type {Mark[]} */
    #marks = [];
    #number = ++editors;
    #numbers = h("pre", { class: "editor-numbers", "aria-hidden": true });
    #shadow = h("pre", { class: "editor-shadow", "aria-hidden": true });
    #onChange;
    #lines = 0;

    /** @param {{ label: string, describedBy: string, onChange: () => void }} options */
    constructor({ label, describedBy, onChange }) {
        this.#onChange = onChange;
        this.area = h("textarea", {
            class: "editor-text",
            id: `editor${this.#number}`,
            "aria-label": label,
            "aria-describedby": describedBy,
            spellcheck: "false",
            autocomplete: "off",
            autocapitalize: "off",
            wrap: "off",
            onInput: () => this.#changed(),
            onScroll: () => frame(this.#scroll),
        });
        this.element = h(
            "div",
            { class: "editor" },
            this.#numbers,
            h("div", { class: "editor-stack" }, this.#shadow, this.area),
        );
    }

    get text() {
        return this.area.value;
    }

    /** @param {string} text */
    set text(text) {
        this.area.value = text;
        this.#marks = [];
        this.#draw();
    }

    /** @param {boolean} on */
    set readOnly(on) {
        this.area.readOnly = on;
    }

    /**
     * Underlines the marked ranges; they replace the previous ones.
     * @param {Mark[]} marks
     */
    mark(marks) {
        this.#marks = [...marks].sort((a, b) => a.start - b.start);
        this.area.setAttribute("aria-invalid", String(marks.length > 0));
        this.#draw();
    }

    /**
     * Selects a range and scrolls its first line into view.
     * @param {number} start
     * @param {number} [end]
     */
    goTo(start, end = start) {
        this.area.focus();
        this.area.setSelectionRange(start, end);
        const line = this.text.slice(0, start).split("\n").length - 1;
        const height = parseFloat(getComputedStyle(this.area).lineHeight);
        const { scrollTop, clientHeight } = this.area;
        if (line * height < scrollTop || (line + 2) * height > scrollTop + clientHeight)
            this.area.scrollTop = Math.max(0, line * height - clientHeight / 2);
    }

    #changed() {
        this.#marks = []; // their offsets belong to the previous text
        this.#draw();
        this.#onChange();
    }

    #draw() {
        const lines = this.text.split("\n").length;
        if (lines !== this.#lines) {
            this.#lines = lines;
            this.#numbers.textContent = Array.from({ length: lines }, (_, n) => n + 1).join("\n");
        }
        replace(this.#shadow, this.#pieces());
        frame(this.#scroll);
    }

    /** The text with a `mark` element around each error, and a note with the messages at the end of each line with errors. */
    #pieces() {
        /** @type {(string | Node)[]} */
        const pieces = [];
        const { text } = this;
        let at = 0;
        for (let n = 0; n < this.#marks.length;) {
            const start = Math.max(at, this.#marks[n].start);
            const lineEnd = endOfLine(text, start);
            /** @type {string[]} */
            const messages = [];
            for (; n < this.#marks.length && this.#marks[n].start <= lineEnd; n++) {
                const mark = this.#marks[n];
                messages.push(mark.message);
                const from = Math.max(at, mark.start);
                const to = Math.min(Math.max(mark.end, from), Math.max(lineEnd, from));
                pieces.push(text.slice(at, from), h("mark", null, text.slice(from, to) || " "));
                at = to;
            }
            pieces.push(
                text.slice(at, lineEnd),
                h("span", { class: "editor-note" }, `  ◂ ${messages.map(short).join("; ")}`),
            );
            at = lineEnd;
        }
        pieces.push(text.slice(at), "\n");
        return pieces;
    }

    #scroll = () => {
        const { scrollTop, scrollLeft } = this.area;
        this.#shadow.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
        this.#numbers.style.transform = `translateY(${-scrollTop}px)`;
    };
}

/**
 * A message shortened for the end of a line: its "did you mean ...?", or else its text up to the first "; " or " (".
 * @param {string} message
 */
const short = (message) => /did you mean [^?]+\?/.exec(message)?.[0] ?? message.split(/; | \(/, 1)[0];

/** @param {string} text @param {number} at */
function endOfLine(text, at) {
    const end = text.indexOf("\n", at);
    return end < 0 ? text.length : end;
}
