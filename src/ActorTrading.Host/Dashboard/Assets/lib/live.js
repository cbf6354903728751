// What happens, as it happens. A WebSocket for each subscription: a browser has six connections to a node for
// everything else together, over all tabs.

import { load, mustLogIn } from "./session.js";

/** @typedef {{ topics: string[], symbols?: string[], frames?: string[], from?: number }} Wanted */
/**
 * What is called, by the name of the message; besides those of the topics:
 * missed({ topic, count }), error({ code, message }), connected(), disconnected().
 * @typedef {{ [message: string]: ((value: any) => void) | undefined }} Handlers
 */
/** @typedef {"idle" | "connecting" | "live" | "lost"} State */

const heartbeats = 5_000; // of the node
const silence = 3 * heartbeats;
const waits = [250, 1_000, 2_000, 5_000, 10_000];

/** @type {Set<Connection>} */
const connections = new Set();
/** @type {Set<(state: State) => void>} */
const listeners = new Set();
/** @type {State} */
let told = "idle";

/**
 * Subscribes until the signal aborts. A connection that breaks is opened again by itself; of signals none is missed
 * and none comes twice, of other topics what happened meanwhile is missing: `connected` is the moment to ask for what
 * is needed of it.
 * @param {Wanted} wanted
 * @param {Handlers} handlers
 * @param {AbortSignal} signal
 */
export function subscribe(wanted, handlers, signal) {
    if (signal.aborted) return;
    const connection = new Connection(wanted, handlers);
    connections.add(connection);
    signal.addEventListener("abort", () => connection.end(), { once: true });
    connection.open();
    tell();
}

/** How the connections are, all together. */
export const state = () => told;

/** Calls back when that changes. @param {(state: State) => void} callback */
export function onState(callback) {
    listeners.add(callback);
}

function tell() {
    const states = new Set([...connections].map((connection) => connection.state));
    const now = states.has("lost")
        ? "lost"
        : states.has("connecting")
          ? "connecting"
          : states.has("live")
            ? "live"
            : "idle";
    if (now === told) return;
    told = now;
    for (const listener of listeners) listener(now);
}

class Connection {
    /** @type {WebSocket | null} */
    #socket = null;
    #attempts = 0;
    #heard = 0;
    #ended = false;
    /** @type {number | undefined} */
    #timer;
    /** @type {number | undefined} */
    #from;
    #wanted;
    #handlers;

    /** @type {State} */
    state = "connecting";

    /** @param {Wanted} wanted @param {Handlers} handlers */
    constructor(wanted, handlers) {
        this.#wanted = wanted;
        this.#handlers = handlers;
        this.#from = wanted.from;
    }

    open() {
        const { topics, symbols, frames } = this.#wanted;
        const socket = (this.#socket = new WebSocket(
            `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`,
        ));
        this.#heard = Date.now();
        clearInterval(this.#timer);
        this.#timer = setInterval(() => this.#watch(), heartbeats);
        socket.onopen = () => {
            const subscribe = {
                topics,
                ...(symbols && { symbols }),
                ...(frames && { frames }),
                ...(this.#from !== undefined && { from: this.#from }),
            };
            socket.send(JSON.stringify({ subscribe }));
        };
        socket.onmessage = ({ data }) => {
            if (this.#socket === socket) this.#take(JSON.parse(data));
        };
        socket.onclose = () => {
            if (this.#socket === socket) this.#lost();
        };
    }

    end() {
        this.#ended = true;
        clearInterval(this.#timer);
        connections.delete(this);
        this.#close();
        tell();
    }

    /** Closes the socket; one that is being opened as soon as it is open, since browsers take that for a fault. */
    #close() {
        const socket = this.#socket;
        this.#socket = null;
        if (socket?.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
        else socket?.close();
    }

    /** @param {Record<string, any>} message */
    #take(message) {
        this.#heard = Date.now();
        for (const [name, value] of Object.entries(message)) {
            if (name === "subscribed") {
                this.#attempts = 0;
                if (this.#from === undefined && typeof value.last === "number") this.#from = value.last; // resumed from there
                this.#become("live");
                this.#handlers.connected?.(value);
            } else if (name === "signal") {
                this.#from = value.position;
            }
            this.#handlers[name]?.(value);
            if (this.#ended) return;
        }
    }

    #watch() {
        if (Date.now() - this.#heard < silence) return;
        this.#close();
        this.#lost();
    }

    #lost() {
        clearInterval(this.#timer);
        if (this.#ended) return;
        const wasLive = this.state === "live";
        this.#become("lost");
        if (wasLive) this.#handlers.disconnected?.(undefined);
        this.#timer = setTimeout(() => this.#again(), waits[Math.min(this.#attempts++, waits.length - 1)]);
    }

    async #again() {
        try {
            await load(); // a socket that is refused does not say why
            if (this.#ended) return;
            if (mustLogIn()) this.#lost();
            else this.open();
        } catch {
            this.#lost();
        }
    }

    /** @param {State} state */
    #become(state) {
        this.state = state;
        tell();
    }
}
