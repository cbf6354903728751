// The page of a symbol: its chart, live and back to the first bar, and panels with its state, live or at a moment of the past.

import { ApiError, get, symbolPath } from "../lib/api.js";
import { SymbolChart } from "../lib/chart.js";
import { ChartLegend } from "../lib/chartlegend.js";
import { h, frame as atFrame, replace } from "../lib/dom.js";
import { dateTime, percent, signed, time, zone, zoneName } from "../lib/format.js";
import { decimalsOf, exact } from "../lib/numbers.js";
import { patch } from "../lib/patch.js";
import * as settings from "../lib/settings.js";
import * as states from "../lib/states.js";
import { SymbolData, secondsOf } from "../lib/symboldata.js";
import * as panels from "../lib/symbolpanels.js";
import { TimeTravel } from "../lib/timetravel.js";

/** @typedef {import("../lib/chart.js").Bar} Bar */
/** @typedef {import("../lib/timetravel.js").Moment} Moment */

export const title = "Symbol";

const unknownAfter = 2_000; // ms from the connection; without a state by then, the symbol is unknown
const dayEvery = 600_000; // ms between two requests of the trading day
const mostFresh = 500; // bars that are drawn one by one; with more, the chart draws all its bars again
const recoverEvery = 2_000; // ms until the page is loaded again while the node is recovering

/** @param {import("../app.js").PageContext} context */
export async function open({ root, path, params, signal, go }) {
    const symbol = path.join("/");
    const body = h("div", { class: "symbol-body" });
    const head = h("div", { class: "symbol-head" }, h("h1", null, symbol || title));
    replace(root, head, body);
    if (!symbol) return states.empty(body, "No symbol is selected", "Choose one in the market.");
    states.loading(body);
    try {
        const plan = await get(`${symbolPath(symbol)}/plan`, { signal });
        new SymbolPage({ symbol, plan, head, body, params, signal, go }).open();
    } catch (error) {
        failed(body, error, signal, () => open({ root, path, params, signal, go }));
    }
}

/**
 * Shows the message for an error. Retries after `recoverEvery` if the node is recovering (status 503).
 * @param {Element} root
 * @param {any} error
 * @param {AbortSignal} signal
 * @param {() => void} retry
 */
function failed(root, error, signal, retry) {
    if (signal.aborted) return;
    states.failed(root, error, retry);
    if (error?.status !== 503) return;
    const timer = setTimeout(retry, recoverEvery);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

class SymbolPage {
    #symbol;
    /** @type {panels.SymbolPlan} */
    #plan;
    #head;
    #body;
    #params;
    #signal;
    #go;

    #frame;
    /** Ends the subscription and the requests of the current frame. */
    #frameEnds = new AbortController();
    /** @type {SymbolChart | null} */
    #chart = null;
    /** @type {SymbolData | null} */
    #data = null;
    /** @type {TimeTravel} */
    #travel;
    /** The state at the moment of time travel, or `{ error }` if the request failed. @type {any} */
    #past = null;
    /** Aborts the request of the past state. */
    #pastAsks = new AbortController();
    /** The index of the bar under the cursor. @type {number | null} */
    #cursor = null;
    /** The last summary of the trading day. @type {any} */
    #day = null;
    #decimals = 2;
    /** Whether a request of the trading day is in progress. */
    #isAsking = false;
    /** Whether `#reachMoment` is loading older bars. */
    #isReaching = false;
    /** Whether the panels are in the page. */
    #isOpen = false;
    /** The timer of `#reopen`; 0: none. */
    #reopens = 0;
    /** Names of the hidden indicators. @type {Set<string>} */
    #hidden = new Set();

    #price = h("span", { class: "last-price" });
    #change = h("span", { class: "last-change" });
    #when = h("span", { class: "last-time muted" });
    #frames = h("div", { class: "frames", role: "radiogroup", "aria-label": "Frame" });
    /** @type {ChartLegend | null} */
    #legend = null;
    #legendPlace = h("div");
    #spoken = h("p", { class: "sr-only", "aria-live": "polite" });
    #canvas = h("div", { class: "chart-canvas" });
    #notice = h("p", { class: "chart-notice warn", role: "status", hidden: true });
    #side = {
        values: panels.panel("values", "Indicators"),
        day: panels.panel("day", "Trading day"),
        quote: panels.panel("quote", "Quote"),
        book: panels.panel("book", "Book"),
        news: panels.panel("news", "News"),
        fundamentals: panels.panel("fundamentals", "Fundamentals"),
        economy: panels.panel("economy", "Economy"),
        state: panels.panel("state", "State"),
    };
    #signals = panels.panel("signals", "Signals");

    /** Live bars that are not drawn yet. @type {Bar[]} */
    #fresh = [];
    /** The earliest time of the next drawing, in ms, as `performance.now()`. */
    #nextDraw = 0;
    /** The timer of the next drawing. @type {number | undefined} */
    #timer;
    #drawFresh = () => this.#showFresh();
    #drawSide = () => this.#showSide();
    #drawLegend = () => this.#showLegend();
    #drawSignals = () => this.#showSignals();

    /**
     * @param {{
     *   symbol: string, plan: panels.SymbolPlan, head: Element, body: Element, params: URLSearchParams, signal: AbortSignal,
     *   go: (hash: string) => void,
     * }} of
     */
    constructor({ symbol, plan, head, body, params, signal, go }) {
        this.#symbol = symbol;
        this.#plan = plan;
        this.#head = head;
        this.#body = body;
        this.#params = params;
        this.#signal = signal;
        this.#go = go;
        this.#frame =
            [params.get("frame"), settings.get("frame")].find((one) => one && plan.frames.includes(one)) ??
            firstFrame(plan);
        this.#travel = new TimeTravel(plan.zone, (moment) => this.#goTo(moment));
        signal.addEventListener("abort", () => {
            this.#frameEnds.abort();
            this.#pastAsks.abort();
        });
    }

    open() {
        replace(this.#head, h("h1", null, this.#symbol), this.#price, this.#change, this.#when, this.#frames);
        this.#buildFrames();
        this.#openFrame();
        const at = this.#params.get("at");
        if (at) this.#travel.setText(at);
    }

    /**
     * Reports an unknown symbol if no bar and no state arrives within `unknownAfter`. The node sends the state of a known
     * symbol at once.
     */
    #waitForState() {
        if (this.#isOpen) return;
        const timer = setTimeout(() => {
            if (this.#isOpen) return;
            states.empty(
                this.#body,
                `Unknown symbol ${this.#symbol}`,
                "No record of it has been accepted yet. It appears here with its first accepted record.",
            );
        }, unknownAfter);
        this.#signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    }

    #buildFrames() {
        const names = this.#plan.frames;
        /** @param {KeyboardEvent} event @param {number} index */
        const key = (event, index) => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (!step) return;
            event.preventDefault();
            const next = (index + step + names.length) % names.length;
            this.#choose(names[next]);
            /** @type {HTMLElement} */ (this.#frames.children[next]).focus();
        };
        replace(
            this.#frames,
            names.map((name, index) =>
                h(
                    "button",
                    {
                        type: "button",
                        role: "radio",
                        dataset: { frame: name },
                        onClick: () => this.#choose(name),
                        onKeydown: (/** @type {KeyboardEvent} */ event) => key(event, index),
                    },
                    name,
                ),
            ),
        );
        this.#markFrame();
    }

    #markFrame() {
        for (const button of this.#frames.children) {
            const isChosen = /** @type {HTMLElement} */ (button).dataset.frame === this.#frame;
            button.setAttribute("aria-checked", String(isChosen));
            button.setAttribute("tabindex", isChosen ? "0" : "-1");
        }
    }

    /** @param {string} name */
    #choose(name) {
        if (name === this.#frame) return;
        this.#frame = name;
        settings.set("frame", name);
        this.#markFrame();
        this.#remember();
        this.#openFrame();
    }

    /** Writes the frame and the moment into the address, without a navigation. */
    #remember() {
        const query = new URLSearchParams({ frame: this.#frame });
        if (this.#travel.moment) query.set("at", this.#travel.moment.at);
        history.replaceState(null, "", `#/symbols/${encodeURIComponent(this.#symbol)}?${query}`);
    }

    get #columns() {
        return this.#plan.indicators.filter(({ frame }) => frame === null || frame === this.#frame);
    }

    #openFrame() {
        this.#frameEnds.abort();
        this.#frameEnds = new AbortController();
        this.#chart?.dispose();
        this.#chart = null;
        this.#cursor = null;
        this.#fresh = [];
        this.#data = new SymbolData(
            this.#symbol,
            this.#frame,
            {
                onBars: (bars) => this.#takeBars(bars),
                onBar: (bar) => this.#takeBar(bar),
                onSignals: () => this.#takeSignals(),
                onState: (state) => this.#takeState(state),
                onConnected: () => this.#waitForState(),
                onFailure: (error) => this.#fail(error),
            },
            this.#frameEnds.signal,
        );
        if (this.#isOpen) this.#build();
    }

    /** Builds the chart and its legend. The first call also replaces the loading message by the panels. */
    #build() {
        if (!this.#isOpen) {
            this.#isOpen = true;
            const { state, values, day, quote, book, news, fundamentals, economy } = this.#side;
            const side = [values, quote, book, day, news, fundamentals, economy, state];
            for (const { root } of [quote, book, news, fundamentals, economy, day]) root.hidden = true;
            replace(
                this.#body,
                h(
                    "div",
                    { class: "symbol-grid" },
                    h(
                        "section",
                        { class: "panel chart-panel", "aria-label": "Chart" },
                        h("h2", { class: "sr-only" }, "Chart"),
                        this.#legendPlace,
                        this.#canvas,
                        this.#spoken,
                        this.#notice,
                        this.#travel.element,
                    ),
                    h(
                        "div",
                        { class: "side" },
                        side.map(({ root }) => root),
                    ),
                    this.#signals.root,
                ),
            );
            const timer = setInterval(() => this.#askDay(), dayEvery);
            this.#signal.addEventListener("abort", () => clearInterval(timer), { once: true });
        }

        const element = h("div", {
            class: "chart",
            tabindex: 0,
            role: "group",
            "aria-label": `Chart of ${this.#symbol}, ${this.#frame}. Arrow keys move the cursor, plus and minus change the scale, Escape leaves.`,
            onKeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        });
        replace(this.#canvas, element);
        this.#chart = new SymbolChart(element, {
            columns: this.#columns,
            zone: zone(this.#plan.zone),
            isTick: this.#frame === "tick",
            hasSeconds: this.#frame === "tick" || this.#frame.endsWith("s"),
            onCursor: (index) => {
                this.#cursor = index;
                atFrame(this.#drawLegend);
            },
            onOlder: () => this.#data?.older(),
            onMark: (id) => this.#go(`#/signals?explain=${encodeURIComponent(id)}`),
        });
        this.#legend = new ChartLegend(this.#chart, this.#plan.zone, this.#hidden);
        replace(this.#legendPlace, this.#legend.element);
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (event.ctrlKey || event.altKey || event.metaKey || event.target !== event.currentTarget) return;
        if (!this.#chart?.key(event.key)) return;
        event.preventDefault();
        this.#showLegend();
        const bar = this.#cursor === null ? null : this.#chart.bars[this.#cursor];
        this.#spoken.textContent = bar
            ? `${dateTime(bar.open_time, this.#plan.zone)}, open ${this.#text(bar.open)}, high ${this.#text(bar.high)}, low ${this.#text(bar.low)}, close ${this.#text(bar.close)}`
            : "";
    }

    /** @param {any} value */
    #text(value) {
        return this.#chart ? this.#chart.price(value) : exact(value, this.#decimals);
    }

    /** @param {Bar[]} bars */
    #takeBars(bars) {
        if (!this.#chart) {
            if (bars.length === 0 && !this.#data?.state) return; // no data yet
            this.#build();
        }
        this.#fresh = [];
        this.#chart?.setBars(bars);
        this.#travel.setBars(bars);
        this.#reachMoment();
        if (!this.#day) this.#askDay();
        this.#noticeBars(bars);
        atFrame(this.#drawLegend);
        this.#takeSignals();
    }

    /** @param {Bar} bar */
    #takeBar(bar) {
        this.#fresh.push(bar);
        if (this.#fresh.length > mostFresh) this.#fresh.shift(); // the chart will draw all its bars again
        if (this.#timer !== undefined) return;
        this.#timer = setTimeout(
            () => {
                this.#timer = undefined;
                atFrame(this.#drawFresh);
            },
            Math.max(0, this.#nextDraw - performance.now()),
        );
    }

    /**
     * Draws the live bars that arrived since the last call. The pause until the next call is four times as long as the drawing,
     * so drawing takes at most a fifth of the time.
     */
    #showFresh() {
        const fresh = this.#fresh.splice(0);
        if (!this.#chart || !this.#data) return;
        const began = performance.now();
        const isOver = this.#chart.bars.length > this.#data.bars.length + mostFresh; // the data has dropped its oldest bars
        if (fresh.length >= mostFresh || isOver) this.#chart.setBars(this.#data.bars);
        else for (const bar of fresh) this.#chart.update(bar);
        this.#travel.setBars(this.#chart.bars);
        this.#noticeBars(this.#chart.bars);
        this.#showLegend();
        // Measured in the next animation frame, to include the drawing of the chart library.
        requestAnimationFrame(() => (this.#nextDraw = performance.now() + 4 * (performance.now() - began)));
    }

    /** @param {Bar[]} bars */
    #noticeBars(bars) {
        this.#notice.hidden = bars.length > 0;
        if (bars.length === 0) this.#notice.textContent = `No bar of ${this.#frame} has begun yet.`;
    }

    #takeSignals() {
        const { signals = [], isWithdrawn } = this.#data ?? {};
        this.#chart?.setMarks(
            signals.map((one) => ({
                time: secondsOf(one.bar_time),
                action: one.action,
                name: one.name,
                id: one.id,
                withdrawn: isWithdrawn?.(one) ?? false,
            })),
        );
        atFrame(this.#drawSignals);
    }

    /** @param {any} state */
    #takeState(state) {
        if (state.plan_hash !== this.#plan.plan_hash) return this.#reopen();
        if (!this.#chart) {
            this.#build();
            this.#chart && this.#takeBars(this.#data?.bars ?? []);
        }
        atFrame(this.#drawSide);
    }

    /**
     * Loads the plan and all data again, after 300 ms. Called when the plan hash differs: the plan or the exclusions have
     * changed, and the shown data is outdated.
     */
    async #reopen() {
        if (this.#reopens > 0) return;
        this.#reopens = setTimeout(async () => {
            this.#reopens = 0;
            try {
                this.#plan = await get(`${symbolPath(this.#symbol)}/plan`, { signal: this.#signal });
                if (!this.#plan.frames.includes(this.#frame)) this.#frame = firstFrame(this.#plan);
                this.#buildFrames();
                this.#openFrame();
            } catch (error) {
                this.#fail(error);
            }
        }, 300);
    }

    /** @param {any} error */
    #fail(error) {
        if (this.#signal.aborted || error?.name === "AbortError") return;
        const known =
            error instanceof ApiError || error instanceof Error
                ? error
                : new ApiError(error.code === "not_allowed" ? 403 : 400, error.code, error.message);
        if (!this.#isOpen || /** @type {any} */ (known).status === 403) {
            this.#isOpen = false;
            this.#frameEnds.abort();
            this.#chart?.dispose();
            this.#chart = null;
            failed(this.#body, known, this.#signal, () => this.#openFrame());
            return;
        }
        this.#notice.hidden = false;
        this.#notice.textContent = `Bars cannot be loaded: ${known.message}`;
    }

    /** @param {Moment | null} moment */
    #goTo(moment) {
        this.#pastAsks.abort();
        this.#pastAsks = new AbortController();
        this.#remember();
        this.#chart?.setCursor(null);
        this.#chart?.setMoment(moment?.seconds ?? null);
        this.#body.classList.toggle("is-past", moment !== null);
        if (moment === null) {
            this.#past = null;
            this.#chart?.showNewest();
            if (!this.#day) this.#askDay();
            atFrame(this.#drawSide);
            atFrame(this.#drawLegend);
            return;
        }
        this.#reachMoment();
        this.#askPast(moment, this.#pastAsks.signal);
    }

    /** Loads older bars back to the moment of time travel, and scrolls to it. */
    async #reachMoment() {
        const { moment } = this.#travel;
        if (!moment || !this.#chart || this.#chart.bars.length === 0) return;
        this.#chart.setMoment(moment.seconds);
        if (this.#isReaching) return;
        this.#isReaching = true;
        while (this.#travel.moment && this.#data && !this.#signal.aborted) {
            const { bars, hasOlder, isLoading } = this.#data;
            if (bars.length === 0 || bars[0].time <= this.#travel.moment.seconds || !(hasOlder || isLoading)) break;
            if (isLoading) await new Promise((resolve) => setTimeout(resolve, 50));
            else if (!(await this.#data.older())) break;
        }
        this.#isReaching = false;
        if (this.#travel.moment) this.#chart?.reveal(this.#travel.moment.seconds);
    }

    /**
     * Loads the state at a moment of the past.
     * @param {Moment} moment
     * @param {AbortSignal} signal
     */
    async #askPast(moment, signal) {
        await new Promise((resolve) => setTimeout(resolve, 60)); // debounces the slider
        if (signal.aborted) return;
        try {
            this.#past = await get(`${symbolPath(this.#symbol)}?at=${encodeURIComponent(moment.at)}`, { signal });
        } catch (error) {
            if (signal.aborted) return;
            this.#past = { error };
        }
        atFrame(this.#drawSide);
        atFrame(this.#drawLegend);
    }

    /**
     * Loads the summary of the trading day. For that the node reads the whole journal of the symbol, so requests are rare. The
     * daily bar of the live state keeps the prices current.
     */
    async #askDay() {
        const newest = this.#chart?.bars.at(-1);
        if (document.hidden || this.#travel.moment || !newest || this.#isAsking) return;
        this.#isAsking = true;
        try {
            // Without a date, the node takes the day of the last price, which may be outside all sessions (404 no_session). A bar
            // opens within a session.
            const path = `${symbolPath(this.#symbol)}/summary?date=${encodeURIComponent(newest.open_time)}`;
            const day = await get(path, { signal: this.#signal });
            this.#day = { ...day, asOf: this.#data?.state?.last_time };
            atFrame(this.#drawSide);
        } catch {
            // The panel keeps its content.
        }
        this.#isAsking = false;
    }

    /** The current daily bar. Null if the plan has no daily bars, or if it is not of the loaded trading day. @param {any} state */
    #dayBar(state) {
        const bar = state.frames?.["1day"]?.open_bar;
        if (!bar || !this.#day) return null;
        const began = secondsOf(bar.open_time);
        if (began < secondsOf(this.#day.from)) return null;
        if (began < secondsOf(this.#day.to)) return bar;
        this.#askDay(); // the next trading day has begun
        return null;
    }

    /**
     * Shows in the legend the bar under the cursor. Without a cursor: the bar of the moment of time travel as it was then, or
     * the last bar.
     */
    #showLegend() {
        const { moment } = this.#travel;
        const chart = this.#chart;
        if (!chart) return;
        const { bars } = chart;
        const index = this.#cursor ?? (moment ? chart.indexAt(moment.seconds) : bars.length - 1);
        const before = bars[index - 1];
        const then = moment && this.#cursor === null ? this.#past?.frames?.[this.#frame] : null;
        if (then) {
            const { open_bar: open, last_bar: last, values } = then;
            const bar = open ? { ...open, isOpen: true } : last;
            this.#legend?.show(bar, bar && bars[chart.indexAt(secondsOf(bar.open_time)) - 1], values);
        } else {
            const bar = bars[index];
            const closed = bar?.isOpen ? before : bar; // an open bar has no values
            this.#legend?.show(bar, before, closed?.values ?? {});
        }
    }

    #showSide() {
        if (this.#signal.aborted || !this.#isOpen) return;
        const { moment } = this.#travel;
        const state = moment ? this.#past : this.#data?.state;
        if (state?.error) return this.#showNoPast(state.error);
        if (!state) return;
        const decimals = (this.#decimals = Math.max(
            this.#decimals,
            this.#chart?.decimals ?? 0,
            decimalsOf(state.last_price),
        ));
        const venue = this.#plan.zone;
        this.#showHead(state);
        const { values, day, quote, book, news, fundamentals, economy, state: counts } = this.#side;
        panels.showValues(
            values.body,
            state,
            this.#frame,
            this.#columns,
            (column, value) => this.#chart?.value(column, value) ?? String(value),
        );
        counts.root.classList.remove("unknown");
        panels.showState(counts.body, state, this.#plan);
        const parts = /** @type {const} */ ([
            [quote, state.quote, () => panels.showQuote(quote.body, state.quote, decimals, venue)],
            [book, state.book, () => panels.showBook(book.body, state.book, decimals)],
            [news, state.news, () => panels.showNews(news.body, state.news, venue)],
            [
                fundamentals,
                state.fundamentals,
                () => panels.showFundamentals(fundamentals.body, state.fundamentals, venue),
            ],
            [economy, state.economy, () => panels.showEconomy(economy.body, state.economy, venue)],
            [
                day,
                moment || this.#day?.open === null ? null : this.#day,
                () => panels.showDay(day.body, this.#day, this.#dayBar(state), decimals, venue),
            ],
        ]);
        for (const [{ root }, what, show] of parts) {
            root.hidden = !what;
            if (what) show();
        }
    }

    /** Shows that there is no state at the moment of time travel. @param {any} error */
    #showNoPast(error) {
        const { values, state, ...others } = this.#side;
        for (const { root } of Object.values(others)) root.hidden = true;
        const text = error.code === "unknown_symbol" ? "No record of it was accepted by that time." : error.message;
        patch(values.body, h("p", { class: "muted nothing" }, text));
        patch(state.body, h("p", { class: "muted nothing" }, text));
        patch(this.#price, "–");
        patch(this.#change);
        patch(this.#when);
    }

    /** @param {any} state */
    #showHead(state) {
        const { moment } = this.#travel;
        patch(this.#price, exact(state.last_price, this.#decimals));
        const before = moment ? null : this.#day?.previous_close;
        const change =
            before === null || before === undefined || state.last_price === null
                ? null
                : Number((state.last_price - before).toPrecision(12));
        this.#change.className = `last-change ${panels.colour(change)}`;
        patch(
            this.#change,
            change === null ? null : `${panels.arrow(change)} ${signed(change)} (${percent((100 * change) / before)})`,
        );
        patch(
            this.#when,
            state.last_time
                ? `${moment ? dateTime(state.last_time, this.#plan.zone) : time(state.last_time, this.#plan.zone)} ${zoneName(this.#plan.zone)}`
                : null,
        );
    }

    #showSignals() {
        const { signals, isWithdrawn } = this.#data ?? {};
        if (!signals || !isWithdrawn || !this.#isOpen) return;
        panels.showSignals(this.#signals.body, signals, isWithdrawn, this.#chart?.decimals ?? 2, this.#plan.zone);
    }
}

/** The smallest frame except `tick`; `tick` if there is no other. @param {panels.SymbolPlan} plan */
const firstFrame = ({ frames }) => frames.find((name) => name !== "tick") ?? frames[0];
