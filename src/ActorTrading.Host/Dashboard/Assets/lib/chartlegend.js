// The legend of a symbol's chart: prices and volume of one bar, and the indicator values at that bar. Each indicator value is a button that
// shows or hides its curve.

import { h } from "./dom.js";
import { dateTime, percent, signed } from "./format.js";
import { compact, exact } from "./numbers.js";
import { patch } from "./patch.js";
import { arrow, colour } from "./symbolpanels.js";

/** @typedef {import("./chart.js").SymbolChart} SymbolChart */
/** @typedef {import("./chart.js").Curve} Curve */

export class ChartLegend {
    element = h("div", { class: "legend", role: "group", "aria-label": "Values at the cursor" });

    #bar = h("div", { class: "legend-bar" });
    /** @type {{ curve: Curve, value: HTMLElement }[]} */
    #curves = [];
    #chart;
    #venue;
    #hidden;

    /**
     * @param {SymbolChart} chart
     * @param {string} venue the venue's zone
     * @param {Set<string>} hidden names of the hidden columns; the buttons change it
     */
    constructor(chart, venue, hidden) {
        this.#chart = chart;
        this.#venue = venue;
        this.#hidden = hidden;
        const over = h("div", { class: "legend-curves" });
        this.element.append(this.#bar, over);
        for (const curve of chart.curves) {
            if (hidden.has(curve.column.name)) chart.show(curve, false);
            (curve.pane === 0 ? over : chart.legendOf(curve.pane)).append(this.#button(curve));
        }
    }

    /**
     * Shows a bar and its indicator values.
     * @param {any} bar null or undefined: none
     * @param {any} before the previous bar, if there is one
     * @param {Record<string, number | null>} values by column name
     */
    show(bar, before, values) {
        patch(this.#bar, bar && this.#figures(bar, before));
        for (const { curve, value } of this.#curves) {
            const known = values[curve.column.name];
            const text = this.#chart.value(curve.column, known);
            if (value.textContent !== text) value.textContent = text;
            value.title = known === null || known === undefined ? "absent" : String(known);
        }
    }

    /** @param {any} bar @param {any} before */
    #figures(bar, before) {
        const { price } = this.#chart;
        const change = before ? Number((bar.close - before.close).toPrecision(12)) : null;
        return [
            h("span", { class: "legend-time" }, dateTime(bar.open_time, this.#venue)),
            part("O", price(bar.open)),
            part("H", price(bar.high)),
            part("L", price(bar.low)),
            part("C", price(bar.close)),
            change !== null &&
                h(
                    "span",
                    { class: `part ${colour(change)}` },
                    `${arrow(change)} ${signed(change)} (${percent((100 * change) / before.close)})`,
                ),
            part("V", compact(bar.volume), exact(bar.volume, 0)),
            bar.isOpen && h("span", { class: "tag" }, "open"),
        ];
    }

    /** @param {Curve} curve */
    #button(curve) {
        const { name, output, indicator } = curve.column;
        const isFirst = this.#curves.every((other) => other.curve.column.indicator !== indicator);
        const isHistogram = output === "histogram";
        const value = h("span", { class: "curve-value" });
        this.#curves.push({ curve, value });
        const button = h(
            "button",
            {
                type: "button",
                class: "curve",
                "aria-pressed": !this.#hidden.has(name),
                title: `${name}: show or hide`,
                style: { "--curve": isHistogram ? "var(--series-bar)" : `var(${curve.color})` },
                dataset: { column: name, style: isHistogram ? "bar" : curve.style },
                onClick: () => {
                    if (!this.#hidden.delete(name)) this.#hidden.add(name);
                    this.#chart.show(curve, !this.#hidden.has(name));
                    button.setAttribute("aria-pressed", String(!this.#hidden.has(name)));
                },
            },
            h("span", { class: "swatch", "aria-hidden": true }),
            // The first value of an indicator shows the whole name, the others only the output. Screen readers get the whole name of each.
            h(
                "span",
                { class: "curve-name" },
                isFirst ? name : [h("span", { class: "sr-only" }, indicator), `.${output}`],
            ),
            " ",
            value,
        );
        return button;
    }
}

/** @param {string} name @param {string} text @param {string} [full] */
const part = (name, text, full) =>
    h(
        "span",
        { class: "part" },
        h("span", { class: "part-name" }, name),
        " ",
        h("span", { class: `part-value part-${name}`, title: full ?? false }, text),
    );
