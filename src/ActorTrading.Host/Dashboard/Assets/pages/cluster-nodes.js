// The nodes, a card each.

import { h, replace } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { setText } from "./cluster-owners.js";

/** @typedef {import("./cluster.js").ClusterNode} ClusterNode */
/** @typedef {import("./cluster.js").Cluster} Cluster */
/** @typedef {{ element: HTMLElement, health: HTMLElement, problems: HTMLElement, marks: HTMLElement, bar: HTMLElement, facts: Map<string, HTMLElement>, told: string }} Card */

/** What stands beside a figure, in the order of the card. @type {[string, (node: ClusterNode) => string][]} */
const facts = [
    ["Records/s", ({ rate }) => format.rate(rate)],
    [
        "Processor",
        ({ processor, processors }) =>
            processor === undefined
                ? format.none
                : `${format.count(100 * processor)} % of ${100 * (processors ?? 1)} %`,
    ],
    ["Memory", ({ memory_bytes }) => format.bytes(memory_bytes)],
    [
        "Uptime",
        ({ started }) => (started ? format.duration(Math.max(0, Date.now() - Date.parse(started))) : format.none),
    ],
    ["Shards, symbols", ({ shards, symbols }) => `${shards}, ${symbols ?? format.none}`],
    ["Records", ({ records }) => format.count(records)],
    [
        "Waiting, lag",
        ({ waiting, lag_seconds }) =>
            waiting === undefined
                ? format.none
                : `${format.count(waiting)}, ${format.duration((lag_seconds ?? 0) * 1e3)}`,
    ],
    ["Connections", ({ connections }) => format.count(connections)],
    ["Commit p50", ({ journal }) => (journal?.commits ? format.duration(journal.p50_seconds * 1e3) : format.none)],
    ["Commit p99", ({ journal }) => (journal?.commits ? format.duration(journal.p99_seconds * 1e3) : format.none)],
    ["Ticks", ({ ticks }) => ticks ?? format.none],
    ["Process", ({ process }) => String(process ?? format.none)],
    ["Version", ({ version }) => version?.replace(/\+.*$/, "") ?? format.none],
];

/** Health as a word and a shape, not by colour alone. @param {ClusterNode} node */
function health({ answers, reachable, membership, status }) {
    if (membership === "down") return { word: "downed", kind: "bad" };
    if (!reachable) return { word: "unreachable", kind: "bad" };
    if (!answers) return membership === "up" ? { word: "silent", kind: "bad" } : { word: membership, kind: "warn" };
    if (membership !== "up") return { word: membership, kind: "warn" };
    return {
        word: (status ?? "").replaceAll("_", " "),
        kind:
            status === "ready"
                ? "good"
                : status === "degraded" || status === "recovering" || status === "draining"
                  ? "warn"
                  : "bad",
    };
}

export class NodeCards {
    /** @type {Map<string, Card>} */
    #cards = new Map();
    #owners;

    element = h("ul", { class: "nodes" });

    /** @param {import("./cluster-owners.js").Owners} owners */
    constructor(owners) {
        this.#owners = owners;
    }

    /** @param {Cluster} cluster */
    show(cluster) {
        const there = new Set(cluster.nodes.map(({ node }) => node));
        for (const [node, { element }] of this.#cards) {
            if (there.has(node)) continue;
            element.remove();
            this.#cards.delete(node);
        }
        cluster.nodes.forEach((node, place) => {
            let card = this.#cards.get(node.node);
            if (!card) {
                this.#cards.set(node.node, (card = this.#card(node)));
                this.element.insertBefore(card.element, this.element.children[place] ?? null);
            }
            this.#fill(card, node, cluster);
        });
    }

    /** @param {ClusterNode} node @returns {Card} */
    #card({ node }) {
        const word = h("span", { class: "health" });
        const problems = h("ul", { class: "problems warn" });
        const marks = h("p", { class: "marks muted" });
        const bar = h("span", { class: "load", "aria-hidden": true });
        /** @type {Map<string, HTMLElement>} */
        const values = new Map(facts.map(([name]) => [name, h("dd", { class: "num" })]));
        const element = h(
            "li",
            { class: "panel node", dataset: { node, owner: this.#owners.colour(node) } },
            h("div", { class: "node-head" }, this.#owners.badge(node), h("h3", { class: "mono" }, node), word),
            marks,
            problems,
            h("div", { class: "load-track" }, bar),
            h(
                "dl",
                { class: "facts" },
                facts.map(([name]) => h("div", null, h("dt", null, name), values.get(name))),
            ),
        );
        return { element, health: word, problems, marks, bar, facts: values, told: "" };
    }

    /** @param {Card} card @param {ClusterNode} node @param {Cluster} cluster */
    #fill(card, node, cluster) {
        const { word, kind } = health(node);
        setText(card.health, word);
        card.health.dataset.kind = kind;
        card.element.classList.toggle("is-away", !node.answers);
        for (const [name, text] of facts) setText(/** @type {HTMLElement} */ (card.facts.get(name)), text(node));
        card.bar.style.width = `${Math.min(100, (100 * (node.processor ?? 0)) / (node.processors ?? 1))}%`;
        const told = JSON.stringify([node.problems, node.http, node.roles, cluster.self, cluster.oldest]);
        if (card.told === told) return;
        card.told = told;
        replace(
            card.problems,
            (node.problems ?? []).map((problem) => h("li", null, problem)),
        );
        replace(
            card.marks,
            [
                node.node === cluster.self && cluster.nodes.length > 1 ? "serves this page" : null,
                node.node === cluster.oldest && cluster.nodes.length > 1 ? "oldest" : null,
                node.roles.length === 4 ? "all roles" : node.roles.join(", "),
            ]
                .filter(Boolean)
                .join(" · "),
            node.http && node.node !== cluster.self
                ? [" · ", h("a", { href: `${node.http}/#/cluster` }, "its page")]
                : null,
        );
    }
}
