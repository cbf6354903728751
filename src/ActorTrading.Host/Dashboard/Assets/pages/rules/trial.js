// The dry run: the node replays recent records under the edited plan and under the plan in force, and compares the signals.

import { post, symbolPath } from "../../lib/api.js";
import { h, replace } from "../../lib/dom.js";
import { count, dateTime, duration, none, price, time } from "../../lib/format.js";
import * as states from "../../lib/states.js";
import { VirtualTable } from "../../lib/table.js";
import { side } from "../signals/side.js";

/**
 * A signal of either plan. `present` is the one of the plan in force, `proposed` that of the edited plan;
 * either may be missing.
 * @typedef {{
 *   fate: string, symbol: string, name: string, action: string, frame: string, present: any, proposed: any,
 * }} Change
 */

/**
 * The sign, the word and the CSS class of each `fate`: what the edited plan changes about a signal.
 * @type {Record<string, [string, string, string]>}
 */
const fates = {
    comes: ["+", "comes", "up"],
    goes: ["−", "goes", "down"],
    moves: ["↔", "moves", "warn"],
    stays: ["=", "stays", "muted"],
};

const rowHeight = 26; // pixels
const narrow = 700; // pixels of window width, below which times are shown without their date

export class Trial {
    #running = new AbortController();
    /** @type {VirtualTable<Change> | null} */
    #table = null;
    #plan;
    #result = h("div", { class: "trial-result" });
    #symbols = h("input", { type: "search", id: "trial-symbols", placeholder: "all", size: 14 });
    #records = h(
        "select",
        { id: "trial-records" },
        [50_000, 200_000, 1_000_000, 2_000_000].map((n) => h("option", { value: String(n) }, count(n))),
    );
    #cancel = h("button", { type: "button", hidden: true, onClick: () => this.stop() }, "Cancel");
    #status = h("span", { class: "muted", role: "status" });
    /** @type {number | undefined} */
    #timer;

    /**
     * @param {() => string} plan returns the text of the edited plan
     * @param {AbortSignal} signal
     */
    constructor(plan, signal) {
        this.#plan = plan;
        this.#records.value = "200000";
        this.button = h("button", { type: "button", onClick: () => this.run() }, "Dry run");
        this.element = h(
            "section",
            { class: "panel trial", "aria-labelledby": "trial-title" },
            h("h2", { id: "trial-title" }, "Dry run"),
            h(
                "p",
                { class: "muted" },
                "This plan and the plan in force both replay the same history. The live market and the plan are not changed.",
            ),
            h(
                "div",
                { class: "toolbar" },
                h("label", { for: "trial-symbols" }, "Symbols"),
                this.#symbols,
                h("label", { for: "trial-records" }, "Newest records of each"),
                this.#records,
                this.button,
                this.#cancel,
                this.#status,
            ),
            this.#result,
        );
        signal.addEventListener("abort", () => this.stop(), { once: true });
    }

    stop() {
        this.#running.abort();
        clearInterval(this.#timer);
    }

    async run() {
        this.stop();
        const running = (this.#running = new AbortController());
        const { signal } = running;
        const begun = performance.now();
        const tell = () => (this.#status.textContent = `Folding … ${Math.floor((performance.now() - begun) / 1000)} s`);
        this.#timer = setInterval(tell, 1_000);
        tell();
        this.button.disabled = true;
        this.#cancel.hidden = false;
        try {
            const query = new URLSearchParams({ records: this.#records.value, limit: "300" });
            const symbols = this.#symbols.value.replaceAll(/\s*,\s*/g, ",").trim();
            if (symbols) query.set("symbols", symbols);
            const told = await post(`/plan/dry-run?${query}`, this.#plan(), { signal });
            this.#status.textContent = "";
            this.#show(told);
        } catch (/** @type {any} */ error) {
            if (signal.aborted) {
                this.#status.textContent = "Cancelled";
            } else {
                this.#status.textContent = "";
                this.#table?.dispose();
                this.#table = null;
                if (error?.code === "busy")
                    states.empty(this.#result, "Another dry run is in progress", "Try again when it has finished.");
                else if (error?.code === "plan_refused")
                    states.empty(this.#result, "The plan has errors", "Fix the underlined errors first.");
                else states.failed(this.#result, error, () => this.run());
            }
        } finally {
            if (this.#running === running) {
                clearInterval(this.#timer);
                this.button.disabled = false;
                this.#cancel.hidden = true;
            }
        }
    }

    /** @param {any} told */
    #show(told) {
        this.#table?.dispose();
        const list = h("div", { class: "trial-list" });
        const { counts } = told;
        replace(
            this.#result,
            h(
                "dl",
                { class: "trial-counts" },
                tile("In force", count(counts.present), ""),
                tile("This plan", count(counts.proposed), ""),
                Object.entries({ comes: counts.come, goes: counts.go, moves: counts.move, stays: counts.stay }).map(
                    ([fate, n]) => tile(`${fates[fate][0]} ${fates[fate][1]}`, count(n), n > 0 ? fates[fate][2] : ""),
                ),
            ),
            h("p", { class: "muted" }, words(told)),
            told.rules.length > 0 ? h("div", { class: "scroll" }, ruleTable(told.rules)) : null,
            told.signals.length > 0 ? [h("h3", null, heading(told)), list] : null,
        );
        if (told.signals.length === 0) return (this.#table = null);
        list.style.height = `${Math.min(told.signals.length, 14) * rowHeight + 44}px`;
        this.#table = new VirtualTable(list, { label: "Signals of both plans", rowHeight, columns: columns() });
        this.#table.setRows(told.signals);
    }
}

/** @param {string} name @param {string} value @param {string} tone */
const tile = (name, value, tone) => h("div", null, h("dt", null, name), h("dd", { class: tone || null }, value));

/** @param {any} told */
function words(told) {
    const parts = [
        `${count(told.records)} records of ${count(told.symbols)} symbol${told.symbols === 1 ? "" : "s"} in ${duration(told.seconds * 1000)}`,
    ];
    if (told.first_time) parts.push(`from ${dateTime(told.first_time)} to ${dateTime(told.last_time)}`);
    if (told.symbols_from_later > 0)
        parts.push(
            `${count(told.symbols_from_later)} started after their first record, in both plans: indicators warm up there`,
        );
    if (told.end === "time_limit")
        parts.push(`stopped at the time limit: ${count(told.symbols_left)} symbols are omitted`);
    else if (told.end === "too_many_signals") parts.push("stopped because a rule fires too often to compare");
    else if (told.symbols_left > 0) parts.push(`${count(told.symbols_left)} symbols are omitted: name those you want`);
    return parts.join(" · ");
}

/** @param {any} told */
function heading({ signals, counts }) {
    const all = counts.come + counts.go + counts.move + counts.stay;
    return signals.length === all
        ? `All ${count(all)} signals`
        : `The newest ${count(signals.length)} of ${count(all)} signals`;
}

/** @param {any[]} rules */
function ruleTable(rules) {
    return h(
        "table",
        { class: "trial-rules" },
        h(
            "thead",
            null,
            h(
                "tr",
                null,
                h("th", { scope: "col" }, "Rule"),
                ["In force", "This plan", "+ comes", "− goes", "↔ moves", "= stays"].map((name) =>
                    h("th", { scope: "col", class: "num" }, name),
                ),
            ),
        ),
        h(
            "tbody",
            null,
            rules.map((rule) =>
                h(
                    "tr",
                    null,
                    h("th", { scope: "row" }, rule.name),
                    h("td", { class: "num" }, count(rule.present)),
                    h("td", { class: "num" }, count(rule.proposed)),
                    h("td", { class: rule.come ? "num up" : "num muted" }, count(rule.come)),
                    h("td", { class: rule.go ? "num down" : "num muted" }, count(rule.go)),
                    h("td", { class: rule.move ? "num warn" : "num muted" }, count(rule.move)),
                    h("td", { class: "num" }, count(rule.stay)),
                ),
            ),
        ),
    );
}

/** @returns {import("../../lib/table.js").Column<Change>[]} */
function columns() {
    const at = (/** @type {Change} */ row) => (row.proposed ?? row.present).time;
    const when = (/** @type {any} */ one) =>
        one ? (window.innerWidth < narrow ? time(one.time) : dateTime(one.time)) : none;
    const byTime = (/** @type {Change} */ a, /** @type {Change} */ b) => at(a).localeCompare(at(b));
    return [
        {
            id: "fate",
            title: "Fate",
            width: "5.5rem",
            text: (row) => row.fate,
            cell: (row, cell) => {
                const [shape, word, tone] = fates[row.fate];
                cell.textContent = `${shape} ${word}`;
                cell.className = `cell left ${tone}`;
            },
        },
        {
            id: "present",
            title: "In force",
            width: "clamp(5.2rem, 25vw, 12.5rem)",
            text: (row) => when(row.present),
            compare: byTime,
        },
        {
            id: "proposed",
            title: "This plan",
            width: "clamp(5.2rem, 25vw, 12.5rem)",
            text: (row) => when(row.proposed),
            compare: byTime,
        },
        {
            id: "symbol",
            title: "Symbol",
            width: "minmax(4rem, 1fr)",
            text: (row) => row.symbol,
            cell: (row, cell) => {
                const href = `#${symbolPath(row.symbol)}?frame=${encodeURIComponent(row.frame)}&at=${encodeURIComponent(at(row))}`;
                replace(cell, h("a", { href, tabindex: -1 }, row.symbol));
            },
        },
        { id: "rule", title: "Rule", width: "minmax(6rem, 2fr)", text: (row) => row.name, hide: 700 },
        {
            id: "side",
            title: "Side",
            width: "6.5rem",
            hide: 900,
            text: (row) => row.action,
            cell: (row, cell) => replace(cell, side(row.action)),
        },
        {
            id: "price",
            title: "Price",
            align: "right",
            width: "7.5rem",
            hide: 700,
            text: (row) => price((row.proposed ?? row.present).price),
        },
    ];
}
