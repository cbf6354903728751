// The action of a signal as a symbol and a word, so that colour is not the only difference.

import { h } from "../../lib/dom.js";

/** @type {Record<string, string>} */
const shapes = { buy: "▲", sell: "▼", alert: "●", withdrawn: "✕" };

/** @param {string} action */
export const sideText = (action) => `${shapes[action] ?? "●"} ${action.toUpperCase()}`;

/** @param {string} action */
export const sideClass = (action) =>
    action === "buy" ? "up" : action === "sell" ? "down" : action === "alert" ? "warn" : "muted";

/** @param {string} action */
export const side = (action) =>
    h(
        "span",
        { class: `side ${sideClass(action)}` },
        h("span", { "aria-hidden": true }, shapes[action] ?? "●"),
        ` ${action.toUpperCase()}`,
    );
