// Messages in place of content: loading, empty, access denied, recovering or failed.

import { h, replace } from "./dom.js";
import { ApiError } from "./api.js";

/**
 * @param {Element} root
 * @param {{ kind: string, title: string, text?: string, action?: Node | null, alert?: boolean }} what
 */
function show(root, { kind, title, text, action, alert }) {
    replace(
        root,
        h(
            "div",
            { class: `state state-${kind}`, role: alert ? "alert" : "status" },
            h("p", { class: "state-title" }, title),
            text && h("p", null, text),
            action,
        ),
    );
}

/** @param {Element} root @param {string} [text] */
export const loading = (root, text = "Loading …") => show(root, { kind: "loading", title: text });

/** @param {Element} root @param {string} title @param {string} [text] */
export const empty = (root, title, text) => show(root, { kind: "empty", title, text });

/** @param {Element} root @param {ApiError} [error] */
export const notAllowed = (root, error) =>
    show(root, {
        kind: "denied",
        title: "Not allowed",
        text: error?.detail ?? "The access rules do not let you see this.",
        action: h("p", null, h("a", { href: "#/login" }, "Log in as another user")),
    });

/** @param {Element} root @param {ApiError} [error] */
export const recovering = (root, error) =>
    show(root, {
        kind: "recovering",
        title: "The node is recovering",
        text: error?.detail ?? "It is replaying its journal and answers when the replay is complete.",
    });

/**
 * Shows the message for an error. An aborted request shows none.
 * @param {Element} root
 * @param {any} error
 * @param {() => void} [retry]
 */
export function failed(root, error, retry) {
    if (error?.name === "AbortError") return;
    if (!(error instanceof ApiError)) reportError(error); // a bug in the page
    const again = retry && h("p", null, h("button", { type: "button", onClick: retry }, "Try again"));
    const { status, code, detail } =
        error instanceof ApiError ? error : { status: -1, code: "", detail: String(error?.message ?? error) };
    if (code === "recovering")
        show(root, { kind: "recovering", title: "The node is recovering", text: detail, action: again });
    else if (status === 403) notAllowed(root, error);
    else if (status === 401)
        show(root, {
            kind: "denied",
            title: "Log in first",
            text: detail,
            action: h("p", null, h("a", { href: "#/login" }, "To the login")),
        });
    else if (status === 0)
        show(root, {
            kind: "lost",
            title: "The node does not answer",
            text: "It may be restarting, or the network is down.",
            action: again,
            alert: true,
        });
    else show(root, { kind: "failed", title: "That did not work", text: detail, action: again, alert: true });
}
