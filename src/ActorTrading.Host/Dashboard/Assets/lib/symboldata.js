// What the page of a symbol knows of it: bars of one frame, its signals, its state; asked for, kept up to date, and bounded.

import { get, symbolPath } from "./api.js";
import { subscribe } from "./live.js";

/** @typedef {import("./chart.js").Bar} Bar */
/** @typedef {import("./chart.js").Mark} Mark */
/**
 * @typedef {{
 *   onBars: (bars: Bar[]) => void, onBar: (bar: Bar) => void, onSignals: (signals: any[]) => void, onState: (state: any) => void,
 *   onConnected: () => void, onFailure: (error: any) => void,
 * }} Telling
 */

const pageBars = 1_000;
const mostBars = 20_000;
const mostTicks = 5_000;
const mostHeld = 5_000;
const mostSignals = 5_000;
const mostPages = 20; // of the log, read at a time
const tickStep = 1e-6; // seconds between bars of ticks that share a time

/** A moment of the API in seconds since 1970, with what it has beyond milliseconds. @param {string} text */
export function secondsOf(text) {
    const [, whole, fraction = "", zone = "Z"] = /^([^.Z+]+)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
    return whole === undefined ? NaN : Date.parse(whole + zone) / 1000 + (fraction ? Number("0." + fraction) : 0);
}

/** A moment in nanoseconds since 1970, exact. @param {string} text */
export function nanosecondsOf(text) {
    const [, whole, fraction = "", zone = "Z"] = /^([^.Z+]+)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
    if (whole === undefined) return null;
    return BigInt(Date.parse(whole + zone)) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

export class SymbolData {
    /** @type {Bar[]} */
    bars = [];
    /** The signals that are known, the oldest first. @type {any[]} */
    signals = [];
    /** The state of now. @type {any} */
    state = null;
    /** Whether there are older bars than those that are here. */
    hasOlder = false;

    #symbol;
    #frame;
    #telling;
    #signal;
    #isLoading = false;
    /** @type {string | null} */
    #previous = null;
    /** Positions of signals that were taken back. @type {Set<number>} */
    #withdrawn = new Set();
    #isBehind = false;
    /** Bars that closed while others are being loaded. @type {any[]} */
    #held = [];
    #isTick;
    #most;
    /** The position in the log before which nothing was read yet. */
    #before = -1;
    #isReading = false;

    /** @param {string} symbol @param {string} frame @param {Telling} telling @param {AbortSignal} signal */
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

    /** Loads older bars, if there are some and none are being loaded; true when some came. */
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
            // Of ticks, in the order in which they came; late ones have their places there.
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

    /** @param {number} last the position where the signal log ends */
    async #begin(last) {
        this.#telling.onConnected();
        if (this.#before < 0) this.#before = last + 1;
        await this.#refresh();
        this.#olderSignals();
    }

    /** The newest bars; after a break also those that closed meanwhile. Of ticks the newest only: there may be very many. */
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

    /** Takes the bars that closed while others were being loaded. */
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

    /** Puts closed bars behind the others, those that are not there yet; whether there were some. @param {any[]} closed */
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

    /** Lets the oldest bars go where there are too many. */
    #trim() {
        if (this.bars.length <= this.#most) return;
        this.bars = this.bars.slice(-Math.floor(0.9 * this.#most));
        this.#previous = this.bars[0].open_time;
        this.hasOlder = false; // it is as long as it may be
    }

    /** @param {any} state */
    #takeState(state) {
        this.state = state;
        const open = this.#isLoading ? null : this.#open(); // else it is put there with the bars that come
        if (open) this.#telling.onBar(open);
        this.#telling.onState(state);
    }

    /** Puts the bar that is open at the end; null where there is none, or one that has closed. */
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
            // It is not the one that was open: the next has begun already, or this one was never seen.
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

    /** Whether a signal was taken back. @param {any} signal */
    isWithdrawn = (signal) => this.#withdrawn.has(signal.position);

    /** Reads the log backwards, as far as there are bars; it is that of all symbols, and this one may have few signals in it. */
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
                const found = page.signals.reverse(); // the newest came first
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
            // The chart is of use without them; what comes is shown.
        } finally {
            this.#isReading = false;
        }
    }
}

/** @param {any} bar */
const keyOf = ({ open_time, open, high, low, close, volume }) =>
    `${open_time} ${open} ${high} ${low} ${close} ${volume}`;

/** Bars with their places on the axis, each after the one before. @param {any[]} bars @param {Bar | null} before @returns {Bar[]} */
function toBars(bars, before) {
    let last = before?.time ?? -Infinity;
    return bars.map((bar) => {
        const time = secondsOf(bar.open_time);
        last = time > last ? time : last + tickStep;
        return { ...bar, time: last };
    });
}
