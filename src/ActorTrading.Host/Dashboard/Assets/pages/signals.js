import { get } from "../lib/api.js";
import * as alerts from "../lib/alerts.js";
import { frame, h, replace } from "../lib/dom.js";
import { count, dateTime, price, time } from "../lib/format.js";
import { subscribe } from "../lib/live.js";
import { current } from "../lib/session.js";
import * as settings from "../lib/settings.js";
import * as states from "../lib/states.js";
import { VirtualTable } from "../lib/table.js";
import { explain } from "./signals/explanation.js";
import { SignalLog } from "./signals/log.js";
import { sideClass, sideText } from "./signals/side.js";
import { webhooks } from "./signals/webhooks.js";

/** @typedef {import("./signals/log.js").Row} Row */

export const title = "Signals";

const kept = 20_000; // rows in memory; only the visible ones have DOM elements
const rowHeight = 28; // pixels
const choices = 500; // limit of the rule filter's options
const enough = 60; // rows to read from the node before it waits for the user to scroll
const flash = 1_500; // ms that a new row is highlighted
const narrow = 700; // pixels of window width, below which times are shown without their date

/** @param {import("../app.js").PageContext} context */
export async function open({ root, params, signal }) {
    const page = new SignalsPage(root, signal);
    page.begin();
    const id = params.get("explain");
    if (id) page.explain(id);
    await page.names();
}

class SignalsPage {
    #signal;
    #root;
    #search = new AbortController();
    #explaining = new AbortController();
    #log = new SignalLog({ symbols: [], rule: "", action: "" }, kept);
    /** @type {any[]} */
    #arrived = [];
    #isReading = false;
    #fresh = new Map();
    #table;
    #list = h("div", { class: "signals-list" });
    #empty = h("div", { class: "signals-empty", hidden: true });
    #aside = h("section", { class: "panel explanation", hidden: true, tabindex: -1, "aria-label": "Explanation" });
    #status = h("span", { class: "muted", role: "status" });
    #newest = h("button", { type: "button", hidden: true, onClick: () => this.begin() });
    #said = h("span", { class: "warn", role: "status" });
    #symbol = h("input", {
        type: "search",
        "aria-label": "Symbols, separated by commas",
        placeholder: "Symbols",
        list: "signal-symbols",
        size: 14,
        onChange: () => this.begin(),
        onSearch: () => this.begin(),
    });
    #symbols = h("datalist", { id: "signal-symbols" });
    #rule = h(
        "select",
        { "aria-label": "Rule", onChange: () => this.begin() },
        h("option", { value: "" }, "Every rule"),
    );
    #side = h(
        "select",
        { "aria-label": "Side", onChange: () => this.begin() },
        h("option", { value: "" }, "Every side"),
        ["buy", "sell", "alert"].map((side) => h("option", { value: side }, sideText(side))),
    );

    /** @param {HTMLElement} root @param {AbortSignal} signal */
    constructor(root, signal) {
        this.#signal = signal;
        this.#root = root;
        signal.addEventListener("abort", () => {
            this.#search.abort();
            this.#explaining.abort();
            this.#table.dispose();
        });
        replace(
            root,
            h(
                "div",
                { class: "toolbar" },
                h("h1", null, title),
                this.#symbol,
                this.#symbols,
                this.#rule,
                this.#side,
                this.#newest,
                this.#status,
                h("span", { class: "grow" }),
                this.#said,
                this.#toggle("notifications", "Notify", (on) => alerts.wantNotifications(on)),
                this.#toggle("sound", "Sound", (on) => alerts.wantSound(on)),
            ),
            h(
                "div",
                { class: "signals-body" },
                h("div", { class: "signals-log" }, this.#list, this.#empty),
                this.#aside,
            ),
            webhooks(signal),
        );
        this.#table = this.#build();
    }

    /** Clears the rows and reads the newest signals that match the filters. */
    begin() {
        this.#search.abort();
        const search = (this.#search = new AbortController());
        this.#log = new SignalLog(
            {
                symbols: this.#symbol.value
                    .split(",")
                    .map((name) => name.trim())
                    .filter((name) => name !== ""),
                rule: this.#rule.value,
                action: this.#side.value,
            },
            kept,
        );
        this.#arrived = [];
        this.#isReading = false;
        this.#empty.hidden = true;
        this.#table.element.scrollTop = 0;
        this.#read(search.signal, true);
    }

    /** Fills the options of the symbol and rule filters. */
    async names() {
        const signal = this.#signal;
        const [symbols, plan] = await Promise.all([
            get("/symbols", { signal }).catch(() => ({ symbols: [] })),
            !current().rules || current().rights.read_all ? get("/plan", { signal }).catch(() => null) : null,
        ]);
        if (signal.aborted) return;
        replace(
            this.#symbols,
            symbols.symbols.slice(0, 1_000).map((/** @type {any} */ one) => h("option", { value: one.symbol })),
        );
        const settings = plan ? [plan.plan, ...Object.values(plan.plan.symbols ?? {})] : [];
        for (const { rules } of settings) {
            for (const rule of rules ?? []) this.#offer(typeof rule === "string" ? rule : (rule.name ?? rule.rule));
        }
    }

    /** @param {string} name */
    #offer(name) {
        if (this.#rule.options.length > choices || [...this.#rule.options].some(({ value }) => value === name)) return;
        this.#rule.append(h("option", { value: name }, name.length > 60 ? name.slice(0, 59) + "…" : name));
    }

    /** @param {string} id */
    explain(id) {
        this.#explaining.abort();
        const explaining = (this.#explaining = new AbortController());
        this.#aside.hidden = false;
        this.#root.classList.add("is-explaining");
        history.replaceState(null, "", `#/signals?explain=${encodeURIComponent(id)}`);
        explain(this.#aside, id, explaining.signal, () => this.#close());
        this.#aside.focus({ preventScroll: true });
        if (window.innerWidth < 1100) this.#aside.scrollIntoView({ block: "start" });
    }

    #close() {
        this.#explaining.abort();
        this.#aside.hidden = true;
        this.#root.classList.remove("is-explaining");
        history.replaceState(null, "", "#/signals");
        this.#table.element.focus();
    }

    /**
     * A check box that is bound to a setting.
     * @param {"notifications" | "sound"} name
     * @param {string} text
     * @param {(on: boolean) => any} want changes the setting; may return a message why it cannot
     */
    #toggle(name, text, want) {
        const box = h("input", {
            type: "checkbox",
            checked: settings.get(name),
            onChange: async () => {
                this.#said.textContent = (await want(box.checked)) ?? "";
                box.checked = settings.get(name);
            },
        });
        settings.onChange(name, (on) => (box.checked = on), this.#signal);
        return h("label", { class: "toggle" }, box, ` ${text}`);
    }

    #build() {
        const isWithdrawn = (/** @type {Row} */ row) => this.#log.withdrawn.has(row.position);
        /** @type {VirtualTable<Row>} */
        const table = new VirtualTable(this.#list, {
            label: "Signal log, the newest first",
            rowHeight,
            onOpen: (row) => this.explain(row.id),
            columns: [
                {
                    id: "time",
                    title: "Time",
                    width: "clamp(5.2rem, 25vw, 12.5rem)",
                    text: (row) => dateTime(row.time),
                    compare: (a, b) => a.position - b.position,
                    cell: (row, cell) => {
                        const text = window.innerWidth < narrow ? time(row.time) : dateTime(row.time);
                        if (cell.textContent !== text) cell.textContent = text;
                        const line = cell.parentElement;
                        line?.classList.toggle("withdrawn", isWithdrawn(row));
                        line?.classList.toggle("fresh", this.#fresh.has(row.position));
                    },
                },
                {
                    id: "side",
                    title: "Side",
                    width: "clamp(5.5rem, 20vw, 8rem)",
                    text: (row) => row.action,
                    cell: (row, cell) => {
                        const text = sideText(row.action);
                        if (cell.textContent !== text) cell.textContent = text;
                        cell.className = `cell left ${sideClass(row.action)}`;
                    },
                },
                { id: "symbol", title: "Symbol", width: "minmax(4rem, 1fr)", text: (row) => row.symbol },
                {
                    id: "price",
                    title: "Price",
                    align: "right",
                    width: "minmax(5rem, 7rem)",
                    text: (row) => price(row.price),
                },
                { id: "rule", title: "Rule", width: "minmax(6rem, 2fr)", text: (row) => row.name, hide: 560 },
                { id: "frame", title: "Frame", width: "4.5rem", text: (row) => row.frame, hide: 760 },
                {
                    id: "state",
                    title: "State",
                    width: "minmax(7rem, 1fr)",
                    hide: 900,
                    text: (row) =>
                        row.withdraws !== null
                            ? `withdraws ${count(row.withdraws)}`
                            : isWithdrawn(row)
                              ? "✕ withdrawn"
                              : "",
                },
                {
                    id: "position",
                    title: "No.",
                    align: "right",
                    width: "5rem",
                    hide: 640,
                    text: (row) => count(row.position),
                    compare: (a, b) => a.position - b.position,
                },
            ],
        });
        table.element.addEventListener("scroll", () => this.#onScroll(), { passive: true, signal: this.#signal });
        return table;
    }

    #onScroll() {
        const { scrollTop, clientHeight, scrollHeight } = this.#table.element;
        if (scrollTop + clientHeight > scrollHeight - 20 * rowHeight) this.#read(this.#search.signal, false);
    }

    /**
     * Reads pages of older signals until at least `enough` rows arrived or the beginning of the log is reached. The first read
     * then subscribes to live signals from the end of the log.
     * @param {AbortSignal} signal
     * @param {boolean} isFirst
     */
    async #read(signal, isFirst) {
        if (this.#isReading || signal.aborted || (this.#log.isAtFirst && !isFirst)) return;
        this.#isReading = true;
        const log = this.#log;
        try {
            const had = log.newer;
            let came = 0;
            do {
                this.#tell(log.rows.length === 0 ? "Reading …" : `Reading before ${count(log.next)} …`);
                came += await log.older(signal);
            } while (came < enough && !log.isAtFirst);
            const gone = log.newer - had;
            // Keeps the visible rows in place after rows above were dropped.
            if (gone > 0) this.#table.element.scrollTop -= gone * rowHeight;
            this.#show();
            if (isFirst)
                subscribe({ topics: ["signals"], from: log.start }, { signal: (value) => this.#arrive(value) }, signal);
        } catch (error) {
            if (signal.aborted) return;
            states.failed(this.#list, error, () => {
                this.#table.dispose();
                this.#table = this.#build();
                this.begin();
            });
        } finally {
            if (!signal.aborted) this.#isReading = false;
        }
    }

    /** @param {any} value */
    #arrive(value) {
        this.#arrived.push(value);
        frame(this.#draw);
    }

    #draw = () => {
        if (this.#signal.aborted) return;
        let added = 0;
        for (const value of this.#arrived) {
            if (!this.#log.take(value)) continue;
            added++;
            this.#fresh.set(value.position, true);
            setTimeout(() => this.#fresh.delete(value.position) && frame(this.#redraw), flash);
        }
        this.#arrived = [];
        const { element } = this.#table;
        // Keeps the visible rows in place while new ones are added above.
        if (added > 0 && element.scrollTop > rowHeight / 2) element.scrollTop += added * rowHeight;
        this.#show();
    };

    #redraw = () => this.#table.update();

    #show() {
        const { rows, newer, isAtFirst } = this.#log;
        for (const { name } of rows.slice(0, 50)) this.#offer(name);
        this.#table.setRows(rows);
        this.#newest.hidden = newer === 0;
        this.#newest.textContent = `To the newest (${count(newer)} above)`;
        const isEmpty = rows.length === 0;
        if (isEmpty && this.#empty.hidden)
            states.empty(
                this.#empty,
                this.#isFiltered ? "No signal matches the filters" : "No signal yet",
                this.#isFiltered
                    ? "A matching signal appears here when it fires."
                    : "It appears here as soon as a rule fires.",
            );
        this.#empty.hidden = !isEmpty;
        this.#tell(
            isEmpty
                ? ""
                : `${count(rows.length)} shown${isAtFirst ? ", back to the first" : ", older ones by scrolling"}`,
        );
    }

    get #isFiltered() {
        return this.#symbol.value !== "" || this.#rule.value !== "" || this.#side.value !== "";
    }

    /** @param {string} text */
    #tell(text) {
        if (this.#status.textContent !== text) this.#status.textContent = text;
    }
}
