// The data of the symbol page: the bars of one frame, the signals and the state of a symbol. Loads them, subscribes to updates, and limits
// the number of bars and signals.

import { get, symbolPath } from "./api.js";
import { subscribe } from "./live.js";

/** @typedef {import("./chart.js").Bar} Bar */
/** @typedef {import("./chart.js").Mark} Mark */
/**
 * The callbacks. `onBars`: bars were added, removed or reloaded. `onBar`: one bar was appended, or replaces the last one.
 * @typedef {{
 *   onBars: (bars: Bar[]) => void, onBar: (bar: Bar) => void, onSignals: (signals: any[]) => void, onState: (state: any) => void,
 *   onConnected: () => void, onFailure: (error: any) => void,
 * }} Telling
 */

const pageBars = 1_000; // bars per request
const mostBars = 20_000;
const mostTicks = 5_000; // bars of the frame tick
const mostHeld = 5_000; // bars that close during a load; with more, the bars are loaded again
const mostSignals = 5_000;
const mostPages = 20; // requests to the signal log, in one search for older signals
const tickStep = 1e-6; // seconds from a bar to the next one on the time axis, if their open times do not increase

/** Parses a time of the API to seconds since 1970, with its digits below milliseconds. NaN if it is not a time. @param {string} text */
export function secondsOf(text) {
    const [, whole, fraction = "", zone = "Z"] = /^([^.Z+]+)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
    return whole === undefined ? NaN : Date.parse(whole + zone) / 1000 + (fraction ? Number("0." + fraction) : 0);
}

/** Parses a time of the API to nanoseconds since 1970, exactly. Null if it is not a time. @param {string} text */
export function nanosecondsOf(text) {
    const [, whole, fraction = "", zone = "Z"] = /^([^.Z+]+)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
    if (whole === undefined) return null;
    return BigInt(Date.parse(whole + zone)) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

export class SymbolData {
    /** @type {Bar[]} */
    bars = [];
    /** The loaded signals, without withdrawals, oldest first. @type {any[]} */
    signals = [];
    /** The current state; null until the first one arrives. @type {any} */
    state = null;
    /** Whether older bars can be loaded. */
    hasOlder = false;

    #symbol;
    #frame;
    #telling;
    #signal;
    #isLoading = false;
    /** The `to` of the request for the next older bars. @type {string | null} */
    #previous = null;
    /** Positions of withdrawn signals. @type {Set<number>} */
    #withdrawn = new Set();
    /** Whether to refresh the bars after the current load. */
    #isBehind = false;
    /** Bars that closed during the current load. @type {any[]} */
    #held = [];
    #isTick;
    #most;
    /** The position in the signal log before which the next older signals are read; -1 before the first connection. */
    #before = -1;
    #isReading = false;

    /**
     * @param {string} symbol
     * @param {string} frame
     * @param {Telling} telling
     * @param {AbortSignal} signal ends the subscription and all requests
     */
    constructor(symbol, frame, telling, signal) {
        this.#symbol = symbol;
        this.#frame = frame;
        this.#telling = telling;
        this.#isTick = frame === "tick";
        this.#most = this.#isTick ? mostTicks : mostBars;
        this.#signal = signal;
        subscribe(
            { topics: ["state", "bars", "signals"], symbols: [symbol], frames: [frame] },
            {
                connected: ({ last }) => this.#begin(Number(last)),
                state: (state) => this.#takeState(state),
                bar: (bar) => this.#takeBar(bar),
                signal: (fired) => this.#takeSignals([fired]),
                missed: () => this.#refresh(),
                error: (error) => telling.onFailure(error),
            },
            signal,
        );
    }

    /** Whether bars are being loaded. */
    get isLoading() {
        return this.#isLoading;
    }

    /** Loads a page of older bars, if there are some and no load is in progress. Returns whether it added bars. */
    async older() {
        if (!this.hasOlder || this.#isLoading || this.#signal.aborted) return false;
        this.#isLoading = true;
        try {
            const page = await this.#get(`limit=${pageBars}&to=${encodeURIComponent(this.#previous ?? "")}`);
            const [first] = this.bars;
            const known = new Set(this.#isTick ? this.bars.slice(0, pageBars).map(keyOf) : []);
            const older = page.bars.filter(
                (/** @type {any} */ bar) =>
                    !first || (this.#isTick ? !known.has(keyOf(bar)) : secondsOf(bar.open_time) < first.time),
            );
            this.#previous = page.previous ?? null;
            const before = toBars(older, null);
            // Tick bars are in order of arrival, not of time: a page may end later than the first known bar begins. It is then
            // moved back, to end before that bar.
            const shift =
                before.length && first ? Math.min(0, first.time - tickStep - before[before.length - 1].time) : 0;
            for (const bar of before) bar.time += shift;
            this.bars = [...before, ...this.bars];
            this.hasOlder = this.#previous !== null && older.length > 0 && this.bars.length < this.#most;
            this.#open();
            this.#telling.onBars(this.bars);
            this.#olderSignals();
            return older.length > 0;
        } catch (error) {
            if (!this.#signal.aborted) this.#telling.onFailure(error);
            return false;
        } finally {
            this.#loaded();
        }
    }

    /** @param {string} query */
    #get(query) {
        const path = `${symbolPath(this.#symbol)}/bars?frame=${encodeURIComponent(this.#frame)}&${query}`;
        return get(path, { signal: this.#signal });
    }

    /**
     * Loads the current data after each connection.
     * @param {number} last the last position of the signal log
     */
    async #begin(last) {
        this.#telling.onConnected();
        if (this.#before < 0) this.#before = last + 1;
        await this.#refresh();
        this.#olderSignals();
    }

    /**
     * Loads the newest bars. If bars are loaded already, loads those that closed after them. Tick bars are always replaced by
     * the newest page, because very many of them may have closed since.
     */
    async #refresh() {
        if (this.#isLoading) {
            this.#isBehind = true;
            return;
        }
        this.#isLoading = true;
        try {
            const closed = this.#isTick ? undefined : this.bars.findLast(({ isOpen }) => !isOpen);
            if (closed) {
                this.#append((await this.#get(`limit=10000&from=${encodeURIComponent(closed.open_time)}`)).bars);
            } else {
                const page = await this.#get(`limit=${pageBars}`);
                this.#previous = page.previous ?? null;
                this.hasOlder = this.#previous !== null;
                this.bars = toBars(page.bars, null);
                this.#open();
            }
            this.#telling.onBars(this.bars);
        } catch (error) {
            if (!this.#signal.aborted) this.#telling.onFailure(error);
        } finally {
            this.#loaded();
        }
    }

    /** Ends a load: appends the bars that closed during it, or refreshes the bars if some were missed. */
    #loaded() {
        this.#isLoading = false;
        if (this.#signal.aborted) return;
        const held = this.#held.splice(0);
        if (this.#isBehind) {
            this.#isBehind = false;
            this.#refresh();
        } else if (held.length > 0 && this.#append(held)) {
            this.#telling.onBars(this.bars);
        }
    }

    /** Appends the closed bars that are not known yet. Returns whether there were any. @param {any[]} closed */
    #append(closed) {
        const kept = this.bars.at(-1)?.isOpen ? this.bars.slice(0, -1) : this.bars;
        const last = kept.at(-1) ?? null;
        const known = new Set(this.#isTick ? kept.slice(-2 * pageBars).map(keyOf) : []);
        const fresh = closed.filter((bar) =>
            this.#isTick ? !known.has(keyOf(bar)) : !last || secondsOf(bar.open_time) > last.time,
        );
        if (fresh.length === 0) return false;
        this.bars = [...kept, ...toBars(fresh, last)];
        this.#trim();
        this.#open();
        return true;
    }

    /** Above the maximum number of bars, keeps the newest 90 % of that number. */
    #trim() {
        if (this.bars.length <= this.#most) return;
        this.bars = this.bars.slice(-Math.floor(0.9 * this.#most));
        this.#previous = this.bars[0].open_time;
        this.hasOlder = false; // the list is as long as allowed
    }

    /** @param {any} state */
    #takeState(state) {
        this.state = state;
        const open = this.#isLoading ? null : this.#open(); // a load sets the open bar at its end
        if (open) this.#telling.onBar(open);
        this.#telling.onState(state);
    }

    /**
     * Appends the open bar of the state, or replaces the one at the end of the list. Null if the state has no open bar, or if
     * the list already has a newer bar or this bar as a closed one.
     */
    #open() {
        const open = this.state?.frames?.[this.#frame]?.open_bar;
        if (!open) return null;
        const last = this.bars.at(-1);
        const bar = { ...open, time: secondsOf(open.open_time), values: {}, isOpen: true };
        if (last && (bar.time < last.time || (bar.time === last.time && !last.isOpen))) return null;
        if (last?.isOpen) this.bars[this.bars.length - 1] = bar;
        else this.bars.push(bar);
        return bar;
    }

    /** @param {any} closed */
    #takeBar(closed) {
        if (this.#isLoading) {
            if (this.#held.length < mostHeld) this.#held.push(closed);
            else this.#isBehind = true;
            return;
        }
        const last = this.bars.at(-1);
        const before = last?.isOpen ? (this.bars.at(-2) ?? null) : (last ?? null);
        const [bar] = toBars([closed], before);
        if (!this.#isTick && before && secondsOf(closed.open_time) <= before.time) return;
        if (last?.isOpen && bar.time !== last.time) {
            // The open bar is another one: the next bar is already open, or no state had this bar as the open one.
            this.bars = [...this.bars.slice(0, -1), bar, ...(last.time > bar.time ? [last] : [])];
            this.#telling.onBars(this.bars);
            return;
        }
        if (last?.isOpen) this.bars[this.bars.length - 1] = bar;
        else this.bars.push(bar);
        this.#trim();
        this.#telling.onBar(bar);
    }

    /** @param {any[]} fired */
    #takeSignals(fired) {
        for (const one of fired) if (one.action === "withdrawn") this.#withdrawn.add(one.withdraws);
        const known = new Set(this.signals.slice(-100).map(({ position }) => position));
        this.signals.push(...fired.filter(({ position, action }) => action !== "withdrawn" && !known.has(position)));
        if (this.signals.length > mostSignals) this.signals.splice(0, this.signals.length - mostSignals);
        this.#telling.onSignals(this.signals);
    }

    /** Whether a signal was withdrawn. @param {any} signal */
    isWithdrawn = (signal) => this.#withdrawn.has(signal.position);

    /**
     * Reads the signal log backwards to the time of the oldest bar, in at most `mostPages` requests: the log is that of all
     * symbols, and an answer may have few signals of this one.
     */
    async #olderSignals() {
        if (this.#isReading) return;
        this.#isReading = true;
        try {
            for (let pages = 0; pages < mostPages && this.#before > 1 && this.bars.length > 0; pages++) {
                const [first] = this.signals;
                if (this.signals.length >= mostSignals || (first && secondsOf(first.bar_time) < this.bars[0].time))
                    break;
                const path = `/signals?symbol=${encodeURIComponent(this.#symbol)}&before=${this.#before}&limit=1000`;
                const page = await get(path, { signal: this.#signal });
                this.#before = page.next;
                const found = page.signals.reverse(); // the answer has the newest first
                for (const one of found) if (one.action === "withdrawn") this.#withdrawn.add(one.withdraws);
                const known = new Set(this.signals.map(({ position }) => position));
                this.signals.unshift(
                    ...found.filter(
                        (/** @type {any} */ { position, action }) => action !== "withdrawn" && !known.has(position),
                    ),
                );
                if (found.length > 0) this.#telling.onSignals(this.signals);
            }
        } catch {
            // The chart works without older signals. New signals are still shown.
        } finally {
            this.#isReading = false;
        }
    }
}

/** A key to recognise tick bars, because several may have the same open time. @param {any} bar */
const keyOf = ({ open_time, open, high, low, close, volume }) =>
    `${open_time} ${open} ${high} ${low} ${close} ${volume}`;

/**
 * Adds to each bar its position on the time axis: its open time, or `tickStep` after the previous position if it is not later.
 * @param {any[]} bars
 * @param {Bar | null} before the previous bar
 * @returns {Bar[]}
 */
function toBars(bars, before) {
    let last = before?.time ?? -Infinity;
    return bars.map((bar) => {
        const time = secondsOf(bar.open_time);
        last = time > last ? time : last + tickStep;
        return { ...bar, time: last };
    });
}
