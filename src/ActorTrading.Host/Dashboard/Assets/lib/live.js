// Live events. Each subscription has its own WebSocket: a browser allows six HTTP connections per node, over all tabs.

import { load, mustLogIn } from "./session.js";

/** @typedef {{ topics: string[], symbols?: string[], frames?: string[], from?: number }} Wanted */
/**
 * Callbacks by message name. Each topic has its messages. In addition there are missed({ topic, count }),
 * error({ code, message }), connected() after each subscription, and disconnected() after the loss of a live connection.
 * @typedef {{ [message: string]: ((value: any) => void) | undefined }} Handlers
 */
/** @typedef {"idle" | "connecting" | "live" | "lost"} State */

const heartbeats = 5_000; // ms between two heartbeat messages of the node
const silence = 3 * heartbeats; // ms without a message after which the connection counts as lost
const waits = [250, 1_000, 2_000, 5_000, 10_000]; // reconnect delays in ms, by attempt

/** @type {Set<Connection>} */
const connections = new Set();
/** @type {Set<(state: State) => void>} */
const listeners = new Set();
/** The overall state that the listeners were last notified of. @type {State} */
let told = "idle";

/**
 * Subscribes until the abort signal fires. A broken connection reconnects automatically. Trading signals resume at the
 * last received position, so none is missed and none is repeated. Events of other topics that occur without a connection
 * are lost: load the current data in the `connected` callback.
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

/** The overall state of all connections: the worst of their states; idle without connections. */
export const state = () => told;

/** Calls back when the overall state changes. @param {(state: State) => void} callback */
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
    /** Time of the last message, in ms since 1970. */
    #heard = 0;
    #ended = false;
    /** @type {number | undefined} */
    #timer;
    /** The position in the signal log to resume from. @type {number | undefined} */
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

    /**
     * Closes the socket. A socket that is still connecting is closed as soon as it is open, because browsers report an
     * earlier close as an error.
     */
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
                // The position to resume from, until the first signal arrives.
                if (this.#from === undefined && typeof value.last === "number") this.#from = value.last;
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
            await load(); // detects an ended session: a refused WebSocket gives no reason
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
