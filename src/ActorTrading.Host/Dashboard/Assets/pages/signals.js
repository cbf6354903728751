import { h, replace } from "../lib/dom.js";

export const title = "Signals";

/** @param {import("../app.js").PageContext} context */
export async function open({ root }) {
    replace(root, h("h1", null, title));
}
