// The delivery state of the node's webhooks.

import { get, ApiError } from "../../lib/api.js";
import { h, replace } from "../../lib/dom.js";
import { ago, count, none, toDate } from "../../lib/format.js";
import { current } from "../../lib/session.js";

const every = 5_000; // ms between polls

/**
 * A collapsible panel. It loads its summary once and polls the node while it is open.
 * @param {AbortSignal} signal
 */
export function webhooks(signal) {
    const content = h("div", { class: "webhooks-content" }, h("p", { class: "muted" }, "…"));
    const summary = h("span", { class: "muted" });
    const panel = h("details", { class: "panel webhooks" }, h("summary", null, "Webhooks ", summary), content);
    /** @type {number | undefined} */
    let timer;
    const look = async () => {
        clearTimeout(timer);
        try {
            const told = await get("/webhooks", { signal });
            replace(summary, words(told.webhooks));
            if (panel.open) replace(content, table(told));
        } catch (error) {
            if (signal.aborted) return;
            const why = error instanceof ApiError ? error.detail : String(error);
            replace(content, h("p", { class: "muted" }, why));
        }
        if (panel.open && !signal.aborted) timer = setTimeout(look, every);
    };
    panel.addEventListener("toggle", () => (panel.open ? look() : clearTimeout(timer)));
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    if (!current().rules || current().rights.read_all) look();
    else {
        replace(summary, "no permission");
        replace(content, h("p", { class: "muted" }, "Webhooks are visible only to users who may read every symbol."));
    }
    return panel;
}

/** @param {any[]} all */
function words(all) {
    const bad = all.filter((one) => one.fault !== null).length;
    if (all.length === 0) return "none on this node";
    return bad === 0 ? `${all.length}, all healthy` : h("span", { class: "warn" }, `▲ ${bad} of ${all.length} failing`);
}

/** @param {any} told */
function table({ node, webhooks: all }) {
    if (all.length === 0)
        return h("p", { class: "muted" }, "No webhook is set on this node: see webhooks in its settings.");
    return h(
        "div",
        { class: "scroll" },
        node ? h("p", { class: "muted" }, `Webhooks of ${node}; each node of a cluster has its own.`) : null,
        h(
            "table",
            null,
            h(
                "thead",
                null,
                h(
                    "tr",
                    null,
                    ["Name", "To", "Wants"].map((name) => h("th", { scope: "col" }, name)),
                    ["Position", "Waiting", "Delivered", "Failed", "Given up"].map((name) =>
                        h("th", { scope: "col", class: "num" }, name),
                    ),
                    ["Last answer", "Next try"].map((name) => h("th", { scope: "col" }, name)),
                ),
            ),
            h(
                "tbody",
                null,
                all.map((/** @type {any} */ one) =>
                    h(
                        "tr",
                        null,
                        h("th", { scope: "row" }, one.name),
                        h("td", null, one.host),
                        h("td", null, wants(one)),
                        [one.position, one.waiting, one.delivered, one.failures, one.dead_letters].map((n) =>
                            h("td", { class: "num" }, count(n)),
                        ),
                        h(
                            "td",
                            { class: one.fault === null ? null : "warn" },
                            one.fault ?? one.last_answer ?? none,
                            one.last_answer_time
                                ? h("span", { class: "muted" }, ` ${ago(one.last_answer_time)}`)
                                : null,
                        ),
                        h("td", null, until(one.next_try)),
                    ),
                ),
            ),
        ),
    );
}

/** @param {any} one */
const wants = ({ symbols, rules, actions }) =>
    [symbols, rules, actions].flatMap((some) => some ?? []).join(", ") || "all";

/** @param {string | null} when */
function until(when) {
    const date = toDate(when);
    if (!date) return none;
    const seconds = Math.ceil((date.getTime() - Date.now()) / 1000);
    return seconds <= 0 ? "now" : `in ${count(seconds)} s`;
}
