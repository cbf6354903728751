// Every symbol in a table that sorts and filters.

import { h, replace } from "../lib/dom.js";
import { get } from "../lib/api.js";
import { subscribe } from "../lib/live.js";
import * as format from "../lib/format.js";
import * as session from "../lib/session.js";
import * as states from "../lib/states.js";
import { VirtualTable } from "../lib/table.js";

export const title = "Market";

/**
 * A row as the node sends it, see docs/http.md. An update is laid over it.
 * @typedef {{
 *   symbol: string, price: number | null, time: string | null, change: number | null, change_percent: number | null,
 *   volume: number | null, rate: number | null, late: number, previous_close: number | null, signals_today: number,
 *   signal: { position: number, name: string, action: string, time: string } | null, closes: number[],
 * }} Told
 */
/**
 * And what the page adds: the direction of the last change of its price, the line of its closes and of what it was made.
 * @typedef {Told & { moved: number, path: string, pathOf: string }} Row
 */
/** @typedef {{ rows: Told[], snapshot?: boolean, left?: number }} Message */

const everySecond = 1_000;
const ledgerEvery = 5_000;
const patience = 3_000; // for the first rows, before it is asked what is the matter

/** @type {Record<string, string>} */
const marks = { buy: "▲", sell: "▼", alert: "●", withdrawn: "✕" };

/** What is shown of all. @type {Record<string, { title: string, takes: (row: Row) => boolean }>} */
const views = {
    all: { title: "All", takes: () => true },
    gainers: { title: "Gainers", takes: (row) => (row.change ?? 0) > 0 },
    losers: { title: "Losers", takes: (row) => (row.change ?? 0) < 0 },
    signals: { title: "With signals", takes: (row) => row.signals_today > 0 },
};

/** A figure that is missing is less than any other. @param {number | null | undefined} value */
const number = (value) => value ?? -Infinity;

/** @param {(row: Row) => number | null | undefined} of @returns {(a: Row, b: Row) => number} */
const byNumber = (of) => (a, b) => {
    const [left, right] = [number(of(a)), number(of(b))];
    return left === right ? bySymbol(a, b) : left < right ? -1 : 1;
};

/** @param {Row} a @param {Row} b */
const bySymbol = (a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0);

/** @param {string} symbol */
const address = (symbol) => `#/symbols/${encodeURIComponent(symbol)}`;

/** @param {number | null} change */
const direction = (change) => ((change ?? 0) > 0 ? "up" : (change ?? 0) < 0 ? "down" : "");

/** @param {Row} row */
const signalText = ({ signal }) =>
    signal ? `${marks[signal.action] ?? ""} ${signal.action} ${signal.name} ${format.time(signal.time)}` : format.none;

/** @returns {import("../lib/table.js").Column<Row>[]} */
function columns() {
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    /** What each cell shows at present. @type {WeakMap<HTMLElement, { row: Row, price: number | null }>} */
    const shown = new WeakMap();

    return [
        {
            id: "symbol",
            title: "Symbol",
            width: "minmax(5.5rem, 1.2fr)",
            text: (row) => row.symbol,
            compare: bySymbol,
            cell(row, element) {
                let link = /** @type {HTMLAnchorElement | null} */ (element.firstElementChild);
                if (!link) element.append((link = h("a", { class: "symbol", tabindex: -1 })));
                if (link.textContent === row.symbol) return;
                link.textContent = row.symbol;
                link.href = address(row.symbol);
            },
        },
        {
            id: "price",
            title: "Last",
            align: "right",
            width: "minmax(5.5rem, 1fr)",
            text: (row) => format.price(row.price),
            compare: byNumber((row) => row.price),
            cell(row, element) {
                const before = shown.get(element);
                if (before?.row === row && before.price === row.price) return;
                element.textContent = format.price(row.price);
                if (before?.row === row && !still.matches) flash(element, row.moved);
                shown.set(element, { row, price: row.price });
            },
        },
        {
            id: "change",
            title: "Change",
            align: "right",
            width: "minmax(5rem, 1fr)",
            hide: 900,
            text: (row) => format.signed(row.change),
            compare: byNumber((row) => row.change),
            cell: (row, element) => figure(element, format.signed(row.change), direction(row.change)),
        },
        {
            id: "percent",
            title: "Change %",
            align: "right",
            width: "minmax(5.5rem, 1fr)",
            text: (row) => format.percent(row.change_percent),
            compare: byNumber((row) => row.change_percent),
            cell: (row, element) => figure(element, format.percent(row.change_percent), direction(row.change)),
        },
        {
            id: "trend",
            title: "Trend",
            width: "minmax(6rem, 1.4fr)",
            hide: 480,
            text: (row) => (row.closes.length > 0 ? String(row.closes.length) : ""),
            compare: byNumber((row) => (row.closes.length > 0 ? (row.price ?? 0) / row.closes[0] : null)),
            cell: trend,
        },
        {
            id: "volume",
            title: "Volume",
            align: "right",
            width: "minmax(6rem, 1fr)",
            hide: 700,
            text: (row) => format.size(row.volume),
            compare: byNumber((row) => row.volume),
        },
        {
            id: "rate",
            title: "Rate",
            align: "right",
            width: "minmax(5rem, 0.8fr)",
            hide: 1000,
            text: (row) => format.rate(row.rate ?? 0),
            compare: byNumber((row) => row.rate ?? 0),
        },
        {
            id: "today",
            title: "Signals",
            align: "right",
            width: "minmax(4.5rem, 0.6fr)",
            hide: 1200,
            text: (row) => format.count(row.signals_today),
            compare: byNumber((row) => row.signals_today),
        },
        {
            id: "signal",
            title: "Last signal",
            width: "minmax(10rem, 2fr)",
            hide: 800,
            text: signalText,
            compare: byNumber((row) => row.signal?.position),
            cell(row, element) {
                const kind = row.signal?.action === "buy" ? "up" : row.signal?.action === "sell" ? "down" : "";
                figure(element, signalText(row), kind);
            },
        },
        {
            id: "time",
            title: "Time",
            align: "right",
            width: "minmax(5rem, 0.8fr)",
            hide: 1100,
            text: (row) => format.time(row.time),
            compare: (a, b) => {
                const [left, right] = [a.time ?? "", b.time ?? ""];
                return left === right ? bySymbol(a, b) : left < right ? -1 : 1;
            },
        },
    ];
}

/** @param {HTMLElement} element @param {string} text @param {string} kind */
function figure(element, text, kind) {
    if (element.textContent !== text) element.textContent = text;
    if (element.dataset.kind === kind) return;
    element.dataset.kind = kind;
    element.classList.toggle("up", kind === "up");
    element.classList.toggle("down", kind === "down");
}

/** @param {HTMLElement} element @param {number} moved */
function flash(element, moved) {
    const colour = `color-mix(in srgb, var(${moved > 0 ? "--up" : "--down"}) 28%, transparent)`;
    element.animate([{ backgroundColor: colour }, { backgroundColor: "transparent" }], 600);
}

/** Draws the line of the last closes. @param {Row} row @param {HTMLElement} element */
function trend(row, element) {
    const kind = direction(row.closes.length > 0 && row.price !== null ? row.price - row.closes[0] : 0) || "flat";
    let path = element.querySelector("path");
    if (!path) {
        path = /** @type {SVGPathElement} */ (h("svg:path"));
        const box = { class: "spark", viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-hidden": true };
        element.append(h("svg:svg", box, path));
    }

    const line = lineOf(row);
    if (path.getAttribute("d") !== line) path.setAttribute("d", line);
    if (path.getAttribute("class") !== kind) path.setAttribute("class", kind);
}

/**
 * The closes and the price behind them, as the path of a line in a box of 100 by 20; kept until they change.
 * @param {Row} row
 */
function lineOf(row) {
    const points = row.price === null ? row.closes : [...row.closes, row.price];
    const madeOf = `${row.price} ${row.closes.length} ${row.closes[0]} ${row.closes[row.closes.length - 1]}`;
    if (row.pathOf === madeOf) return row.path;
    const [low, high] = [Math.min(...points), Math.max(...points)];
    const step = 100 / Math.max(1, points.length - 1);
    row.path = points
        .map((point, i) => {
            const height = high > low ? 19 - (18 * (point - low)) / (high - low) : 10;
            return `${i === 0 ? "M" : "L"}${(i * step).toFixed(1)} ${height.toFixed(1)}`;
        })
        .join("");
    row.pathOf = madeOf;
    return row.path;
}

/** @param {import("../app.js").PageContext} context */
export async function open({ root, params, signal, go }) {
    /** @type {Map<string, Row>} */
    const rows = new Map();
    /** Those that a snapshot has brought so far; null when it is complete. @type {Set<string> | null} */
    let bringing = null;
    let isThere = false;
    let view = views[params.get("show") ?? ""] ? /** @type {string} */ (params.get("show")) : "all";

    /** @type {Record<string, HTMLElement>} */
    const figures = {};
    const strip = h(
        "dl",
        { class: "market-strip" },
        [
            ["symbols", "Symbols"],
            ["rate", "Records"],
            ["signals", "Signals today"],
            ["late", "Late"],
            ["rejected", "Rejected"],
        ].map(([id, name]) =>
            h("div", null, h("dt", null, name), (figures[id] = h("dd", { id: `market-${id}` }, format.none))),
        ),
    );
    const filter = h("input", {
        type: "search",
        class: "market-filter",
        placeholder: "Filter symbols",
        "aria-label": "Filter symbols",
        value: params.get("filter") ?? "",
        onInput: () => choose(),
    });
    const buttons = Object.entries(views).map(([name, { title: text }]) =>
        h(
            "button",
            { type: "button", dataset: { view: name }, "aria-pressed": name === view, onClick: () => choose(name) },
            text,
        ),
    );
    const shownCount = h("span", { class: "muted market-count", role: "status" });
    const box = h("div", { class: "market-table" });
    const notice = h("p", { class: "market-notice warn", role: "status", hidden: true });
    replace(
        root,
        h("div", { class: "market-head" }, h("h1", null, title), strip),
        h(
            "div",
            { class: "toolbar" },
            filter,
            h("div", { class: "market-views", role: "group", "aria-label": "Show" }, buttons),
            shownCount,
        ),
        notice,
        box,
    );
    states.loading(box, "Waiting for the market …");

    /** @type {VirtualTable<Row> | null} */
    let table = null;
    /** @type {Row[]} */
    let listed = [];

    const lists = () => {
        const text = filter.value.trim().toLowerCase();
        const { takes } = views[view];
        return [...rows.values()].filter((row) => takes(row) && (!text || row.symbol.toLowerCase().includes(text)));
    };

    /** Lists the rows anew: some have come, or are no longer what was chosen. */
    const list = () => {
        if (!isThere) return;
        if (rows.size === 0) {
            table?.dispose();
            table = null;
            return states.empty(box, "No symbols yet", "They appear here with their first record.");
        }

        if (!table) {
            replace(box);
            table = new VirtualTable(box, {
                columns: columns(),
                label: "Symbols",
                rowHeight: 28,
                sort: "symbol",
                onOpen: (row) => go(address(row.symbol)),
            });
        }

        const next = lists();
        shownCount.textContent =
            next.length === rows.size ? "" : `${format.count(next.length)} of ${format.count(rows.size)}`;
        if (next.length === listed.length && next.every((row, i) => row === listed[i])) return;
        listed = next;
        table.setRows(next);
    };

    /** @param {string} [name] */
    const choose = (name = view) => {
        view = name;
        for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === view));
        list();
    };

    /** Takes rows over; returns those that were known, and whether there are others. @param {Told[]} told */
    const take = (told) => {
        let isNew = false;
        const changed = [];
        for (const update of told) {
            const row = rows.get(update.symbol);
            bringing?.add(update.symbol);
            if (row) {
                if (update.price !== null && row.price !== null && update.price !== row.price)
                    row.moved = update.price > row.price ? 1 : -1;
                Object.assign(row, update);
                changed.push(row);
            } else {
                isNew = true;
                rows.set(update.symbol, { ...update, moved: 0, path: "", pathOf: "" });
            }
        }

        return { isNew, changed };
    };

    const summarize = () => {
        let [rate, signals, late] = [0, 0, 0];
        for (const row of rows.values()) {
            rate += row.rate ?? 0;
            signals += row.signals_today;
            late += row.late;
        }

        figures.symbols.textContent = format.count(rows.size);
        figures.rate.textContent = format.rate(rate);
        figures.signals.textContent = format.count(signals);
        figures.late.textContent = format.count(late);
    };

    /** @param {Message} message */
    const market = ({ rows: told, snapshot, left }) => {
        if (snapshot) bringing = new Set();
        const { isNew, changed } = take(told);
        let isOther = isNew;
        if (bringing && !left) {
            for (const symbol of rows.keys()) {
                if (bringing.has(symbol)) continue;
                rows.delete(symbol); // of a node that knows it no longer
                isOther = true;
            }

            bringing = null;
            isThere = true;
            isOther = true;
            summarize();
        }

        if (isOther) list();
        table?.update(changed);
    };

    const rejected = async () => {
        if (!session.current().rights.read_all && session.current().rules) return;
        try {
            const { total } = await get("/ledger", { signal });
            figures.rejected.textContent = format.count(total.rejected);
        } catch {
            // The header says that the node is away; the next one tells.
        }
    };

    subscribe(
        { topics: ["market"] },
        {
            market,
            connected: () => {
                notice.hidden = true;
                root.classList.remove("stale");
            },
            disconnected: () => {
                notice.textContent = `Not live: figures of ${format.time(new Date().toISOString())}.`;
                notice.hidden = false;
                root.classList.add("stale");
            },
            error: ({ message }) => {
                notice.textContent = message;
                notice.hidden = false;
            },
        },
        signal,
    );

    const timers = [
        setInterval(() => {
            if (!isThere || bringing) return;
            summarize();
            list();
        }, everySecond),
        setInterval(rejected, ledgerEvery),
        setTimeout(async () => {
            if (isThere) return;
            try {
                await get("/market", { signal });
            } catch (error) {
                if (!isThere) states.failed(box, error);
            }
        }, patience),
    ];
    signal.addEventListener("abort", () => {
        for (const timer of timers) clearTimeout(timer);
        table?.dispose();
    });
    rejected();
}
