// Figures of one instrument: all its prices with the same number of decimals, none of which is rounded away.

import { none } from "./format.js";

/** @typedef {number | string | null | undefined} Value */

const minus = "−";

/**
 * A number as plain decimal digits: the shortest text that reads back as the same number, without an exponent. Null where it is none.
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

/** How many decimals a number has. @param {Value} value */
export const decimalsOf = (value) => digits(value)?.split(".")[1]?.length ?? 0;

/** Parts thousands and writes a true minus. @param {string} text */
function pretty(text) {
    const [whole, fraction] = text.split(".");
    const parted = whole.replace("-", minus).replace(/\B(?=(\d{3})+$)/g, ",");
    return fraction === undefined ? parted : `${parted}.${fraction}`;
}

/** With at least so many decimals; more where it has more. @param {Value} value @param {number} least */
export function exact(value, least) {
    const text = digits(value);
    if (text === null) return none;
    const missing = least - decimalsOf(value);
    return pretty(missing > 0 ? `${text}${text.includes(".") ? "" : "."}${"0".repeat(missing)}` : text);
}

/** Rounded to so many decimals: for values that are computed. @param {Value} value @param {number} decimals */
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

/** Short: 1.25M, 310k; beyond trillions with an exponent. @param {Value} value */
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
