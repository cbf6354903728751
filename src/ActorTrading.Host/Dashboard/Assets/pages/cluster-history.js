// What happened to members and shards, newest first.

import { h, replace } from "../lib/dom.js";
import * as format from "../lib/format.js";

/** @typedef {import("./cluster.js").HistoryEvent} HistoryEvent */

const kept = 500; // as many as a node keeps
const together = 2_000; // moves between the same nodes within so many milliseconds are one line
const mostNumbers = 12;

/** @type {Record<string, [string, string]>} */
const words = {
    joining: ["is joining the cluster", ""],
    up: ["joined the cluster", "good"],
    leaving: ["hands its shards over and leaves", "warn"],
    exiting: ["has handed over", "warn"],
    down: ["was downed by the cluster", "bad"],
    removed: ["is no longer in the cluster", "bad"],
    unreachable: ["does not answer the others", "bad"],
    reachable: ["answers the others again", "good"],
};

export class History {
    /** Newest first. @type {HistoryEvent[]} */
    #events = [];
    #owners;
    #list = h("ol", { class: "history", tabindex: 0, "aria-label": "Cluster events, newest first" });
    #none = h("p", { class: "muted" }, "No changes of members or shards since this node started.");

    element = h(
        "div",
        null,
        h("h2", null, "History"),
        h("p", { class: "muted" }, "As seen by the node that serves this page, since its start."),
        this.#none,
        this.#list,
    );

    /** @param {import("./cluster-owners.js").Owners} owners */
    constructor(owners) {
        this.#owners = owners;
    }

    forget() {
        this.#events = [];
        this.#draw();
    }

    /** @param {HistoryEvent[]} fresh oldest first */
    show(fresh) {
        if (fresh.length === 0) return;
        this.#events = [...[...fresh].reverse(), ...this.#events].slice(0, kept);
        this.#draw();
    }

    #draw() {
        this.#none.hidden = this.#events.length > 0;
        this.#list.hidden = this.#events.length === 0;
        replace(
            this.#list,
            this.#groups().map((group) => this.#line(group)),
        );
    }

    /** Moves that belong together, as one. @returns {HistoryEvent[][]} */
    #groups() {
        /** @type {HistoryEvent[][]} */
        const groups = [];
        for (const event of this.#events) {
            const group = groups.at(-1)?.[0];
            const isSame =
                group &&
                event.event === "shard_moved" &&
                group.event === event.event &&
                group.from === event.from &&
                group.node === event.node;
            if (isSame && Date.parse(group.time) - Date.parse(event.time) <= together) groups.at(-1)?.push(event);
            else groups.push([event]);
        }
        return groups;
    }

    /** @param {HistoryEvent[]} group */
    #line(group) {
        const [{ event, time, node, from }] = group;
        const when = h("time", { class: "muted" }, format.dateTime(time));
        if (event !== "shard_moved") {
            const [word, kind] = words[event] ?? [event, ""];
            return h(
                "li",
                { dataset: { event } },
                when,
                this.#owners.named(node),
                h("span", { class: "what", dataset: { kind } }, word),
            );
        }
        const numbers = group.map(({ shard }) => Number(shard)).sort((a, b) => a - b);
        const rest = numbers.length - mostNumbers;
        return h(
            "li",
            { dataset: { event } },
            when,
            h("span", { class: "what" }, `${numbers.length === 1 ? "shard" : `${numbers.length} shards`} moved`),
            this.#owners.badge(from),
            h("span", { "aria-hidden": true }, "→"),
            this.#owners.badge(node),
            h("span", { class: "sr-only" }, `from ${from} to ${node}`),
            h(
                "span",
                { class: "muted" },
                numbers.slice(0, mostNumbers).join(", ") + (rest > 0 ? ` and ${rest} more` : ""),
            ),
        );
    }
}
