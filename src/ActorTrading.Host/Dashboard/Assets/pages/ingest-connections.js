// TCP connections of all nodes.

import { h } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { VirtualTable } from "../lib/table.js";

/** @typedef {import("./ingest.js").Connection} Connection */
/** @typedef {Connection & { key: string, rate?: number }} Row */

const over = 5_000; // milliseconds that the rate is taken over

/** @type {import("../lib/table.js").Column<Row>[]} */
const columns = [
    { id: "source", title: "Source", width: "minmax(7rem, 1fr)", text: ({ source }) => source ?? "(no hello)" },
    { id: "remote", title: "From", width: "minmax(9rem, 1fr)", hide: 700, text: ({ remote }) => remote ?? format.none },
    { id: "node", title: "At node", width: "minmax(9rem, 1fr)", hide: 1000, text: ({ node }) => node },
    {
        id: "rate",
        title: "Rate",
        align: "right",
        width: "5.5rem",
        text: ({ rate }) => format.rate(rate),
        compare: (a, b) => (a.rate ?? 0) - (b.rate ?? 0),
    },
    {
        id: "records",
        title: "Records",
        align: "right",
        width: "7.5rem",
        hide: 480,
        text: ({ records }) => format.count(records),
        compare: (a, b) => a.records - b.records,
    },
    {
        id: "rejected",
        title: "Rejected",
        align: "right",
        width: "6rem",
        hide: 900,
        text: ({ rejected }) => format.count(rejected),
        compare: (a, b) => a.rejected - b.rejected,
    },
    {
        id: "flight",
        title: "In flight",
        align: "right",
        width: "6rem",
        hide: 1100,
        text: ({ in_flight }) => format.count(in_flight),
        compare: (a, b) => a.in_flight - b.in_flight,
    },
    {
        id: "lag",
        title: "Lag",
        align: "right",
        width: "5.5rem",
        text: ({ lag_seconds }) => format.duration(lag_seconds * 1e3),
        compare: (a, b) => a.lag_seconds - b.lag_seconds,
    },
    {
        id: "ack",
        title: "Last ack",
        align: "right",
        width: "7rem",
        text: ({ last_ack }) => (last_ack ? format.time(last_ack) : "none"),
        compare: (a, b) => (a.last_ack ?? "").localeCompare(b.last_ack ?? ""),
    },
    {
        id: "seq",
        title: "Seq acked",
        align: "right",
        width: "8rem",
        hide: 1250,
        text: ({ acked_seq }) => format.count(acked_seq),
        compare: (a, b) => (a.acked_seq ?? -1) - (b.acked_seq ?? -1),
    },
    {
        id: "bytes",
        title: "Bytes in",
        align: "right",
        width: "6.5rem",
        hide: 1250,
        text: ({ bytes_in }) => format.bytes(bytes_in),
        compare: (a, b) => a.bytes_in - b.bytes_in,
    },
    {
        id: "since",
        title: "Since",
        align: "right",
        width: "12.5rem",
        hide: 1400,
        text: ({ since }) => format.dateTime(since),
        compare: (a, b) => a.since.localeCompare(b.since),
    },
];

export class Connections {
    /** @type {VirtualTable<Row> | null} */
    #table = null;
    /** @type {Map<string, { row: Row, seen: { at: number, records: number }[] }>} */
    #known = new Map();
    #count = h("span", { class: "muted" });
    #none = h(
        "p",
        { class: "muted", hidden: true },
        "No TCP connections. Records may arrive by POST /ingest, which keeps no connection.",
    );
    #place = h("div", { class: "connections" });
    #signal;

    element = h(
        "div",
        null,
        h("div", { class: "toolbar" }, h("h2", null, "Connections"), this.#count),
        this.#none,
        this.#place,
    );

    /** @param {AbortSignal} signal */
    constructor(signal) {
        this.#signal = signal;
    }

    /** @param {Connection[]} connections @param {boolean} several whether there are several nodes */
    show(connections, several) {
        const now = performance.now();
        const keys = new Set();
        let isNew = false;
        for (const connection of connections) {
            const key = `${connection.node} ${connection.connection} ${connection.since}`;
            keys.add(key);
            let known = this.#known.get(key);
            if (!known) {
                isNew = true;
                this.#known.set(key, (known = { row: { ...connection, key }, seen: [] }));
            }
            Object.assign(known.row, connection);
            while (known.seen.length > 1 && now - known.seen[1].at >= over) known.seen.shift();
            const first = known.seen[0];
            known.seen.push({ at: now, records: connection.records });
            known.row.rate =
                first && now - first.at >= 500
                    ? ((connection.records - first.records) * 1e3) / (now - first.at)
                    : undefined;
        }
        for (const key of this.#known.keys()) {
            if (keys.has(key)) continue;
            isNew = true;
            this.#known.delete(key);
        }
        this.#none.hidden = keys.size > 0;
        this.#place.hidden = keys.size === 0;
        const text = keys.size === 0 ? "" : `${format.count(keys.size)} open${several ? ", over all nodes" : ""}`;
        if (this.#count.textContent !== text) this.#count.textContent = text;
        if (keys.size === 0) return;
        this.#place.style.setProperty("--rows", String(Math.min(keys.size, 10)));
        if (!this.#table) {
            this.#table = new VirtualTable(this.#place, {
                columns,
                label: "Connections",
                sort: "rate",
                descending: true,
            });
            this.#signal.addEventListener("abort", () => this.#table?.dispose());
        }
        const rows = [...this.#known.values()].map(({ row }) => row);
        if (isNew) this.#table.setRows(rows);
        else this.#table.update(rows);
    }
}
