import { h, replace } from "../lib/dom.js";
import { current } from "../lib/session.js";

export const title = "Log in";

/** @param {import("../app.js").PageContext} context */
export async function open({ root, go }) {
    if (!current().rules) return go("#/market"); // everybody may do everything

    const token = h("input", {
        type: "password",
        id: "token",
        autocomplete: "current-password",
        required: true,
        spellcheck: "false",
    });
    const problem = h("p", { class: "problem", role: "alert" }, current().reason);
    const button = h("button", { type: "submit", class: "primary" }, "Log in");
    const submit = async (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        button.disabled = true;
        problem.textContent = "";
        try {
            await current().login(token.value);
            token.value = "";
            go("#/market");
        } catch (/** @type {any} */ error) {
            problem.textContent = error.detail ?? String(error);
            token.select();
        } finally {
            button.disabled = false;
        }
    };
    replace(
        root,
        h(
            "form",
            { class: "panel login", onSubmit: submit },
            h("h1", null, "Log in to this node"),
            h(
                "p",
                { class: "muted" },
                "A token of the access rules. It is sent once and not stored; the session is valid on this node only.",
            ),
            h("label", { for: "token" }, "Token"),
            token,
            problem,
            button,
        ),
    );
    token.focus();
}
