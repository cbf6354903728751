// The cluster: its nodes, where shards and singletons are, how the journal does, and what happened.

import { h, replace } from "../lib/dom.js";
import { get } from "../lib/api.js";
import * as format from "../lib/format.js";
import * as states from "../lib/states.js";
import { poll } from "../lib/poll.js";
import { Owners, setText } from "./cluster-owners.js";
import { NodeCards } from "./cluster-nodes.js";
import { ShardMap } from "./cluster-shards.js";
import { History } from "./cluster-history.js";

export const title = "Cluster";

/**
 * @typedef {{ commits: number, p50_seconds: number, p99_seconds: number, fault: string | null, location?: string | null }} Journal
 * @typedef {{
 *   node: string, roles: string[], membership: string, reachable: boolean, answers: boolean, shards: number, http?: string | null, ticks?: string | null, status?: string,
 *   problems?: string[], version?: string, process?: number, started?: string, processor?: number, processors?: number, memory_bytes?: number, symbols?: number, records?: number,
 *   rate?: number, waiting?: number, lag_seconds?: number, connections?: number, journal?: Journal,
 * }} ClusterNode
 * @typedef {{
 *   shard: number, owner: string | null, symbols: number, records: number, rate: number, waiting: number, lag_seconds: number,
 *   last_event: { symbol: string, event: number, time: string } | null, moves: number,
 * }} Shard
 * @typedef {{ number: number, time: string, event: string, node: string, shard?: number, from?: string }} HistoryEvent
 * @typedef {{
 *   engine: string, name: string | null, self: string, oldest: string | null, nodes: ClusterNode[], silent: string[], singletons: { name: string, node: string | null }[],
 *   journal: Journal, region: string, shard_count: number, shards: Shard[], last_event: number, events: HistoryEvent[],
 * }} Cluster
 */

const every = 1_000;

/** What each singleton is for. @type {Record<string, string>} */
const purposes = {
    administrator: "writes signals to the log",
    plan: "changes the plan",
    subscriptions: "stores the symbol subscriptions",
    waker: "activates symbols after a restart",
    retention: "deletes old events",
    coordinator: "assigns shards to nodes",
};

/** @param {import("../app.js").PageContext} context */
export async function open({ root, signal }) {
    states.loading(root);
    let seen = 0;
    const ask = async () => {
        /** @type {Cluster} */
        const cluster = await get(`/cluster?after=${seen}`, { signal });
        if (cluster.last_event < seen) {
            // The node has been started again, and counts anew.
            seen = 0;
            view?.forget();
            return;
        }
        view ??= new View(root, cluster, signal);
        view.show(cluster);
        seen = cluster.last_event;
    };
    /** @type {View | null} */
    let view = null;
    poll(ask, {
        every,
        signal,
        onError: (error) => {
            if (view && error.status === 0) view.lost();
            else {
                view = null;
                seen = 0;
                states.failed(root, error);
            }
        },
    });
}

/** What the page is made of; its elements stay, and what they show changes. */
class View {
    #owners = new Owners();
    #summary = h("p", { class: "summary" });
    #lost = h("p", { class: "lost warn", role: "alert", hidden: true });
    #place = h("tbody", null);
    #journal = h("dl", { class: "facts" });
    #hash = h("output", { class: "mono hash" });
    #root;
    #nodes;
    #shards;
    #history;
    #asOf = "";

    /** @param {HTMLElement} root @param {Cluster} cluster @param {AbortSignal} signal */
    constructor(root, cluster, signal) {
        this.#root = root;
        const alone = cluster.engine !== "cluster";
        this.#nodes = new NodeCards(this.#owners);
        this.#shards = new ShardMap(this.#owners, alone, signal);
        this.#history = new History(this.#owners);
        const button = h("button", { type: "button", onClick: () => this.#computeHash(button, signal) }, "Compute");
        const boxes = [
            panel("Journal", this.#journal),
            !alone &&
                panel(
                    "Singletons",
                    h(
                        "table",
                        { class: "singletons" },
                        h("caption", { class: "sr-only" }, "Nodes of the singletons"),
                        head("Singleton", "Node"),
                        this.#place,
                    ),
                ),
            panel(
                "State hash",
                h(
                    "p",
                    { class: "muted" },
                    "Hash of the state of every symbol, equal to that of a backtest of the same records. " +
                        "Computing it queries every symbol.",
                ),
                h("div", { class: "toolbar" }, button),
                this.#hash,
            ),
        ];
        replace(
            root,
            h("div", { class: "cluster-head" }, h("h1", null, title), this.#summary),
            this.#lost,
            h("section", { "aria-label": "Nodes" }, h("h2", null, alone ? "Node" : "Nodes"), this.#nodes.element),
            h("section", { class: "panel", "aria-label": alone ? "Partitions" : "Shards" }, this.#shards.element),
            h("div", { class: "boxes" }, boxes),
            !alone && h("section", { class: "panel", "aria-label": "History" }, this.#history.element),
        );
    }

    /** @param {Cluster} cluster */
    show(cluster) {
        this.#lost.hidden = true;
        this.#root.classList.remove("is-lost");
        this.#asOf = format.time(Date.now());
        this.#owners.learn(cluster.nodes.map(({ node }) => node));
        setText(this.#summary, this.#sum(cluster));
        this.#nodes.show(cluster);
        this.#shards.show(cluster);
        this.#history.show(cluster.events);
        this.#showJournal(cluster);
        const places = cluster.singletons;
        if (this.#place.dataset.told === JSON.stringify(places)) return;
        this.#place.dataset.told = JSON.stringify(places);
        replace(
            this.#place,
            places.map(({ name, node }) =>
                h(
                    "tr",
                    null,
                    h("th", { scope: "row" }, name, h("span", { class: "muted purpose" }, purposes[name] ?? "")),
                    h("td", null, node ? this.#owners.named(node) : h("span", { class: "warn" }, "nowhere")),
                ),
            ),
        );
    }

    /** The node that serves the page is away. */
    lost() {
        this.#lost.hidden = false;
        this.#root.classList.add("is-lost");
        setText(this.#lost, `This node does not answer. The data is as of ${this.#asOf}; retrying.`);
    }

    /** What happened before is told anew. */
    forget() {
        this.#history.forget();
    }

    /** @param {Cluster} cluster */
    #sum({ nodes, shards, shard_count, engine, name }) {
        const ready = nodes.filter(({ status }) => status === "ready").length;
        const hosted = shards.filter(({ owner }) => owner).length;
        const total = nodes.reduce((sum, { rate = 0 }) => sum + rate, 0);
        const parts = engine === "cluster" ? `${hosted} of ${shard_count} shards in use` : `${shard_count} partitions`;
        return `${name ? `${name} · ` : ""}${nodes.length} ${nodes.length === 1 ? "node" : "nodes"}, ${ready} ready · ${parts} · ${format.rate(total)}`;
    }

    /** @param {Cluster} cluster */
    #showJournal({ journal, nodes }) {
        const { fault, location, commits, p50_seconds, p99_seconds } = journal;
        const rows = [
            ["Health", fault ?? "answers", fault ? "down" : "up"],
            ["Place", location ?? format.none, "mono"],
            ["Commits of the last minute", format.count(commits), ""],
            [
                `Commit latency, median${nodes.length > 1 ? " of the slowest node" : ""}`,
                commits ? format.duration(p50_seconds * 1e3) : format.none,
                "",
            ],
            [
                `99 of 100 within${nodes.length > 1 ? ", slowest node" : ""}`,
                commits ? format.duration(p99_seconds * 1e3) : format.none,
                "",
            ],
        ];
        while (this.#journal.children.length < rows.length)
            this.#journal.append(h("div", null, h("dt", null), h("dd", null)));
        rows.forEach(([name, value, kind], place) => {
            const [term, definition] = this.#journal.children[place].children;
            setText(term, name);
            setText(definition, value);
            definition.className = kind;
        });
    }

    /** @param {HTMLButtonElement} button @param {AbortSignal} signal */
    async #computeHash(button, signal) {
        button.disabled = true;
        setText(this.#hash, "Computing …");
        try {
            setText(this.#hash, (await get("/state-hash", { signal })).state_hash);
        } catch (/** @type {any} */ error) {
            setText(this.#hash, error.detail ?? String(error));
        } finally {
            button.disabled = false;
        }
    }
}

/** @param {string} name @param {...import("../lib/dom.js").Child} content */
const panel = (name, ...content) =>
    h("section", { class: "panel", "aria-label": name }, h("h2", null, name), ...content);

/** @param {...string} names */
const head = (...names) =>
    h(
        "thead",
        null,
        h(
            "tr",
            null,
            names.map((name) => h("th", { scope: "col" }, name)),
        ),
    );
