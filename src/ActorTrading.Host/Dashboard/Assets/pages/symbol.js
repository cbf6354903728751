import { h, replace } from "../lib/dom.js";

export const title = "Symbol";

/** @param {import("../app.js").PageContext} context */
export async function open({ root, path }) {
    replace(root, h("h1", null, path[0] ?? title));
}
