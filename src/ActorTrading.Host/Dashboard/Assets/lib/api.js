// Requests to the node that served the page.

/** @typedef {{ signal?: AbortSignal }} RequestOptions */

/** An answer that is an error, or none at all (status 0, code "unreachable"). */
export class ApiError extends Error {
    /**
     * @param {number} status
     * @param {string} code
     * @param {string} detail
     * @param {any[]} [errors]
     * @param {any} [problem]
     */
    constructor(status, code, detail, errors = [], problem = {}) {
        super(detail);
        this.name = "ApiError";
        /** The HTTP status. */
        this.status = status;
        /** The code for programs. */
        this.code = code;
        /** The words for people. */
        this.detail = detail;
        /** What is wrong in a plan that was refused. */
        this.errors = errors;
        /** Everything that the answer says. */
        this.problem = problem;
    }
}

/** @type {(error: ApiError) => void} */
let unauthorized = () => {};

/**
 * Sets what is called when an answer says that nobody is logged in any more. For session.js.
 * @param {(error: ApiError) => void} callback
 */
export function onUnauthorized(callback) {
    unauthorized = callback;
}

/** @param {string} path @param {RequestOptions} [options] @returns {Promise<any>} */
export const get = (path, options) => request("GET", path, undefined, options);

/** @param {string} path @param {any} body @param {RequestOptions} [options] @returns {Promise<any>} */
export const put = (path, body, options) => request("PUT", path, body, options);

/** @param {string} path @param {any} body @param {RequestOptions} [options] @returns {Promise<any>} */
export const post = (path, body, options) => request("POST", path, body, options);

/** @param {string} path @param {RequestOptions} [options] @returns {Promise<any>} */
export const del = (path, options) => request("DELETE", path, undefined, options);

/**
 * The path of a symbol, whatever characters it has.
 * @param {string} symbol
 */
export const symbolPath = (symbol) => "/symbols/" + encodeURIComponent(symbol);

/**
 * A body that is text is sent as it is, anything else as JSON. An aborted request throws the AbortError of fetch.
 * @param {string} method
 * @param {string} path
 * @param {any} body
 * @param {RequestOptions} [options]
 */
async function request(method, path, body, { signal } = {}) {
    let answer, text;
    try {
        answer = await fetch(path, {
            method,
            signal,
            body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
            headers:
                body === undefined
                    ? { Accept: "application/json" }
                    : { Accept: "application/json", "Content-Type": "application/json" },
            credentials: "same-origin",
            cache: "no-store",
        });
        text = await answer.text();
    } catch (error) {
        if (signal?.aborted) throw error;
        throw new ApiError(0, "unreachable", "The node does not answer.");
    }

    const content = parse(text);
    if (answer.ok) return content;
    const { code = "error", detail = answer.statusText, errors = [] } = content ?? {};
    const error = new ApiError(answer.status, code, detail, errors, content ?? {});
    if (error.status === 401 && path !== "/session") unauthorized(error);
    throw error;
}

/** @param {string} text */
function parse(text) {
    try {
        return text === "" ? null : JSON.parse(text);
    } catch {
        return null;
    }
}
