// What was refused, newest first, with its reason and how it looked.

import { h, replace } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { VirtualTable } from "../lib/table.js";
import { plain, spell } from "../lib/spell.js";

/** @typedef {import("./ingest.js").Reject} Reject */

const kept = 1_000; // as many as a node keeps
const atFirst = 500;
const later = 200;

/** @param {Reject} reject */
const keyOf = ({ node, number, time }) => `${node} ${number} ${time}`;

/** @type {import("../lib/table.js").Column<Reject>[]} */
const columns = [
    {
        id: "time",
        title: "Time",
        width: "5.5rem",
        text: ({ time }) => format.time(time),
        compare: (a, b) => a.time.localeCompare(b.time) || a.number - b.number,
    },
    { id: "reason", title: "Reason", width: "minmax(9rem, 13rem)", text: ({ reason }) => reason },
    {
        id: "field",
        title: "Field and value",
        width: "minmax(9rem, 1fr)",
        hide: 560,
        text: ({ field, value }) => plain(`${field} = ${value}`),
    },
    {
        id: "source",
        title: "Source",
        width: "minmax(6rem, 9rem)",
        hide: 760,
        text: ({ source }) => (source === "-" ? "(none)" : source),
    },
    {
        id: "seq",
        title: "Seq",
        align: "right",
        width: "6rem",
        hide: 1000,
        text: ({ seq }) => (seq === undefined ? format.none : String(seq)),
        compare: (a, b) => (a.seq ?? -1) - (b.seq ?? -1),
    },
    { id: "node", title: "At node", width: "minmax(8rem, 10rem)", hide: 1250, text: ({ node }) => node },
    {
        id: "raw",
        title: "Input",
        width: "minmax(8rem, 2fr)",
        text: ({ raw }) => plain(raw),
        cell: ({ raw }, element) => {
            const text = plain(raw);
            if (element.textContent === text) return;
            element.classList.add("mono");
            element.textContent = text;
        },
    },
];

export class Rejects {
    /** Newest first. @type {Reject[]} */
    #rejects = [];
    /** @type {Set<string>} */
    #known = new Set();
    #reason = "";
    /** @type {Reject | null} */
    #open = null;
    /** @type {VirtualTable<Reject> | null} */
    #table = null;
    #signal;
    #reasons = h("ul", { class: "reasons" });
    #none = h("p", { class: "muted" }, "No rejects since the nodes started.");
    #place = h("div", { class: "rejects" });
    #detail = h("div", { class: "reject-detail", "aria-live": "polite" });

    element = h(
        "div",
        null,
        h("div", { class: "toolbar" }, h("h2", null, "Rejects")),
        h(
            "p",
            { class: "muted" },
            "The latest rejects of each node since its start; older ones are in the quarantine of its data folder.",
        ),
        this.#none,
        this.#reasons,
        this.#place,
        this.#detail,
    );

    /** @param {AbortSignal} signal */
    constructor(signal) {
        this.#signal = signal;
    }

    /** How many to ask for. */
    get wanted() {
        return this.#rejects.length === 0 ? atFirst : later;
    }

    /** @param {Reject[]} told newest first */
    show(told) {
        const fresh = told.filter((reject) => !this.#known.has(keyOf(reject)));
        this.#none.hidden = this.#rejects.length + fresh.length > 0;
        if (fresh.length === 0) return;
        this.#rejects = [...fresh, ...this.#rejects].slice(0, kept);
        this.#known = new Set(this.#rejects.map(keyOf));
        this.#draw();
    }

    #draw() {
        /** @type {Map<string, number>} */
        const counts = new Map();
        for (const { reason } of this.#rejects) counts.set(reason, (counts.get(reason) ?? 0) + 1);
        if (!counts.has(this.#reason)) this.#reason = "";
        const most = Math.max(...counts.values());
        const focused =
            document.activeElement instanceof HTMLElement ? document.activeElement.dataset.reason : undefined;
        replace(
            this.#reasons,
            [["", this.#rejects.length], ...[...counts].sort((a, b) => b[1] - a[1])].map(([reason, count]) => {
                const bar = h("span", { class: "bar", "aria-hidden": true });
                bar.style.width = `${(100 * Number(count)) / (reason ? most : this.#rejects.length)}%`;
                const name = String(reason);
                return h(
                    "li",
                    null,
                    h(
                        "button",
                        {
                            type: "button",
                            "aria-pressed": this.#reason === name,
                            dataset: { reason: name },
                            onClick: () => this.#choose(name),
                        },
                        h("span", null, name || "all reasons"),
                        h("span", { class: "num" }, format.count(count)),
                        reason && bar,
                    ),
                );
            }),
        );
        if (focused !== undefined)
            /** @type {HTMLElement | null} */ (
                this.#reasons.querySelector(`[data-reason="${CSS.escape(focused)}"]`)
            )?.focus();
        if (!this.#table) {
            this.#table = new VirtualTable(this.#place, {
                columns,
                label: "Rejects, newest first",
                sort: "time",
                descending: true,
                onOpen: (reject) => this.#show(reject),
            });
            this.#signal.addEventListener("abort", () => this.#table?.dispose());
        }
        const shown = this.#rejects.filter(({ reason }) => !this.#reason || reason === this.#reason);
        this.#place.style.setProperty("--rows", String(Math.min(shown.length, 12)));
        this.#table.setRows(shown);
        if (!this.#open) this.#show(shown[0]);
    }

    /** @param {string} reason */
    #choose(reason) {
        this.#reason = reason;
        this.#open = null;
        this.#draw();
    }

    /** @param {Reject} reject */
    #show(reject) {
        this.#open = reject;
        /** @type {[string, import("../lib/dom.js").Child][]} */
        const rows = [
            ["Refused", `${format.dateTime(reject.time)} at ${reject.node}`],
            ["Came by", `${reject.door} from ${reject.peer || format.none}`],
            [
                "Source",
                `${reject.source === "-" ? "(none)" : reject.source}, epoch ${reject.epoch}${reject.seq === undefined ? "" : `, seq ${reject.seq}`}${reject.place === undefined ? "" : `, line or frame ${reject.place}`}`,
            ],
            ["Symbol", reject.symbol ?? format.none],
            ["Field and value", h("span", { class: "mono" }, `${plain(reject.field)} = `, spell(reject.value))],
        ];
        replace(
            this.#detail,
            h("h3", null, reject.reason),
            h("p", null, reject.advice),
            h(
                "dl",
                { class: "facts" },
                rows.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
            ),
            h("p", { class: "muted" }, "Input: a record as its canonical line, bytes in hexadecimal:"),
            h("pre", { class: "raw", tabindex: 0, role: "region", "aria-label": "Input" }, spell(reject.raw)),
        );
    }
}
