// Formats the numbers of one symbol: all its prices have the same number of decimals, and no decimal is rounded away.

import { none } from "./format.js";

/** @typedef {number | string | null | undefined} Value */

const minus = "−";

/**
 * A number as plain decimal digits, without an exponent and trailing zeros: the shortest text that parses to the same number.
 * Null if it is not a number.
 * @param {Value} value
 */
export function digits(value) {
    if (value === null || value === undefined || value === "") return null;
    const text = String(value).toLowerCase();
    const [, sign, whole, rest = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text) ?? [];
    if (whole === undefined) return null;
    const point = whole.length + Number(exponent);
    const all = (whole + rest).padEnd(point, "0").padStart(rest.length + whole.length - Math.min(0, point - 1), "0");
    const at = Math.max(1, point);
    const fraction = all.slice(at).replace(/0+$/, "");
    return sign + (all.slice(0, at).replace(/^0+(?=\d)/, "") || "0") + (fraction && "." + fraction);
}

/** The number of decimals of a value. @param {Value} value */
export const decimalsOf = (value) => digits(value)?.split(".")[1]?.length ?? 0;

/** Adds thousands separators and replaces the hyphen by a minus sign (U+2212). @param {string} text */
function pretty(text) {
    const [whole, fraction] = text.split(".");
    const parted = whole.replace("-", minus).replace(/\B(?=(\d{3})+$)/g, ",");
    return fraction === undefined ? parted : `${parted}.${fraction}`;
}

/** All digits of a value, padded with zeros to at least `least` decimals. @param {Value} value @param {number} least */
export function exact(value, least) {
    const text = digits(value);
    if (text === null) return none;
    const missing = least - decimalsOf(value);
    return pretty(missing > 0 ? `${text}${text.includes(".") ? "" : "."}${"0".repeat(missing)}` : text);
}

/** Rounded to a number of decimals. For computed values. @param {Value} value @param {number} decimals */
export function rounded(value, decimals) {
    if (value === null || value === undefined || value === "" || !Number.isFinite(Number(value))) return none;
    const text = Number(value).toFixed(decimals);
    return /e/.test(text) ? exact(value, 0) : pretty(text);
}

const units = /** @type {const} */ ([
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
]);

/** Short form with a unit, such as 1.25M or 310.0k; with an exponent from 1e15. @param {Value} value */
export function compact(value) {
    const n = Number(value);
    if (value === null || value === undefined || value === "" || !Number.isFinite(n)) return none;
    const size = Math.abs(n);
    if (size >= 1e15) return n.toExponential(3).replace("e+", "e").replace("-", minus);
    for (const [unit, name] of units) {
        if (size >= unit) return pretty((n / unit).toFixed(size >= 100 * unit ? 1 : 2)) + name;
    }
    return size >= 100 || Number.isInteger(n)
        ? pretty(digits(Number(n.toFixed(2))) ?? "0")
        : pretty(digits(Number(n.toPrecision(4))) ?? "0");
}
