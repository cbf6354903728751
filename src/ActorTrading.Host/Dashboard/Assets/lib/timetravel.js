// The controls below the chart for time travel: a slider and a field that select a moment of the past, and a button back to live.

import { h } from "./dom.js";
import { dateTime, zone } from "./format.js";
import { nanosecondsOf } from "./symboldata.js";
import { clockAt, momentOf } from "./zones.js";

/** @typedef {import("./chart.js").Bar} Bar */
/**
 * A moment. `at`: the value of the API parameter `at`, which is ISO 8601 or nanoseconds since 1970. `seconds`: since 1970.
 * @typedef {{ at: string, seconds: number }} Moment
 */

const two = (/** @type {number} */ n) => String(n).padStart(2, "0");

export class TimeTravel {
    /** The selected moment; null: live. @type {Moment | null} */
    moment = null;

    #bars = /** @type {Bar[]} */ ([]);
    #venue;
    #onChange;
    #slider;
    #field;
    #live;
    #label = h("output", { class: "moment-label", for: "moment-slider" });

    /**
     * @param {string} venue the venue's zone
     * @param {(moment: Moment | null) => void} onChange
     */
    constructor(venue, onChange) {
        this.#venue = venue;
        this.#onChange = onChange;
        this.#slider = h("input", {
            id: "moment-slider",
            type: "range",
            min: 0,
            max: 0,
            step: 1,
            value: "0",
            "aria-label": "Moment, bar by bar",
            onInput: () => this.#slid(),
        });
        this.#field = h("input", {
            type: "datetime-local",
            step: 1,
            "aria-label": "Moment, as date and time",
            onChange: () => this.#typed(),
        });
        this.#live = h("button", { type: "button", class: "back-to-live", onClick: () => this.set(null) }, "Live");
        this.element = h(
            "div",
            { class: "time-travel", role: "group", "aria-label": "Time travel" },
            h("span", { class: "time-travel-name" }, "Time travel"),
            this.#slider,
            this.#field,
            this.#label,
            this.#live,
        );
        this.#show();
    }

    /** Sets the bars of the slider; each of its steps is one bar. @param {Bar[]} bars */
    setBars(bars) {
        this.#bars = bars;
        if (this.#slider.max === String(bars.length - 1) && this.moment === null) return;
        this.#slider.max = String(Math.max(0, bars.length - 1));
        this.#show();
    }

    /** Selects a moment; null: live. @param {Moment | null} moment */
    set(moment) {
        if (moment?.at === this.moment?.at) return;
        this.moment = moment;
        this.#show();
        this.#onChange(moment);
    }

    /** Selects a moment of the past, if the text is one. @param {string} at ISO 8601, or nanoseconds since 1970 */
    setText(at) {
        const nanoseconds = /^\d+$/.test(at) ? BigInt(at) : nanosecondsOf(at);
        if (nanoseconds !== null) this.set({ at, seconds: Number(nanoseconds / 1000n) / 1e6 });
    }

    #slid() {
        const index = Number(this.#slider.value);
        const next = this.#bars[index + 1];
        const nanoseconds = next && nanosecondsOf(next.open_time);
        // The end of a bar is one nanosecond before the next bar opens. The newest bar has no next one: it selects live.
        this.set(
            nanoseconds ? { at: String(nanoseconds - 1n), seconds: Number(nanoseconds / 1000n) / 1e6 - 1e-6 } : null,
        );
    }

    #typed() {
        const seconds = momentOf(this.#field.value, zone(this.#venue));
        if (Number.isFinite(seconds)) this.set({ at: new Date(seconds * 1000).toISOString(), seconds });
    }

    #show() {
        const { moment } = this;
        this.element.classList.toggle("is-past", moment !== null);
        this.#live.disabled = moment === null;
        this.#live.textContent = moment === null ? "Live" : "Back to live";
        if (moment === null) {
            this.#slider.value = this.#slider.max;
            this.#label.textContent = "Now";
            if (document.activeElement !== this.#field) this.#field.value = "";
        } else {
            const place = this.#bars.findLastIndex(({ time }) => time <= moment.seconds);
            this.#slider.value = String(Math.max(0, place));
            this.#label.textContent = `As of ${dateTime(this.#text(moment), this.#venue)}`;
            const clock = clockAt(Number(nanoseconds(moment) / 1_000_000n) / 1000, zone(this.#venue));
            this.#field.value =
                `${clock.getUTCFullYear()}-${two(clock.getUTCMonth() + 1)}-${two(clock.getUTCDate())}` +
                `T${two(clock.getUTCHours())}:${two(clock.getUTCMinutes())}:${two(clock.getUTCSeconds())}`;
        }
        this.#slider.setAttribute("aria-valuetext", this.#label.textContent);
    }

    /** @param {Moment} moment */
    #text(moment) {
        return Number(nanoseconds(moment) / 1_000_000n);
    }
}

/** @param {Moment} moment */
const nanoseconds = ({ at }) => (/^\d+$/.test(at) ? BigInt(at) : (nanosecondsOf(at) ?? 0n));
