// A bounded part of the signal log in memory, the newest signal first. Older signals are read page by page; live ones are added by `take`.

import { get } from "../../lib/api.js";

/**
 * @typedef {{
 *   position: number, id: string, symbol: string, action: string, price: number | string, time: string, name: string,
 *   frame: string, withdraws: number | null,
 * }} Row
 */
/** @typedef {{ symbols: string[], rule: string, action: string }} Filter */

const pageLength = 200; // signals

export class SignalLog {
    /**
     * The newest first.
     * @type {Row[]}
     */
    rows = [];
    /**
     * Positions of the signals that were withdrawn.
     * @type {Set<number>}
     */
    withdrawn = new Set();
    /** The position before which the next page of older signals begins. */
    next = Number.MAX_SAFE_INTEGER;
    /** The last position of the log at the first read: the subscription to live signals begins there. -1 before that read. */
    start = -1;
    /** Number of signals newer than the first row. They are not in memory because older ones displaced them. */
    newer = 0;
    #filter;
    #most;

    /** @param {Filter} filter @param {number} most rows in memory */
    constructor(filter, most) {
        this.#filter = filter;
        this.#most = most;
    }

    /** Whether the beginning of the log has been read. */
    get isAtFirst() {
        return this.next <= 1;
    }

    /**
     * Reads the next page of older signals. A page may be empty if few signals match the filter. Returns the
     * number of signals read.
     * @param {AbortSignal} signal
     */
    async older(signal) {
        const { signals, next, last } = await get(`/signals?${this.#query()}&before=${this.next}`, { signal });
        if (this.start < 0) this.start = last;
        this.next = next;
        for (const one of signals) this.#add(one, false);
        return signals.length;
    }

    /**
     * Adds a live signal. Returns whether it is among the rows now.
     * @param {any} signal
     */
    take(signal) {
        if (this.rows[0]?.position >= signal.position) return false; // a page already contained it
        if (signal.action === "withdrawn") this.withdrawn.add(signal.withdraws);
        if (!this.#wants(signal)) return false;
        if (this.newer > 0 || (this.rows.length >= this.#most && this.#isLong)) {
            this.newer++;
            return false;
        }
        this.#add(signal, true);
        return true;
    }

    /** Whether reading older signals exceeded the limit of rows, so that the newest rows were dropped. */
    #isLong = false;

    /** @param {any} signal @param {boolean} isNew */
    #add({ position, id, symbol, action, price, time, name, frame, withdraws }, isNew) {
        const row = { position, id, symbol, action, price, time, name, frame, withdraws: withdraws ?? null };
        if (action === "withdrawn") this.withdrawn.add(withdraws);
        if (isNew) {
            this.rows.unshift(row);
            if (this.rows.length > this.#most) this.#forget(/** @type {Row} */ (this.rows.pop()), false);
        } else {
            this.rows.push(row);
            if (this.rows.length > this.#most) this.#forget(/** @type {Row} */ (this.rows.shift()), true);
        }
    }

    /** @param {Row} row @param {boolean} isNewest */
    #forget(row, isNewest) {
        this.withdrawn.delete(row.position);
        if (isNewest) {
            this.#isLong = true;
            this.newer++;
        } else this.next = this.rows[this.rows.length - 1].position;
    }

    /** @param {any} signal */
    #wants({ symbol, name, action }) {
        const { symbols, rule, action: side } = this.#filter;
        return (
            (symbols.length === 0 || symbols.includes(symbol)) &&
            (rule === "" || rule === name) &&
            (side === "" || side === action || action === "withdrawn")
        );
    }

    #query() {
        const { symbols, rule, action } = this.#filter;
        const query = new URLSearchParams({ limit: String(pageLength) });
        if (symbols.length > 0) query.set("symbol", symbols.join(","));
        if (rule) query.set("rule", rule);
        if (action) query.set("action", action);
        return query;
    }
}
