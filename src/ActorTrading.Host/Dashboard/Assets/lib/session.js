// Who the browser is to the node. The cookie of the session is out of reach of scripts; no token is kept anywhere.

import { get, post, del, onUnauthorized } from "./api.js";

/** @typedef {{ read_some: boolean, read_all: boolean, send: boolean, admin: boolean }} Rights */
/**
 * `rules`: whether the node has access rules; without them everybody may do everything. `session`: whether somebody
 * has logged in here. `reason`: why a login is asked for, where there is more to say than that.
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

/** Who is logged in, and what he may do. */
export const current = () => session;

/** Whether somebody has to log in before anything is to be had. */
export const mustLogIn = () => session.rules && session.name === null;

/** Calls back when it is somebody else. @param {(session: Session) => void} callback */
export function onSession(callback) {
    listeners.add(callback);
}

/** Asks the node who this is. */
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

/** @param {Pick<Session, "rules" | "name" | "session" | "rights">} told @param {string} reason why, if it is nobody */
function take(told, reason) {
    const before = session;
    session = { ...told, reason: told.name === null ? reason : "", login, logout };
    const changed =
        before.rules !== session.rules || before.name !== session.name || before.session !== session.session;
    if (changed || JSON.stringify(before.rights) !== JSON.stringify(session.rights))
        for (const listener of listeners) listener(session);
}

onUnauthorized(() => take(nobody, session.session ? ended : session.reason));
