// Who the browser is to the node. The cookie of the session is out of reach of scripts; no token is kept anywhere.

import { get, post, del, onUnauthorized, ApiError } from "./api.js";

/** @typedef {{ read_some: boolean, read_all: boolean, send: boolean, admin: boolean }} Rights */
/** @typedef {{ rules: boolean, name: string | null, rights: Rights, login: (token: string) => Promise<void>, logout: () => Promise<void> }} Session */

/** @type {Rights} */
const nothing = { read_some: false, read_all: false, send: false, admin: false };

/** @type {Session} */
let session = { rules: false, name: null, rights: nothing, login, logout };

/** @type {Set<(session: Session) => void>} */
const listeners = new Set();

/** Who is logged in, and what he may do; without access rules everybody may do everything. */
export const current = () => session;

/** Whether somebody has to log in before anything can be seen. */
export const mustLogIn = () => session.rules && !session.rights.read_some;

/** Calls back when it is somebody else. @param {(session: Session) => void} callback */
export function onSession(callback) {
    listeners.add(callback);
}

/** Asks the node who this is. */
export async function load() {
    take(await get("/session"));
}

/** @param {string} token */
async function login(token) {
    take(await post("/session", { token }));
}

async function logout() {
    take((await del("/session")) ?? { rules: true, name: null, rights: nothing });
}

/** @param {any} told */
function take({ rules, name, rights }) {
    const changed =
        session.rules !== rules || session.name !== name || JSON.stringify(session.rights) !== JSON.stringify(rights);
    session = { rules, name, rights, login, logout };
    if (changed) for (const listener of listeners) listener(session);
}

onUnauthorized((/** @type {ApiError} */ _) => take({ rules: true, name: null, rights: nothing }));
