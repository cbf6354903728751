// A candlestick chart of the bars around a signal, with a marker at the bar where it fired.

import { get, symbolPath } from "../../lib/api.js";
import { h, replace } from "../../lib/dom.js";
import { dateTime, time, toDate } from "../../lib/format.js";
import { onTheme } from "../../lib/settings.js";

const before = 50; // bars before the signal
const after = 15; // bars after it
const days = 86_400; // seconds

/**
 * Seconds of each unit of a frame; a month has the longest length.
 * @type {Record<string, number>}
 */
const units = { s: 1, min: 60, hour: 3_600, day: days, week: 7 * days, month: 31 * days };

/** @param {string} frame */
function secondsOf(frame) {
    const [, number, unit] = /^(\d+)(s|min|hour|day|week|month)$/.exec(frame) ?? [null, "1", "s"];
    return Number(number) * units[/** @type {string} */ (unit)];
}

/**
 * @param {HTMLElement} root
 * @param {any} fired
 * @param {AbortSignal} signal
 */
export async function drawBars(root, fired, signal) {
    const [bars, library] = await Promise.all([
        barsAround(fired, signal),
        import("../../vendor/lightweight-charts/lightweight-charts.standalone.production.mjs"),
    ]).catch((error) => {
        if (!signal.aborted) replace(root, h("p", { class: "muted" }, error?.detail ?? "The bars cannot be shown."));
        return [null, null];
    });
    if (!bars || !library || signal.aborted) return;
    if (bars.length === 0) return replace(root, h("p", { class: "muted" }, "The bars of that time no longer exist."));
    const canvas = h("div", {
        class: "bars",
        role: "img",
        "aria-label": `${bars.length} bars around the signal, from ${dateTime(bars[0].open_time)} to ${dateTime(bars[bars.length - 1].open_time)}`,
    });
    replace(root, canvas);
    let chart = draw(library, canvas, bars, fired);
    const again = () => {
        chart.remove();
        chart = draw(library, canvas, bars, fired);
    };
    onTheme(again, signal);
    signal.addEventListener("abort", () => chart.remove(), { once: true });
}

/**
 * Bars of the signal's frame. A signal on ticks has no bars: those of the symbol's smallest frame are used.
 * @param {any} fired
 * @param {AbortSignal} signal
 */
async function barsAround(fired, signal) {
    let frame = fired.frame;
    if (frame === "tick") {
        const { frames } = await get(symbolPath(fired.symbol), { signal });
        frame = Object.keys(frames).find((one) => one !== "tick") ?? "tick";
    }
    const length = frame === "tick" ? 10 : secondsOf(frame);
    const at = /** @type {Date} */ (toDate(fired.bar_time)).getTime();
    const query = new URLSearchParams({
        frame,
        from: new Date(at - before * length * 1000).toISOString(),
        to: new Date(at + (after + 1) * length * 1000).toISOString(),
        limit: "500",
    });
    return (await get(`${symbolPath(fired.symbol)}/bars?${query}`, { signal })).bars;
}

/**
 * @param {any} library
 * @param {HTMLElement} canvas
 * @param {any[]} bars
 * @param {any} fired
 */
function draw(library, canvas, bars, fired) {
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const secondsOf = (/** @type {string} */ iso) => /** @type {Date} */ (toDate(iso)).getTime() / 1000;
    const chart = library.createChart(canvas, {
        autoSize: true,
        layout: {
            attributionLogo: false,
            background: { color: colour("--panel") },
            textColor: colour("--muted"),
            fontFamily: style.getPropertyValue("--font").trim(),
            fontSize: 11,
        },
        grid: { vertLines: { visible: false }, horzLines: { color: colour("--line") } },
        rightPriceScale: { borderColor: colour("--line") },
        timeScale: {
            borderColor: colour("--line"),
            timeVisible: true,
            tickMarkFormatter: (/** @type {number} */ at, /** @type {number} */ kind) => {
                const iso = new Date(at * 1000).toISOString();
                return kind < 3 ? dateTime(iso).slice(5, 10) : time(iso).slice(0, 5); // 3 and 4: time of day, without and with seconds
            },
        },
        localization: { timeFormatter: (/** @type {number} */ at) => dateTime(new Date(at * 1000).toISOString()) },
        handleScroll: false,
        handleScale: false,
    });
    const series = chart.addSeries(library.CandlestickSeries, {
        upColor: colour("--panel"), // hollow, so that colour is not the only difference
        borderUpColor: colour("--up"),
        wickUpColor: colour("--up"),
        downColor: colour("--down"),
        borderDownColor: colour("--down"),
        wickDownColor: colour("--down"),
        priceLineVisible: false,
        lastValueVisible: false,
    });
    /**
     * By whole seconds, the resolution of the chart: of several bars within a second the last is kept.
     * @type {Map<number, any>}
     */
    const data = new Map();
    for (const bar of bars) {
        const at = Math.floor(secondsOf(bar.open_time));
        data.set(at, { time: at, open: +bar.open, high: +bar.high, low: +bar.low, close: +bar.close });
    }
    const all = [...data.values()].sort((a, b) => a.time - b.time);
    series.setData(all);
    const place = secondsOf(fired.bar_time);
    const marked = all.findLast((bar) => bar.time <= place) ?? all[0];
    const isSell = fired.action === "sell";
    library.createSeriesMarkers(series, [
        {
            time: marked.time,
            position: isSell ? "aboveBar" : "belowBar",
            shape: isSell ? "arrowDown" : fired.action === "buy" ? "arrowUp" : "circle",
            color: colour(isSell ? "--down" : fired.action === "buy" ? "--up" : "--warn"),
            text: fired.action.toUpperCase(),
        },
    ]);
    chart.timeScale().fitContent();
    return chart;
}
