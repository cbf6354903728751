// Formats numbers and times as text. Values are numbers or strings with exact decimals. A missing value is shown as a dash.

import * as settings from "./settings.js";

/** @typedef {number | string | null | undefined} Value */

/** The text for a missing value. */
export const none = "–";

const minus = "−";

/**
 * A decimal with thousands separators. A string keeps all its digits; a number is rounded to `most` decimals.
 * @param {Value} value
 * @param {number} least minimum number of decimals
 * @param {number} most maximum number of decimals of a number
 */
function decimal(value, least, most) {
    if (value === null || value === undefined || value === "") return none;
    const text = typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? value : plain(Number(value), most);
    if (text === null) return none;
    const [, sign, whole, rest = ""] = /** @type {RegExpExecArray} */ (/^(-?)(\d+)(?:\.(\d+))?$/.exec(text));
    const decimals = rest.padEnd(least, "0");
    return (sign && minus) + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals && "." + decimals);
}

/**
 * A number as plain decimal digits, without trailing zeros. Null if it is not finite or too large for that.
 * @param {number} value
 * @param {number} most maximum number of decimals
 */
function plain(value, most) {
    if (!Number.isFinite(value)) return null;
    const fixed = value.toFixed(Math.abs(value) >= 1e15 ? 0 : most);
    return /^-?\d+(\.\d+)?$/.test(fixed) ? (fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed) : null;
}

/** A price, with at least two decimals. @param {Value} value */
export const price = (value) => decimal(value, 2, 8);

/** A quantity. @param {Value} value */
export const size = (value) => decimal(value, 0, 8);

/** A price difference, with its sign. @param {Value} value */
export const signed = (value) => {
    const text = price(value);
    return text === none || text.startsWith(minus) || Number(value) === 0 ? text : "+" + text;
};

/** A percentage with its sign and two decimals: 1.5 is shown as +1.50 %. @param {Value} value */
export const percent = (value) => {
    if (value === null || value === undefined || value === "" || !Number.isFinite(Number(value))) return none;
    const text = decimal(Number(value).toFixed(2), 2, 2);
    return (Number(Number(value).toFixed(2)) > 0 ? "+" : "") + text + " %";
};

/** A count, without decimals. @param {Value} n */
export const count = (n) => decimal(n, 0, 0);

/** A rate per second, with the suffix k from 10,000 and M from 1,000,000. @param {Value} perSecond */
export const rate = (perSecond) => {
    const n = Number(perSecond);
    if (perSecond === null || perSecond === undefined || !Number.isFinite(n)) return none;
    return (
        (n >= 1e6
            ? decimal(n / 1e6, 2, 2) + " M"
            : n >= 1e4
              ? decimal(n / 1e3, 1, 1) + " k"
              : n < 10
                ? decimal(n, 0, 1)
                : decimal(n, 0, 0)) + "/s"
    );
};

/** A number of bytes, in decimal units: 1 kB is 1000 B. @param {Value} n */
export const bytes = (n) => {
    let value = Number(n);
    if (n === null || n === undefined || !Number.isFinite(value)) return none;
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
    return decimal(value, 0, unit === 0 || value >= 100 ? 0 : 1) + " " + units[unit];
};

/** A duration in milliseconds, shown in the units from ms to days that fit. @param {Value} ms */
export const duration = (ms) => {
    const n = Number(ms);
    if (ms === null || ms === undefined || !Number.isFinite(n)) return none;
    if (n < 1) return decimal(n, 0, 2) + " ms";
    if (n < 1000) return decimal(n, 0, n < 10 ? 1 : 0) + " ms";
    const seconds = Math.floor(n / 1000);
    if (seconds < 10) return decimal(n / 1000, 0, 1) + " s";
    if (seconds < 60) return seconds + " s";
    if (seconds < 3600) return parts(seconds, 60, "min", "s");
    return seconds < 86_400
        ? parts(Math.floor(seconds / 60), 60, "h", "min")
        : parts(Math.floor(seconds / 3600), 24, "d", "h");
};

/**
 * A duration in two units. The smaller one is left out if it is zero.
 * @param {number} n in the smaller unit
 * @param {number} by smaller units per larger unit
 * @param {string} large
 * @param {string} small
 */
const parts = (n, by, large, small) => `${Math.floor(n / by)} ${large}` + (n % by ? ` ${n % by} ${small}` : "");

/** The time since a moment, such as "5 s ago"; "now" below one second. @param {Value} when */
export const ago = (when) => {
    const date = toDate(when);
    if (!date) return none;
    const past = Date.now() - date.getTime();
    return past < 1000 ? "now" : duration(Math.floor(past / 1000) * 1000) + " ago";
};

/**
 * Parses a time from a node: ISO 8601, or a number since 1970. The number's magnitude decides its unit: s below 1e11, ms
 * below 1e14, µs below 1e17, otherwise ns. Null if it is not a time.
 * @param {Value} value
 */
export function toDate(value) {
    if (value === null || value === undefined || value === "") return null;
    let n = typeof value === "number" || /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
    if (typeof value === "number" || /^-?\d+$/.test(value)) {
        const size = Math.abs(n);
        n = size >= 1e17 ? n / 1e6 : size >= 1e14 ? n / 1e3 : size >= 1e11 ? n : n * 1e3;
    }
    return Number.isFinite(n) ? new Date(n) : null;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * The chosen time zone: UTC, the browser's (undefined), or the venue's. UTC if the venue's is unknown.
 * @param {string} [venue] the venue's zone, such as "America/New_York"
 */
export function zone(venue) {
    const chosen = settings.get("zone");
    return chosen === "local" ? undefined : chosen === "venue" && venue ? venue : "UTC";
}

/** The name of the chosen time zone. @param {string} [venue] the venue's zone */
export function zoneName(venue) {
    return zone(venue) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The date and time fields in a time zone, with leading zeros. @param {Date} date @param {string | undefined} timeZone */
function fields(date, timeZone) {
    let format = formats.get(timeZone ?? "");
    if (!format) {
        const digits = /** @type {const} */ ("2-digit");
        format = new Intl.DateTimeFormat("en-GB", {
            timeZone,
            hourCycle: "h23",
            year: "numeric",
            month: digits,
            day: digits,
            hour: digits,
            minute: digits,
            second: digits,
        });
        formats.set(timeZone ?? "", format);
    }
    /** @type {Record<string, string>} */
    const found = {};
    for (const { type, value } of format.formatToParts(date)) found[type] = value;
    return found;
}

/** The time of day in the chosen time zone, as HH:mm:ss. @param {Value} value @param {string} [venue] the venue's zone */
export function time(value, venue) {
    const date = toDate(value);
    if (!date) return none;
    const { hour, minute, second } = fields(date, zone(venue));
    return `${hour}:${minute}:${second}`;
}

/**
 * The date and time in the chosen time zone, as yyyy-MM-dd HH:mm:ss.
 * @param {Value} value
 * @param {string} [venue] the venue's zone
 */
export function dateTime(value, venue) {
    const date = toDate(value);
    if (!date) return none;
    const { year, month, day, hour, minute, second } = fields(date, zone(venue));
    return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}
