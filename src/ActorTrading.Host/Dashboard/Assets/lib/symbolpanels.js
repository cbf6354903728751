// The panels of the symbol page: the content of its state, and the list of its signals.

import { h } from "./dom.js";
import { count, dateTime, none, percent, signed, time } from "./format.js";
import { compact, exact, rounded } from "./numbers.js";
import { patch } from "./patch.js";

/** @typedef {import("./chart.js").Column} Column */
/**
 * The answer of `/symbols/{symbol}/plan`. `zone`: the venue's time zone.
 * @typedef {{
 *   symbol: string, zone: string, frames: string[], indicators: Column[], rules: string[], plan_hash: string, calendar: string,
 * }} SymbolPlan
 */

const depth = 10; // maximum number of shown book levels on each side

/**
 * Creates a panel with a heading. `body` is the element for its content.
 * @param {string} name suffix of the CSS class
 * @param {string} title
 */
export function panel(name, title) {
    const body = h("div", { class: "panel-body" });
    return {
        root: h("section", { class: `panel side-${name}`, "aria-label": title }, h("h2", null, title), body),
        body,
    };
}

/**
 * A list of names and values.
 * @param {[string, import("./dom.js").Child, string?][]} rows name, value, and the CSS class of the value, by default "num"
 */
const facts = (rows) =>
    h(
        "dl",
        { class: "facts" },
        rows.map(([name, value, style]) =>
            h("div", null, h("dt", null, name), h("dd", { class: style ?? "num" }, value)),
        ),
    );

/** @param {string} text */
const words = (text) => h("p", { class: "muted nothing" }, text);

/**
 * Renders the indicator values of a frame.
 * @param {Element} root
 * @param {any} state
 * @param {string} frame
 * @param {Column[]} columns
 * @param {(column: Column, value: any) => string} text formats a value
 */
export function showValues(root, state, frame, columns, text) {
    const values = state?.frames?.[frame]?.values ?? {};
    const shown = columns.filter(({ name }) => name in values);
    if (shown.length === 0) return patch(root, words("The plan has no indicators on this frame."));
    patch(
        root,
        facts(
            shown.map((column) => {
                const value = values[column.name];
                return [column.name, value === null ? "–" : h("span", { title: String(value) }, text(column, value))];
            }),
        ),
    );
}

/**
 * Renders the best bid and ask, and the spread, also in basis points of the mid price.
 * @param {Element} root
 * @param {any} quote
 * @param {number} decimals of prices
 * @param {string} venue the venue's zone
 */
export function showQuote(root, quote, decimals, venue) {
    const { bid, ask, bid_size: bids, ask_size: asks, time } = quote;
    const spread = bid === null || ask === null ? null : Number((Number(ask) - Number(bid)).toPrecision(12));
    const middle = spread === null ? 0 : (Number(ask) + Number(bid)) / 2;
    patch(
        root,
        h(
            "div",
            { class: "quote" },
            h(
                "div",
                { class: "bid" },
                h("span", null, "Bid"),
                h("strong", null, exact(bid, decimals)),
                h("span", null, `× ${compact(bids)}`),
            ),
            h(
                "div",
                { class: "ask" },
                h("span", null, "Ask"),
                h("strong", null, exact(ask, decimals)),
                h("span", null, `× ${compact(asks)}`),
            ),
        ),
        facts([
            [
                "Spread",
                spread === null
                    ? none
                    : `${exact(spread, decimals)}${middle > 0 ? ` · ${rounded((1e4 * spread) / middle, 1)} bp` : ""}`,
            ],
            ["At", dateTime(time, venue)],
        ]),
    );
}

/**
 * Renders the best levels of both sides of the book.
 * @param {Element} root
 * @param {any} book
 * @param {number} decimals of prices
 */
export function showBook(root, book, decimals) {
    const [bids, asks] = [book.bids.slice(0, depth), book.asks.slice(0, depth)];
    const most = Math.max(...[...bids, ...asks].map(({ quantity }) => Number(quantity)), 0);
    /** @param {any} level @param {"bid" | "ask"} side */
    const cells = (level, side) => {
        const share = level && most > 0 ? (100 * Number(level.quantity)) / most : 0;
        const size = h(
            "td",
            { class: `num level level-${side}`, style: { "--share": `${share.toFixed(1)}%` } },
            level ? compact(level.quantity) : "",
        );
        const price = h(
            "td",
            { class: `num ${side === "bid" ? "up" : "down"}` },
            level ? exact(level.price, decimals) : "",
        );
        return side === "bid" ? [size, price] : [price, size];
    };
    const rows = Array.from({ length: Math.max(bids.length, asks.length) }, (_, i) =>
        h("tr", null, cells(bids[i], "bid"), cells(asks[i], "ask")),
    );
    patch(
        root,
        h(
            "table",
            { class: "book" },
            h(
                "thead",
                null,
                h(
                    "tr",
                    null,
                    ["Size", "Bid", "Ask", "Size"].map((name) => h("th", { class: "num", scope: "col" }, name)),
                ),
            ),
            h("tbody", null, rows),
        ),
        book.bids.length > depth || book.asks.length > depth
            ? h("p", { class: "muted" }, `${count(book.bids.length)} bids, ${count(book.asks.length)} asks in all`)
            : null,
    );
}

/**
 * Renders the trading day. The daily bar, if there is one, is newer than the summary and replaces its prices, volume and ticks.
 * @param {Element} root
 * @param {any} day the answer of `/summary`, with the time `asOf`
 * @param {any} bar the current daily bar; null if there is none
 * @param {number} decimals of prices
 * @param {string} venue the venue's zone
 */
export function showDay(root, day, bar, decimals, venue) {
    const price = (/** @type {any} */ value) => exact(value, decimals);
    const { open, high, low, close, volume, ticks } = bar ?? day;
    const before = day.previous_close;
    const change = close === null || before === null ? null : Number((close - before).toPrecision(12));
    const rate = change === null || before <= 0 ? null : (100 * change) / before;
    patch(
        root,
        facts([
            ["Open", price(open)],
            ["High", price(high)],
            ["Low", price(low)],
            ["Close", price(close)],
            ["Previous close", price(before)],
            [
                "Change",
                change === null ? none : `${arrow(change)} ${signed(change)} (${percent(rate)})`,
                `num ${colour(change)}`,
            ],
            ["Volume", h("span", { title: exact(volume, 0) }, compact(volume))],
            ["Ticks", count(ticks)],
            [`VWAP at ${time(day.asOf, venue)}`, price(day.vwap)],
            ["Late, signals by then", `${count(day.late)}, ${count(day.signals)}`],
            [
                "Session",
                [
                    h("span", { class: "wrap" }, dateTime(day.from, venue)),
                    " – ",
                    h("span", { class: "wrap" }, dateTime(day.to, venue)),
                ],
                "num small",
            ],
        ]),
    );
}

/** @param {number | null | undefined} change */
export const arrow = (change) => (!change ? "" : Number(change) > 0 ? "▲" : "▼");

/** @param {number | null | undefined} change */
export const colour = (change) => (!change ? "" : Number(change) > 0 ? "up" : "down");

/** @param {Element} root @param {any} news @param {string} venue */
export const showNews = (root, news, venue) =>
    patch(
        root,
        facts([
            ["Score", exact(news.score, 2)],
            ["Magnitude", exact(news.magnitude, 2)],
            ["Average score", rounded(news.average_score, 4)],
            ["Items", count(news.count)],
            ["At", dateTime(news.time, venue)],
        ]),
    );

/** @param {Element} root @param {any} fundamentals @param {string} venue */
export const showFundamentals = (root, fundamentals, venue) =>
    patch(
        root,
        facts([
            ["Market cap", compact(fundamentals.market_cap)],
            ["P/E", exact(fundamentals.pe_ratio, 2)],
            ["At", dateTime(fundamentals.time, venue)],
        ]),
    );

/** @param {Element} root @param {any} economy @param {string} venue */
export const showEconomy = (root, economy, venue) =>
    patch(
        root,
        facts(
            Object.entries(economy).map(([name, figure]) => [
                name,
                [exact(figure.value, 0), " ", h("span", { class: "muted small" }, dateTime(figure.time, venue))],
            ]),
        ),
    );

/**
 * Renders the counts, the sources, and the hashes of state and plan.
 * @param {Element} root
 * @param {any} state
 * @param {SymbolPlan} plan
 */
export function showState(root, state, plan) {
    patch(
        root,
        facts([
            ["Applied", count(state.applied)],
            ["Late", count(state.late)],
            ["Off session", count(state.off_session)],
            ["Signals", count(state.signals)],
            ["Calendar", `${plan.calendar}, ${plan.zone}`, "num small"],
        ]),
        h(
            "div",
            { class: "scroll", tabindex: 0, role: "group", "aria-label": "Sources" },
            h(
                "table",
                { class: "sources" },
                h(
                    "thead",
                    null,
                    h(
                        "tr",
                        null,
                        h("th", { scope: "col" }, "Source"),
                        ["Epoch : seq", "Applied", "Late"].map((name) => h("th", { class: "num", scope: "col" }, name)),
                    ),
                ),
                h(
                    "tbody",
                    null,
                    state.sources.map((/** @type {any} */ one) =>
                        h(
                            "tr",
                            null,
                            h("td", null, one.source),
                            h("td", { class: "num" }, `${one.epoch} : ${one.seq === null ? none : count(one.seq)}`),
                            [one.applied, one.late].map((value) => h("td", { class: "num" }, count(value))),
                        ),
                    ),
                ),
            ),
        ),
        h(
            "p",
            { class: "hash" },
            h("span", { class: "muted" }, "State hash "),
            h("code", { class: "state-hash" }, state.state_hash),
        ),
        h("p", { class: "hash" }, h("span", { class: "muted" }, "Plan hash "), h("code", null, state.plan_hash)),
    );
}

/**
 * Renders the newest 200 signals, newest first, each with a link to its explanation.
 * @param {Element} root
 * @param {any[]} signals oldest first
 * @param {(signal: any) => boolean} isWithdrawn
 * @param {number} decimals of prices
 * @param {string} venue the venue's zone
 */
export function showSignals(root, signals, isWithdrawn, decimals, venue) {
    if (signals.length === 0) return patch(root, words("No signal fired in the part of the log that was read."));
    const rows = signals.slice(-200).reverse();
    patch(
        root,
        h(
            "div",
            { class: "scroll signals", tabindex: 0, role: "group", "aria-label": "Signals of the symbol" },
            h(
                "table",
                null,
                h(
                    "thead",
                    null,
                    h(
                        "tr",
                        null,
                        ["Time", "Signal", "Price", "Frame", "Rule"].map((name, i) =>
                            h("th", { scope: "col", class: i === 2 ? "num" : "" }, name),
                        ),
                    ),
                ),
                h(
                    "tbody",
                    null,
                    rows.map((signal) =>
                        h(
                            "tr",
                            { class: isWithdrawn(signal) ? "withdrawn" : "", dataset: { position: signal.position } },
                            h("td", { class: "num left" }, dateTime(signal.time, venue)),
                            h(
                                "td",
                                { class: signal.action === "buy" ? "up" : signal.action === "sell" ? "down" : "" },
                                action(signal),
                                isWithdrawn(signal) && h("span", { class: "muted" }, " withdrawn"),
                            ),
                            h("td", { class: "num" }, exact(signal.price, decimals)),
                            h("td", null, signal.frame),
                            h(
                                "td",
                                null,
                                h(
                                    "a",
                                    { href: `#/signals?explain=${encodeURIComponent(signal.id)}`, title: signal.rule },
                                    signal.name,
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
        signals.length > rows.length
            ? h(
                  "p",
                  { class: "muted" },
                  `The newest ${count(rows.length)} of the ${count(signals.length)} on the chart`,
              )
            : null,
    );
}

/** @param {any} signal */
const action = ({ action: what }) => (what === "buy" ? "▲ buy" : what === "sell" ? "▼ sell" : `● ${what}`);
