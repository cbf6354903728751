// Ticks that come after their bar has closed, as they come.

import { h } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { VirtualTable } from "../lib/table.js";

/** @typedef {{ at: number, number: number, symbol: string, ts: number | string, source?: string, seq?: number, [field: string]: any }} Late */

const kept = 500;

/** What identity and time leave of a record. @param {Late} record */
function values({ at, number, symbol, ts, source, seq, epoch, ...rest }) {
    return Object.entries(rest)
        .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`)
        .join(", ");
}

/** @type {import("../lib/table.js").Column<Late>[]} */
const columns = [
    {
        id: "at",
        title: "Seen",
        width: "5.5rem",
        text: ({ at }) => format.time(at),
        compare: (a, b) => a.number - b.number,
    },
    { id: "symbol", title: "Symbol", width: "minmax(6rem, 9rem)", text: ({ symbol }) => symbol ?? format.none },
    {
        id: "ts",
        title: "Stamped",
        width: "12.5rem",
        text: ({ ts }) => format.dateTime(ts),
        compare: (a, b) => Number(a.ts) - Number(b.ts),
    },
    { id: "values", title: "Record", width: "minmax(8rem, 2fr)", hide: 560, text: values },
    {
        id: "source",
        title: "Source",
        width: "minmax(6rem, 9rem)",
        hide: 760,
        text: ({ source }) => source ?? format.none,
    },
    {
        id: "seq",
        title: "Seq",
        align: "right",
        width: "7rem",
        hide: 900,
        text: ({ seq }) => (seq === undefined ? format.none : String(seq)),
        compare: (a, b) => (a.seq ?? -1) - (b.seq ?? -1),
    },
];

export class LateTicks {
    /** Newest first. @type {Late[]} */
    #records = [];
    #count = 0;
    #missed = 0;
    /** @type {VirtualTable<Late> | null} */
    #table = null;
    /** @type {number | undefined} */
    #timer;
    #signal;
    #said = h("span", { class: "muted" });
    #place = h("div", { class: "late", hidden: true });

    element = h(
        "div",
        null,
        h("div", { class: "toolbar" }, h("h2", null, "Late ticks"), this.#said),
        h(
            "p",
            { class: "muted" },
            "Records that arrived after their bar had closed: they are counted and change no bar. " +
                "Shown live while this page is open; earlier ones are in the ledger.",
        ),
        this.#place,
    );

    /** @param {AbortSignal} signal */
    constructor(signal) {
        this.#signal = signal;
        signal.addEventListener("abort", () => clearTimeout(this.#timer));
        this.#draw();
    }

    /** @param {any} record */
    add(record) {
        this.#records.unshift({ ...record, at: Date.now(), number: ++this.#count });
        if (this.#records.length > 2 * kept) this.#records.length = kept;
        this.#timer ??= setTimeout(() => this.#draw(), 250);
    }

    /** Some were dropped, since they came faster than they were taken. @param {number} count */
    missed(count) {
        this.#missed += count;
        this.#timer ??= setTimeout(() => this.#draw(), 250);
    }

    #draw() {
        this.#timer = undefined;
        if (this.#signal.aborted) return;
        this.#records.length = Math.min(this.#records.length, kept);
        this.#said.textContent =
            this.#count === 0
                ? "none yet"
                : `${format.count(this.#count + this.#missed)} since this page was opened` +
                  (this.#missed > 0 ? `, ${format.count(this.#missed)} of them not shown` : "");
        this.#place.hidden = this.#records.length === 0;
        if (this.#records.length === 0) return;
        if (!this.#table) {
            this.#table = new VirtualTable(this.#place, {
                columns,
                label: "Late ticks, newest first",
                sort: "at",
                descending: true,
            });
            this.#signal.addEventListener("abort", () => this.#table?.dispose());
        }
        this.#place.style.setProperty("--rows", String(Math.min(this.#records.length, 8)));
        this.#table.setRows([...this.#records]);
    }
}
