// The current user and its rights. The session cookie is HttpOnly: scripts cannot read it. The token is not stored in the browser.

import { get, post, del, onUnauthorized } from "./api.js";

/** @typedef {{ read_some: boolean, read_all: boolean, send: boolean, admin: boolean }} Rights */
/**
 * `rules`: whether the node has access rules; without them every user has all rights. `name`: null if unauthenticated.
 * `session`: whether the user has logged in with this browser. `reason`: why the user has to log in again; empty otherwise.
 * @typedef {{
 *   rules: boolean, name: string | null, session: boolean, rights: Rights, reason: string,
 *   login: (token: string) => Promise<void>, logout: () => Promise<void>,
 * }} Session
 */

const nobody = {
    rules: true,
    name: null,
    session: false,
    rights: { read_some: false, read_all: false, send: false, admin: false },
};
const ended = "The session has ended, or it belongs to another node. Log in again.";

/** @type {Session} */
let session = { ...nobody, rules: false, reason: "", login, logout };

/** @type {Set<(session: Session) => void>} */
const listeners = new Set();

/** The current user and its rights. */
export const current = () => session;

/** Whether a login is required to read anything. */
export const mustLogIn = () => session.rules && session.name === null;

/** Calls back when the user or its rights change. @param {(session: Session) => void} callback */
export function onSession(callback) {
    listeners.add(callback);
}

/** Loads the current user from the node. */
export async function load() {
    const before = session;
    take(await get("/session"), before.session ? ended : before.reason);
}

/** @param {string} token */
async function login(token) {
    take(await post("/session", { token }), "");
}

async function logout() {
    take(await del("/session"), "");
}

/**
 * Sets the current user and notifies the listeners if it changed.
 * @param {Pick<Session, "rules" | "name" | "session" | "rights">} told
 * @param {string} reason why a login is required, if the user is unauthenticated
 */
function take(told, reason) {
    const before = session;
    session = { ...told, reason: told.name === null ? reason : "", login, logout };
    const changed =
        before.rules !== session.rules || before.name !== session.name || before.session !== session.session;
    if (changed || JSON.stringify(before.rights) !== JSON.stringify(session.rights))
        for (const listener of listeners) listener(session);
}

onUnauthorized(() => take(nobody, session.session ? ended : session.reason));
