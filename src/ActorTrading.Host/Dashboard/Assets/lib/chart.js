// The chart of a symbol, drawn with lightweight-charts: candles, volume, indicators over the candles and in panes below them, markers of
// signals, and the moment of time travel.

import {
    CandlestickSeries,
    CrosshairMode,
    HistogramSeries,
    LineSeries,
    LineStyle,
    LineType,
    TickMarkType,
    createChartEx,
    createSeriesMarkers,
    defaultHorzScaleBehavior,
} from "../vendor/lightweight-charts/lightweight-charts.standalone.production.mjs";
import { h, frame } from "./dom.js";
import { compact, decimalsOf, exact, rounded } from "./numbers.js";
import { onTheme } from "./settings.js";
import { clockAt, offsetAt } from "./zones.js";

/**
 * A bar of the API, with its position on the time axis. `time` is in seconds since 1970 and greater than that of the previous bar.
 * `values`: the indicator values by column name.
 * @typedef {{
 *   time: number, open_time: string, open: number, high: number, low: number, close: number, volume: number, ticks: number,
 *   values: Record<string, number | null>, isOpen?: boolean,
 * }} Bar
 */
/**
 * An indicator value of the plan.
 * @typedef {{ name: string, indicator: string, kind: string, output: string | null, frame: string | null, unit: string }} Column
 */
/**
 * A signal. `time`: the open time of its bar, in seconds since 1970.
 * @typedef {{ time: number, action: string, name: string, id: string, withdrawn: boolean }} Mark
 */
/**
 * A column and the series that draws it. `color`: a CSS custom property. `pane`: 0 is the pane of the candles.
 * @typedef {{ column: Column, series: any, color: string, style: number, pane: number }} Curve
 */
/**
 * `zone`: the time zone of the time axis; undefined: the browser's. `onCursor` receives the index of the bar under the cursor. `onOlder` is
 * called when the viewport comes near the oldest bar. `onMark` receives the id of a clicked signal.
 * @typedef {{
 *   columns: Column[], zone: string | undefined, isTick: boolean, hasSeconds: boolean, onCursor: (index: number | null) => void,
 *   onOlder: () => void, onMark: (id: string) => void,
 * }} Options
 */

const nearStart = 60; // bars left of the viewport; with fewer, older bars are loaded
const shades = 6; // number of the colours --series-1, --series-2 ...
const lineStyles = [LineStyle.Solid, LineStyle.Dashed, LineStyle.Dotted];

/**
 * By kind of indicator: the usual threshold levels, drawn as dotted lines, and the fixed range of its axis.
 * @type {Record<string, { levels: number[], range?: [number, number] }>}
 */
const levelsOf = {
    rsi: { levels: [30, 70], range: [0, 100] },
    stochastic: { levels: [20, 80], range: [0, 100] },
    adx: { levels: [25] },
    cci: { levels: [-100, 100] },
    macd: { levels: [0] },
    roc: { levels: [0] },
    momentum: { levels: [0] },
};

/** A time scale with its tick marks at round local times of a time zone: days begin at local midnight. */
class ZonedScale extends defaultHorzScaleBehavior() {
    /** @param {string | undefined} zone */
    constructor(zone) {
        super();
        this.zone = zone;
    }

    /** @override @param {readonly any[]} points @param {number} start */
    fillWeightsForPoints(points, start) {
        for (let i = start; i < points.length; i++) {
            const now = Number(this.key(points[i].time));
            const before =
                i > 0
                    ? Number(this.key(points[i - 1].time))
                    : now - (points.length > 1 ? Number(this.key(points[1].time)) - now : 60);
            points[i].timeWeight = weight(now + offsetAt(now, this.zone), before + offsetAt(before, this.zone));
        }
    }
}

/** Weights of tick marks within a day, as in lightweight-charts: interval in seconds, weight. */
const steps = /** @type {const} */ ([
    [43_200, 33],
    [21_600, 32],
    [10_800, 31],
    [3_600, 30],
    [1_800, 22],
    [300, 21],
    [60, 20],
    [1, 10],
]);

/**
 * The weight of the tick mark at a point: the longer the interval that begins there, the greater the weight.
 * @param {number} now local time of the point, in seconds
 * @param {number} before local time of the previous point, in seconds
 */
function weight(now, before) {
    const [a, b] = [new Date(now * 1000), new Date(before * 1000)];
    if (a.getUTCFullYear() !== b.getUTCFullYear()) return 70;
    if (a.getUTCMonth() !== b.getUTCMonth()) return 60;
    if (a.getUTCDate() !== b.getUTCDate()) return 50;
    for (const [length, found] of steps) if (Math.floor(now / length) !== Math.floor(before / length)) return found;
    return 0;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** @param {number} n */
const two = (n) => String(n).padStart(2, "0");

/** The chart in an element. `dispose` removes the chart, its observer and its listeners. */
export class SymbolChart {
    /** @type {Bar[]} */
    bars = [];
    /** @type {Curve[]} */
    curves = [];
    /** The number of decimals of all prices: that of the price with the most, at least 2. It never decreases. */
    decimals = 2;

    #root;
    #options;
    #chart;
    #candles;
    #volume;
    #marks;
    #legends = h("div", { class: "pane-legends" });
    #future = h("div", { class: "chart-future", hidden: true });
    #moment = h("div", { class: "chart-moment", hidden: true });
    /** The moment of time travel, in seconds since 1970; null: none. @type {number | null} */
    #at = null;
    /** The index of the bar under the cursor. @type {number | null} */
    #cursor = null;
    /** @type {Mark[]} */
    #marked = [];
    #ends = new AbortController();
    /** Whether the cursor was set by `setCursor`, not by the mouse. */
    #isKeyed = false;
    #place = () => this.#layout();
    #point = () => this.#pointAtCursor();
    #repaint = () => this.#paint();

    /** @param {HTMLElement} root @param {Options} options */
    constructor(root, options) {
        this.#root = root;
        this.#options = options;
        const panes = new Set(options.columns.filter(({ unit }) => unit !== "price").map(({ indicator }) => indicator));
        root.style.setProperty("--panes", String(panes.size));
        const scale = new ZonedScale(options.zone);
        this.#chart = createChartEx(root, scale, /** @type {any} */ (this.#look()));
        this.#candles = /** @type {any} */ (
            options.isTick
                ? this.#chart.addSeries(LineSeries, {
                      priceLineStyle: LineStyle.Dotted,
                      lineWidth: 2,
                      lineType: LineType.WithSteps,
                  })
                : this.#chart.addSeries(CandlestickSeries, { priceLineStyle: LineStyle.Dotted })
        );
        this.#volume = this.#chart.addSeries(HistogramSeries, {
            priceScaleId: "volume",
            priceFormat: { type: "custom", formatter: compact, minMove: 1e-8 },
            lastValueVisible: false,
            priceLineVisible: false,
        });
        this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
        this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.06, bottom: 0.22 } });
        this.#marks = createSeriesMarkers(this.#candles, []);
        this.#addCurves();
        root.append(this.#future, this.#moment, this.#legends);
        this.#chart.subscribeCrosshairMove((event) => this.#moved(event));
        this.#chart.subscribeClick((event) => {
            const id = /** @type {any} */ (event).hoveredObjectId;
            if (typeof id === "string") options.onMark(id);
        });
        this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
            frame(this.#place);
            if (range && range.from < nearStart && this.bars.length > 0) options.onOlder();
        });
        const size = new ResizeObserver(() => frame(this.#place));
        size.observe(root);
        this.#ends.signal.addEventListener("abort", () => size.disconnect());
        onTheme(() => frame(this.#repaint), this.#ends.signal);
        this.#paint();
    }

    dispose() {
        this.#ends.abort();
        this.#chart.remove();
    }

    /**
     * Replaces all bars. Keeps the viewport; with the first bars it scrolls to the newest ones.
     * @param {Bar[]} bars oldest first
     */
    setBars(bars) {
        const isFirst = this.bars.length === 0;
        const pointed = this.#cursor === null ? undefined : this.bars[this.#cursor]?.time;
        this.bars = bars.slice();
        if (pointed !== undefined) this.#tell(this.indexAt(pointed));
        this.#precision(bars.flatMap(({ open, high, low, close }) => [open, high, low, close]));
        this.#candles.setData(/** @type {any} */ (bars.map((bar) => this.#priceOf(bar))));
        this.#volume.setData(/** @type {any} */ (bars.map((bar) => this.#volumeOf(bar))));
        for (const curve of this.curves) curve.series.setData(this.#points(curve));
        this.#drawMarks();
        if (isFirst && bars.length > 0) this.showNewest();
        frame(this.#place);
    }

    /**
     * Appends a bar, or replaces the last one if it has the same time. Ignores a bar that is older than the last one.
     * @param {Bar} bar
     */
    update(bar) {
        const last = this.bars.at(-1);
        if (last && bar.time < last.time) return;
        this.#precision([bar.open, bar.high, bar.low, bar.close]);
        if (last && bar.time === last.time) this.bars[this.bars.length - 1] = bar;
        else this.bars.push(bar);
        this.#candles.update(/** @type {any} */ (this.#priceOf(bar)));
        this.#volume.update(/** @type {any} */ (this.#volumeOf(bar)));
        for (const curve of this.curves) this.#extend(curve);
        frame(this.#place);
    }

    /** Replaces the markers. @param {Mark[]} marks in order of time */
    setMarks(marks) {
        this.#marked = marks;
        this.#drawMarks();
    }

    /**
     * Draws a vertical line at a moment of the past and dims what is later.
     * @param {number | null} time in seconds since 1970; null: removes the line
     */
    setMoment(time) {
        this.#at = time;
        this.#layout();
    }

    /**
     * Scrolls the bar of a moment to the middle, unless the viewport shows it already.
     * @param {number} time in seconds since 1970
     */
    reveal(time) {
        const range = this.#chart.timeScale().getVisibleLogicalRange();
        const index = this.indexAt(time);
        if (!range || index < 0 || (index > range.from + 2 && index < range.to - 2)) return;
        const half = (range.to - range.from) / 2;
        this.#chart.timeScale().setVisibleLogicalRange({ from: index - half, to: index + half });
    }

    /** Scrolls to the newest bars and resets the zoom. */
    showNewest() {
        const last = this.bars.length - 1;
        const shown = Math.min(Math.max(40, Math.floor(this.#root.clientWidth / 9)), Math.max(24, last + 2));
        this.#chart.timeScale().setVisibleLogicalRange({ from: last - shown, to: last + 6 });
    }

    /**
     * The index of the last bar that opened at or before a moment; -1 if there is none.
     * @param {number} time in seconds since 1970
     */
    indexAt(time) {
        let [low, high] = [0, this.bars.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.bars[middle].time <= time) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }

    /**
     * Moves the cursor to a bar and scrolls to it.
     * @param {number | null} index null: removes the cursor
     */
    setCursor(index) {
        const bar = index === null ? undefined : this.bars[index];
        this.#isKeyed = bar !== undefined;
        if (!bar) this.#chart.clearCrosshairPosition();
        else {
            this.reveal(bar.time);
            frame(this.#point); // in the next animation frame, after the scrolling
        }
        this.#tell(bar ? index : null);
    }

    /** Handles a key that moves the cursor or zooms. Returns false for any other key, and without bars. @param {string} key */
    key(key) {
        const last = this.bars.length - 1;
        const at = this.#cursor ?? (this.#at === null ? last : this.indexAt(this.#at));
        /** @type {Record<string, () => void>} */
        const keys = {
            ArrowLeft: () => this.setCursor(Math.max(0, at - 1)),
            ArrowRight: () => this.setCursor(Math.min(last, at + 1)),
            PageUp: () => this.setCursor(Math.max(0, at - 20)),
            PageDown: () => this.setCursor(Math.min(last, at + 20)),
            Home: () => this.setCursor(0),
            End: () => (this.setCursor(last), this.showNewest()),
            Escape: () => this.setCursor(null),
            "+": () => this.#zoom(0.7),
            "-": () => this.#zoom(1.4),
        };
        if (last < 0 || !keys[key]) return false;
        keys[key]();
        return true;
    }

    /** Shows or hides a curve. @param {Curve} curve @param {boolean} isShown */
    show(curve, isShown) {
        curve.series.applyOptions({ visible: isShown });
    }

    /** Formats a price with all its digits. @param {number | string | null | undefined} value */
    price = (value) => exact(value, this.decimals);

    /**
     * Formats an indicator value, rounded according to its unit.
     * @param {Column} column
     * @param {number | null | undefined} value
     */
    value = (column, value) => {
        if (column.unit === "price" || column.unit === "price_difference")
            return rounded(value, Math.min(this.decimals + 2, 12));
        if (column.unit === "percent") return rounded(value, 2);
        if (column.unit === "quantity") return compact(value);
        return rounded(value, 6);
    };

    /** The legend element of a pane, created on the first call. @param {number} pane */
    legendOf(pane) {
        let element = this.#legends.querySelector(`[data-pane="${pane}"]`);
        if (!element) this.#legends.append((element = h("div", { class: "pane-legend", dataset: { pane } })));
        return /** @type {HTMLElement} */ (element);
    }

    /**
     * Changes the number of visible bars. The cursor, or else the right edge, keeps its position.
     * @param {number} factor of the number of visible bars: less than 1 zooms in
     */
    #zoom(factor) {
        const scale = this.#chart.timeScale();
        const range = scale.getVisibleLogicalRange();
        if (!range) return;
        const middle = this.#cursor ?? range.to;
        scale.setVisibleLogicalRange({
            from: middle - (middle - range.from) * factor,
            to: middle + (range.to - middle) * factor,
        });
    }

    #addCurves() {
        const chart = this.#chart;
        /** @type {Map<string, number>} */
        const panes = new Map();
        let [over, all] = [0, 0];
        for (const column of this.#options.columns) {
            const isOver = column.unit === "price";
            const key = column.indicator;
            if (!isOver && !panes.has(key)) panes.set(key, panes.size + 1);
            const pane = isOver ? 0 : /** @type {number} */ (panes.get(key));
            const place = isOver ? over++ : all++;
            const style = lineStyles[Math.floor(place / shades) % lineStyles.length];
            const isHistogram = column.output === "histogram";
            const { range, levels } = levelsOf[column.kind] ?? { levels: [] };
            const options = {
                lineWidth: 1,
                lineStyle: style,
                lastValueVisible: false,
                priceLineVisible: false,
                crosshairMarkerRadius: 2.5,
                priceFormat: {
                    type: "custom",
                    formatter: (/** @type {number} */ value) => this.value(column, value),
                    minMove: 1e-8,
                },
                ...(range && {
                    autoscaleInfoProvider: () => ({ priceRange: { minValue: range[0], maxValue: range[1] } }),
                }),
            };
            const series = isHistogram
                ? chart.addSeries(HistogramSeries, /** @type {any} */ (options), pane)
                : chart.addSeries(LineSeries, /** @type {any} */ (options), pane);
            const isFirst = !this.curves.some((curve) => curve.pane === pane);
            if (!isOver && isFirst) {
                for (const price of levels) {
                    series.createPriceLine({
                        price,
                        lineWidth: 1,
                        lineStyle: LineStyle.Dotted,
                        axisLabelVisible: false,
                        title: "",
                        color: "",
                    });
                }
            }
            this.curves.push({ column, series, color: `--series-${(place % shades) + 1}`, style, pane });
        }
        for (const { series, pane } of this.curves)
            if (pane > 0) series.priceScale().applyOptions({ scaleMargins: { top: 0.3, bottom: 0.08 } });
        chart
            .panes()
            .forEach((pane, index) => pane.setStretchFactor(index === 0 ? 100 * Math.max(2.6, panes.size * 0.8) : 100));
    }

    /** @param {Curve} curve */
    #points({ column, color }) {
        const own = this.#color(color);
        return this.bars.map((bar, place) => point(bar, this.bars[place + 1], column.name, own));
    }

    /**
     * Draws the last point of a curve. If it is absent, the point before it is drawn again, as the last one before a gap.
     * @param {Curve} curve
     */
    #extend({ column, color, series }) {
        const own = this.#color(color);
        const [before, last] = [this.bars.at(-2), this.bars.at(-1)];
        if (before && last && !last.isOpen && before.values[column.name] !== null && last.values[column.name] === null)
            series.update(point(before, last, column.name, own), true);
        if (last) series.update(point(last, undefined, column.name, own));
    }

    /** @param {Bar} bar */
    #priceOf({ time, open, high, low, close }) {
        return this.#options.isTick ? { time, value: close } : { time, open, high, low, close };
    }

    /** @param {Bar} bar */
    #volumeOf({ time, volume, open, close }) {
        const color = this.#options.isTick ? "--series-bar" : close < open ? "--volume-down" : "--volume-up";
        return { time, value: volume, color: this.#color(color) };
    }

    #drawMarks() {
        const first = this.bars[0]?.time;
        if (first === undefined) return this.#marks.setMarkers([]);
        /** @type {Map<string, { mark: Mark, time: number, count: number }>} */
        const groups = new Map();
        for (const mark of this.#marked) {
            const index = this.indexAt(mark.time);
            if (index < 0) continue;
            const { time } = this.bars[index];
            const key = `${time} ${mark.action} ${mark.withdrawn}`;
            const group = groups.get(key);
            if (group) group.count++;
            else groups.set(key, { mark, time, count: 1 });
        }
        const drawn = [...groups.values()].sort((a, b) => a.time - b.time);
        const isCrowded = drawn.length > 400;
        this.#root.dataset.marks = String(drawn.length);
        this.#marks.setMarkers(
            /** @type {any} */ (
                drawn.map(({ mark, time, count }) => {
                    const { action, withdrawn } = mark;
                    const color = this.#color(
                        withdrawn ? "--muted" : action === "buy" ? "--up" : action === "sell" ? "--down" : "--accent",
                    );
                    const name = mark.name.length > 18 ? mark.name.slice(0, 17) + "…" : mark.name;
                    const text = (withdrawn ? "✕ " : "") + name + (count > 1 ? ` +${count - 1}` : "");
                    return {
                        time,
                        id: mark.id,
                        color,
                        text: isCrowded ? "" : text,
                        position: action === "buy" ? "belowBar" : "aboveBar",
                        shape: withdrawn
                            ? "square"
                            : action === "buy"
                              ? "arrowUp"
                              : action === "sell"
                                ? "arrowDown"
                                : "circle",
                        size: withdrawn ? 0.5 : 1,
                    };
                })
            ),
        );
    }

    /** Increases the number of decimals of the price axis to that of the price with the most. @param {number[]} prices */
    #precision(prices) {
        let most = this.decimals;
        for (const price of prices) if (Number(price.toFixed(most)) !== price) most = Math.max(most, decimalsOf(price));
        if (most === this.decimals && this.bars.length > 0 && this.#candles.options().priceFormat.type === "custom")
            return;
        this.decimals = most;
        this.#candles.applyOptions({
            priceFormat: {
                type: "custom",
                formatter: (/** @type {number} */ value) => this.price(Number(value.toFixed(most))),
                minMove: 10 ** -most,
            },
        });
    }

    #pointAtCursor() {
        const bar = this.#cursor === null ? undefined : this.bars[this.#cursor];
        if (!bar || !this.#isKeyed || this.#ends.signal.aborted) return;
        this.#chart.setCrosshairPosition(bar.close, /** @type {any} */ (bar.time), /** @type {any} */ (this.#candles));
    }

    /** @param {{ time?: any, point?: any, sourceEvent?: any }} event */
    #moved({ time, point: place, sourceEvent }) {
        if (this.#isKeyed && !sourceEvent) return;
        this.#isKeyed = false;
        this.#tell(time === undefined || !place ? null : this.indexAt(Number(time)));
    }

    /** @param {number | null} index */
    #tell(index) {
        if (index === this.#cursor) return;
        this.#cursor = index;
        this.#options.onCursor(index);
    }

    /** The value of a CSS custom property, cached until the theme changes. @param {string} name such as --up */
    #color(name) {
        const known = this.colors.get(name);
        if (known !== undefined) return known;
        const color = getComputedStyle(this.#root).getPropertyValue(name).trim();
        this.colors.set(name, color);
        return color;
    }

    /** @type {Map<string, string>} */
    colors = new Map();

    /** Applies the colours of the current theme and draws the bars again. */
    #paint() {
        this.colors.clear();
        this.#chart.applyOptions(/** @type {any} */ (this.#look()));
        const [up, down, panel] = [this.#color("--up"), this.#color("--down"), this.#color("--panel")];
        if (this.#options.isTick)
            this.#candles.applyOptions({ color: this.#color("--text"), priceLineColor: this.#color("--muted") });
        else
            this.#candles.applyOptions({
                upColor: panel, // hollow, so that colour is not the only difference
                downColor: down,
                borderUpColor: up,
                borderDownColor: down,
                wickUpColor: up,
                wickDownColor: down,
                priceLineColor: this.#color("--muted"),
            });
        for (const { series, color, column } of this.curves) {
            series.applyOptions(
                column.output === "histogram" ? { color: this.#color("--series-bar") } : { color: this.#color(color) },
            );
            for (const line of series.priceLines()) line.applyOptions({ color: this.#color("--muted") });
        }
        if (this.bars.length > 0) this.setBars(this.bars);
    }

    #look() {
        const { zone, hasSeconds } = this.#options;
        return {
            autoSize: true,
            layout: {
                // The logo inserts a <style> element, which the content security policy blocks. The page footer has the attribution.
                attributionLogo: false,
                background: { color: "transparent" },
                textColor: this.#color("--muted"),
                fontFamily: getComputedStyle(document.body).fontFamily,
                fontSize: 11,
                panes: {
                    separatorColor: this.#color("--line"),
                    separatorHoverColor: this.#color("--raised"),
                    enableResize: true,
                },
            },
            grid: { vertLines: { color: this.#color("--grid") }, horzLines: { color: this.#color("--grid") } },
            crosshair: {
                mode: CrosshairMode.Normal,
                vertLine: { color: this.#color("--muted"), labelBackgroundColor: this.#color("--label") },
                horzLine: { color: this.#color("--muted"), labelBackgroundColor: this.#color("--label") },
            },
            rightPriceScale: { borderColor: this.#color("--line"), minimumWidth: 72 },
            timeScale: {
                borderColor: this.#color("--line"),
                timeVisible: true,
                secondsVisible: hasSeconds,
                rightOffset: 6,
                minBarSpacing: 0.4,
                tickMarkFormatter: (/** @type {any} */ time, /** @type {number} */ type) =>
                    tickMark(clockAt(Number(time), zone), type),
            },
            localization: { timeFormatter: (/** @type {any} */ time) => moment(clockAt(Number(time), zone)) },
            handleScroll: { vertTouchDrag: false },
        };
    }

    /**
     * The x coordinate of a moment, in pixels, interpolated between the open times of its bar and the next one.
     * @param {number} index of the bar
     * @param {number} time in seconds since 1970
     */
    #placeOf(index, time) {
        const scale = this.#chart.timeScale();
        const [here, after] = [index, index + 1].map((at) =>
            Number(scale.logicalToCoordinate(/** @type {any} */ (at))),
        );
        const [bar, next] = [this.bars[index], this.bars[index + 1]];
        const share = next ? Math.min(1, (time - bar.time) / (next.time - bar.time)) : 1;
        return here + (share - 0.5) * (after - here);
    }

    /** Positions the elements over the chart: the legends of the panes, and the moment of time travel. */
    #layout() {
        if (this.#ends.signal.aborted) return;
        const scale = this.#chart.timeScale();
        this.#chart.panes().forEach((pane, index) => {
            const element = pane.getHTMLElement();
            if (index > 0 && element) this.legendOf(index).style.setProperty("top", `${element.offsetTop + 2}px`);
        });
        const index = this.#at === null ? -1 : this.indexAt(this.#at);
        const x = index < 0 ? null : this.#placeOf(index, Number(this.#at));
        const width = scale.width();
        this.#moment.hidden = this.#at === null || x === null || x < 0 || x > width;
        this.#future.hidden = this.#at === null || (x !== null && x > width);
        const left = index < 0 ? 0 : Math.max(0, x ?? 0);
        this.#moment.style.setProperty("left", `${x ?? 0}px`);
        this.#future.style.setProperty("left", `${left}px`);
        this.#future.style.setProperty("width", `${Math.max(0, width - left)}px`);
        for (const overlay of [this.#moment, this.#future]) overlay.style.setProperty("bottom", `${scale.height()}px`);
    }
}

/**
 * The point of a curve at a bar. An absent value has none. The library connects the points on both sides of a gap, so the
 * last point before a gap is transparent, which hides that line.
 * @param {Bar} bar
 * @param {Bar | undefined} next
 * @param {string} name
 * @param {string} color
 */
function point(bar, next, name, color) {
    const value = bar.values[name];
    if (value === null || value === undefined) return { time: bar.time };
    const isLast = next && !next.isOpen && (next.values[name] ?? null) === null;
    return isLast ? { time: bar.time, value, color: "transparent" } : { time: bar.time, value };
}

/**
 * The text of a tick mark.
 * @param {Date} at its UTC fields are the local time
 * @param {number} type a TickMarkType
 */
function tickMark(at, type) {
    const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
    if (type === TickMarkType.Year) return String(at.getUTCFullYear());
    if (type === TickMarkType.Month) return months[at.getUTCMonth()];
    if (type === TickMarkType.DayOfMonth) return `${at.getUTCDate()} ${months[at.getUTCMonth()]}`;
    return type === TickMarkType.TimeWithSeconds ? `${clock}:${two(at.getUTCSeconds())}` : clock;
}

/** The text of the time label at the cursor. @param {Date} at its UTC fields are the local time */
const moment = (at) =>
    `${two(at.getUTCDate())} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
