// The explanation of a signal: its rule, the values of the rule, the bars around it and its records.

import { get, symbolPath, ApiError } from "../../lib/api.js";
import { h, replace } from "../../lib/dom.js";
import { count, dateTime, none, price, size, time } from "../../lib/format.js";
import * as states from "../../lib/states.js";
import { drawBars } from "./chart.js";
import { side } from "./side.js";

/**
 * The sign, the text and the CSS class of each outcome of replaying the signal.
 * @type {Record<string, [string, string, string]>}
 */
const outcomes = {
    same: ["✓", "Replayed: equal, bit for bit", "up"],
    different: ["✗", "Replayed: different. The log or the journal was changed", "down"],
    not_logged: ["!", "The journal produces it, but the log does not contain it (yet)", "warn"],
    not_fired: ["✗", "The log contains it, but the journal does not produce it: one of them was changed", "down"],
    of_another_plan: ["–", "It fired under an earlier plan, so it cannot be replayed under the current one", "warn"],
    events_deleted: ["–", "Its events were deleted, so it cannot be replayed", "warn"],
    withdrawn: ["✕", "Withdrawn: a record that made it fire was excluded", "warn"],
};

const shownRecords = 20; // before "Show more" is clicked

/**
 * Fetches the explanation of a signal and renders it.
 * @param {HTMLElement} root
 * @param {string} id
 * @param {AbortSignal} signal
 * @param {() => void} onClose
 */
export async function explain(root, id, signal, onClose) {
    const body = h("div", { class: "explanation-body" });
    const close = h("button", { type: "button", class: "close", onClick: onClose, "aria-label": "Close" }, "✕");
    replace(root, h("div", { class: "explanation-top" }, h("h2", null, "Why it fired"), close), body);
    states.loading(body, "Replaying it …");
    try {
        const told = await get(`/explain?signal=${encodeURIComponent(id)}`, { signal });
        await show(body, told, signal);
    } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.status === 404) states.empty(body, "No such signal", error.detail);
        else states.failed(body, error, () => explain(root, id, signal, onClose));
    }
}

/** @param {HTMLElement} body @param {any} told @param {AbortSignal} signal */
async function show(body, told, signal) {
    const fired = told.logged ?? told.refolded;
    const [mark, words, tone] = outcomes[told.outcome] ?? ["?", told.outcome, "warn"];
    const chart = h("div", { class: "explanation-chart" });
    replace(
        body,
        h(
            "p",
            { class: "explanation-head" },
            side(fired.action),
            " ",
            h(
                "a",
                {
                    href: `#${symbolPath(fired.symbol)}?frame=${encodeURIComponent(fired.frame)}&at=${encodeURIComponent(fired.time)}`,
                },
                fired.symbol,
            ),
            ` at ${price(fired.price)}`,
        ),
        h(
            "p",
            { class: "muted" },
            `${fired.name} · ${fired.frame} · ${dateTime(fired.time)}`,
            told.logged ? ` · position ${count(told.logged.position)}` : "",
        ),
        h("p", { class: `verdict ${tone}` }, h("span", { "aria-hidden": true }, `${mark} `), words),
        told.withdrawn_at
            ? h("p", { class: "muted" }, `Withdrawn at position ${count(told.withdrawn_at)} of the log.`)
            : null,
        h("h3", null, "Values"),
        values(told.values, told.outcome),
        h("h3", null, `Bars of ${fired.frame} around it`),
        chart,
        h("h3", null, "The rule in words"),
        rule(told.rule),
        told.bar ? [h("h3", null, "The bar"), bar(told.bar)] : null,
        records(told),
    );
    await drawBars(chart, fired, signal);
}

/**
 * Renders the explanation of a rule. The first line is "Rule: " and the expression; the others are "topic: text".
 * @param {string[]} lines
 */
function rule(lines) {
    return h(
        "dl",
        { class: "rule-words" },
        lines.map((line) => {
            const [, about, rest] = /^([^:]{1,40}): (.*)$/.exec(line) ?? [null, "", line];
            return h("div", null, h("dt", null, about), h("dd", { class: about === "Rule" ? "mono" : null }, rest));
        }),
    );
}

/** @param {{ name: string, before: number | null, at: number | null }[]} all @param {string} outcome */
function values(all, outcome) {
    if (all.length === 0) return h("p", { class: "muted" }, "The rule uses no values.");
    const known = all.some(({ before }) => before !== null);
    return h(
        "div",
        { class: "scroll" },
        h(
            "table",
            null,
            h(
                "thead",
                null,
                h(
                    "tr",
                    null,
                    h("th", { scope: "col" }, "Value"),
                    h("th", { scope: "col", class: "num" }, "Before"),
                    h("th", { scope: "col", class: "num" }, "At the signal"),
                ),
            ),
            h(
                "tbody",
                null,
                all.map(({ name, before, at }) =>
                    h(
                        "tr",
                        null,
                        h("th", { scope: "row", class: "mono" }, name),
                        h("td", { class: "num" }, figure(before)),
                        h("td", { class: "num" }, figure(at), move(before, at)),
                    ),
                ),
            ),
        ),
        known || outcome === "same"
            ? null
            : h("p", { class: "muted" }, "Values from the log; the values before the signal are not known."),
    );
}

/**
 * Formats a value with 2 decimals from 1000, 4 from 1 and 8 below, by its absolute value.
 * @param {number | null} value
 */
function figure(value) {
    if (value === null) return none;
    const digits = Math.abs(value) >= 1000 ? 2 : Math.abs(value) >= 1 ? 4 : 8;
    return price(value.toFixed(digits));
}

/**
 * The direction in which a value changed, as an arrow.
 * @param {number | null} before
 * @param {number | null} at
 */
function move(before, at) {
    if (before === null || at === null || before === at)
        return h("span", { class: "move muted", "aria-hidden": true }, "=");
    return at > before
        ? h("span", { class: "move up", "aria-label": "up" }, "↑")
        : h("span", { class: "move down", "aria-label": "down" }, "↓");
}

/** @param {any} told */
function bar(told) {
    /** @type {[string, string][]} */
    const parts = [
        ["From", dateTime(told.open_time)],
        ["Open", price(told.open)],
        ["High", price(told.high)],
        ["Low", price(told.low)],
        ["Close", price(told.close)],
        ["Volume", size(told.volume)],
        ["Ticks", count(told.ticks)],
    ];
    return h(
        "dl",
        { class: "bar" },
        parts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
    );
}

/** @param {any} told */
function records(told) {
    if (told.records.length === 0) return null;
    const all = [...told.records].reverse();
    const list = h("tbody", null, all.slice(0, shownRecords).map(record));
    const rest = all.length - shownRecords;
    const more = h(
        "button",
        {
            type: "button",
            onClick: () => {
                replace(list, all.map(record));
                more.remove();
            },
        },
        `Show ${rest} more`,
    );
    return h(
        "section",
        null,
        h("h3", null, "Its records"),
        h(
            "p",
            { class: "muted" },
            told.records_of_bar === all.length
                ? `All ${count(all.length)} that built the bar, the last first.`
                : `The last ${count(all.length)} of ${count(told.records_of_bar)} that built the bar, the last first.`,
        ),
        h(
            "div",
            { class: "scroll" },
            h(
                "table",
                { class: "records" },
                h(
                    "thead",
                    null,
                    h(
                        "tr",
                        null,
                        h("th", { scope: "col" }, "Time"),
                        h("th", { scope: "col" }, "Kind"),
                        h("th", { scope: "col", class: "num" }, "Price"),
                        h("th", { scope: "col", class: "num" }, "Size"),
                        h("th", { scope: "col" }, "Source"),
                    ),
                ),
                list,
            ),
        ),
        rest > 0 ? more : null,
    );
}

/** @param {any} one a record in the canonical JSON format */
function record(one) {
    const shown = one.price ?? one.close ?? one.bid ?? one.ask;
    return h(
        "tr",
        null,
        h("td", null, time(one.ts)),
        h("td", null, one.kind ?? "tick"),
        h("td", { class: "num" }, price(shown)),
        h("td", { class: "num" }, size(one.size ?? one.quantity ?? one.volume ?? one.bid_size)),
        h("td", null, one.source ? `${one.source}${one.seq === undefined ? "" : ` ${one.seq}`}` : none),
    );
}
