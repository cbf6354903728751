// What became of everything that was received: an equation for each source, with its check.

import { h, replace } from "../lib/dom.js";
import * as format from "../lib/format.js";

/** @typedef {import("./ingest.js").Counts} Counts */
/** @typedef {import("./ingest.js").LedgerAnswer} LedgerAnswer */

const over = 5_000; // milliseconds that the rate is taken over
const mostSources = 200;

/** The terms of the equation, and what stands before each. @type {[keyof Counts, string, string][]} */
const terms = [
    ["received", "Received", ""],
    ["applied", "Applied", "="],
    ["late", "Late", "+"],
    ["duplicate", "Duplicate", "+"],
    ["rejected", "Rejected", "+"],
];

/** @param {Counts} line */
const isBalanced = (line) => line.received === line.applied + line.late + line.duplicate + line.rejected;

export class Ledger {
    #node = h(
        "select",
        { "aria-label": "Node", onChange: () => this.#draw() },
        h("option", { value: "" }, "All nodes"),
    );
    #verdict = h("span", { class: "verdict", role: "status" });
    #body = h("tbody", null);
    #foot = h("tfoot", null);
    #none = h("p", { class: "muted" }, "Nothing has been received since the start.");
    #more = h("p", { class: "muted", hidden: true });
    #scroll;
    /** @type {LedgerAnswer | null} */
    #told = null;
    /** @type {{ at: number, received: Map<string, number> }[]} */
    #before = [];

    element;

    constructor() {
        const heads = terms.map(([, name, sign]) => [
            sign && h("th", { class: "sign", "aria-hidden": true }),
            h("th", { scope: "col", class: "num" }, name),
        ]);
        this.#scroll = h(
            "div",
            { class: "scroll", tabindex: 0, role: "region", "aria-label": "The ledger by source" },
            h(
                "table",
                { class: "ledger" },
                h("caption", { class: "sr-only" }, "Outcome of all records received, by source"),
                h(
                    "thead",
                    null,
                    h(
                        "tr",
                        null,
                        h("th", { scope: "col" }, "Source"),
                        heads,
                        h("th", { scope: "col" }, "Check"),
                        h("th", { scope: "col", class: "num" }, "Rate"),
                        h("th", { scope: "col", class: "num" }, "Rounded"),
                    ),
                ),
                this.#body,
                this.#foot,
            ),
        );
        this.element = h(
            "div",
            null,
            h("div", { class: "toolbar" }, h("h2", null, "Ledger"), this.#node, this.#verdict),
            h(
                "p",
                { class: "muted" },
                "Since each node was started: received = applied + late + duplicate + rejected.",
            ),
            this.#none,
            this.#scroll,
            this.#more,
        );
    }

    /** @param {LedgerAnswer} told */
    show(told) {
        this.#told = told;
        const nodes = told.nodes.map(({ node }) => node);
        if (this.#node.dataset.told !== nodes.join()) {
            this.#node.dataset.told = nodes.join();
            const chosen = this.#node.value;
            replace(
                this.#node,
                h("option", { value: "" }, "All nodes"),
                nodes.map((node) => h("option", { value: node }, node)),
            );
            this.#node.value = nodes.includes(chosen) ? chosen : "";
            this.#node.hidden = nodes.length < 2;
        }
        this.#draw();
    }

    #draw() {
        if (!this.#told) return;
        const { sources, total } = this.#told.nodes.find(({ node }) => node === this.#node.value) ?? this.#told;
        const balanced = sources.every(isBalanced) && isBalanced(total);
        const rates = this.#rates(
            this.#told.nodes.some(({ node }) => node === this.#node.value) ? this.#node.value : "",
            sources,
            total,
        );
        this.#none.hidden = sources.length > 0;
        this.#scroll.hidden = sources.length === 0;
        const verdict = balanced ? "✓ balances" : "✗ does not balance";
        if (this.#verdict.textContent !== verdict) this.#verdict.textContent = verdict;
        this.#verdict.className = `verdict ${balanced ? "up" : "down"}`;
        const shown = [...sources].sort((a, b) => b.received - a.received).slice(0, mostSources);
        this.#fill(
            this.#body,
            shown.map((line) => ({
                name: line.source === "-" ? "(no source)" : line.source,
                line,
                rate: rates.get(line.source),
            })),
        );
        this.#fill(this.#foot, [{ name: "Total", line: total, rate: rates.get("") }]);
        this.#more.hidden = sources.length <= mostSources;
        this.#more.textContent = `The ${mostSources} sources that sent most, of ${format.count(sources.length)}.`;
    }

    /** @param {HTMLElement} part @param {{ name: string, line: Counts, rate: number | undefined }[]} rows */
    #fill(part, rows) {
        while (part.children.length > rows.length) part.lastElementChild?.remove();
        while (part.children.length < rows.length)
            part.append(
                h(
                    "tr",
                    null,
                    h("th", { scope: "row" }),
                    terms.map(([, name, sign]) => [
                        sign && h("td", { class: "sign" }, sign),
                        h("td", { class: "num", dataset: { term: `${sign} ${name}` } }),
                    ]),
                    h("td", null),
                    h("td", { class: "num" }),
                    h("td", { class: "num" }),
                ),
            );
        rows.forEach(({ name, line, rate }, place) => {
            const cells = [...part.children[place].children].filter((cell) => !cell.classList.contains("sign"));
            const good = isBalanced(line);
            const texts = [
                name,
                ...terms.map(([term]) => format.count(line[term])),
                good
                    ? "✓"
                    : `✗ ${format.count(line.received - line.applied - line.late - line.duplicate - line.rejected)} missing`,
                format.rate(rate),
                format.count(line.rounded),
            ];
            texts.forEach((text, column) => {
                if (cells[column].textContent !== text) cells[column].textContent = text;
            });
            cells[6].className = good ? "up" : "down";
            cells[6].setAttribute("aria-label", good ? "balances" : "does not balance");
            cells[5].classList.toggle("down", line.rejected > 0);
            cells[3].classList.toggle("warn", line.late > 0);
        });
    }

    /** Records a second by source, and of all under "". @param {string} of @param {import("./ingest.js").LedgerLine[]} sources @param {Counts} total */
    #rates(of, sources, total) {
        const now = {
            at: performance.now(),
            received: new Map([
                ["", total.received],
                ...sources.map((line) => /** @type {[string, number]} */ ([line.source, line.received])),
            ]),
        };
        if (this.#body.dataset.of !== of) this.#before = [];
        this.#body.dataset.of = of;
        while (this.#before.length > 1 && now.at - this.#before[1].at >= over) this.#before.shift();
        const first = this.#before[0];
        this.#before.push(now);
        /** @type {Map<string, number>} */
        const rates = new Map();
        if (!first || now.at - first.at < 500) return rates;
        for (const [source, received] of now.received) {
            // One that is less than before is of a node that was started again, or is gone.
            const before = first.received.get(source) ?? 0;
            if (received >= before) rates.set(source, ((received - before) * 1e3) / (now.at - first.at));
        }
        return rates;
    }
}
