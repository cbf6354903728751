// What comes in: connections, the ledger that balances, what was refused and what came late.

import { h, replace } from "../lib/dom.js";
import { get } from "../lib/api.js";
import * as format from "../lib/format.js";
import * as live from "../lib/live.js";
import * as states from "../lib/states.js";
import { poll } from "../lib/poll.js";
import { Ledger } from "./ingest-ledger.js";
import { Connections } from "./ingest-connections.js";
import { Rejects } from "./ingest-rejects.js";
import { LateTicks } from "./ingest-late.js";

export const title = "Ingest";

/**
 * @typedef {{ received: number, applied: number, late: number, duplicate: number, rejected: number, rounded: number }} Counts
 * @typedef {Counts & { source: string }} LedgerLine
 * @typedef {{ sources: LedgerLine[], total: Counts, balanced: boolean, nodes: { node: string, sources: LedgerLine[], total: Counts, balanced: boolean }[], silent: string[] }} LedgerAnswer
 * @typedef {{
 *   node: string, connection: number, remote: string | null, source: string | null, since: string, bytes_in: number, bytes_out: number, records: number, rejected: number, acks: number,
 *   in_flight: number, lag_seconds: number, acked_seq?: number, last_ack?: string,
 * }} Connection
 * @typedef {{
 *   node: string, number: number, time: string, door: string, peer: string, symbol?: string, source: string, epoch: number, seq?: number, place?: number, reason: string, field: string,
 *   value: string, advice: string, raw: string,
 * }} Reject
 */

const every = 1_000;
const rejectsEvery = 3_000; // those of this node are told at once
const soon = 250;

/** @param {import("../app.js").PageContext} context */
export async function open({ root, signal }) {
    states.loading(root);
    const silent = h("p", { class: "notice warn", role: "status", hidden: true });
    const lost = h("p", { class: "notice warn", role: "alert", hidden: true });
    const ledger = new Ledger();
    const connections = new Connections(signal);
    const rejects = new Rejects(signal);
    const late = new LateTicks(signal);
    let isThere = false;
    let asOf = "";
    /** @type {(() => void) | undefined} */
    let askForRejects;
    let asked = 0;

    const ask = async () => {
        const [/** @type {LedgerAnswer} */ told, open] = await Promise.all([
            get("/ledger?nodes=all", { signal }),
            get("/connections?nodes=all", { signal }),
        ]);
        if (!isThere) begin();
        asOf = format.time(Date.now());
        lost.hidden = true;
        silent.hidden = told.silent.length === 0;
        silent.textContent =
            told.silent.length === 0
                ? ""
                : `${told.silent.join(", ")} ${told.silent.length === 1 ? "does" : "do"} not answer: ` +
                  "records received there are missing below.";
        ledger.show(told);
        connections.show(open.connections, told.nodes.length > 1);
    };

    const begin = () => {
        isThere = true;
        replace(
            root,
            h("h1", null, title),
            lost,
            silent,
            h("section", { class: "panel", "aria-label": "Ledger" }, ledger.element),
            h("section", { class: "panel", "aria-label": "Connections" }, connections.element),
            h("section", { class: "panel", "aria-label": "Rejects" }, rejects.element),
            h("section", { class: "panel", "aria-label": "Late ticks" }, late.element),
        );
        askForRejects = poll(
            async () => {
                asked = Date.now();
                const told = await get(`/rejects?limit=${rejects.wanted}`, { signal });
                rejects.show(told.rejects);
            },
            { every: rejectsEvery, signal },
        );
    };

    poll(ask, {
        every,
        signal,
        onError: (error) => {
            if (!isThere || error.status !== 0)
                states.failed(root, error, error.status === 0 ? undefined : () => location.reload());
            else {
                lost.hidden = false;
                lost.textContent = `This node does not answer. The data is as of ${asOf}; retrying.`;
            }
        },
    });

    /** @type {number | undefined} */
    let timer;
    signal.addEventListener("abort", () => clearTimeout(timer));
    live.subscribe(
        { topics: ["rejects", "late"] },
        {
            reject: () => {
                // Asked for, since the answer has more than the message: its advice, and what other nodes refused. A flood is asked for now and then.
                if (timer !== undefined) return;
                timer = setTimeout(
                    () => {
                        timer = undefined;
                        askForRejects?.();
                    },
                    Math.max(soon, asked + 1_000 - Date.now()),
                );
            },
            late: (record) => late.add(record),
            missed: ({ topic, count }) => {
                if (topic === "late") late.missed(count);
            },
        },
        signal,
    );
}
