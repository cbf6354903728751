// HTTP requests to the node that served the page.

/** @typedef {{ signal?: AbortSignal }} RequestOptions */

/** An error response, or no response (status 0, code "unreachable"). */
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
        /** The HTTP status; 0 without a response. */
        this.status = status;
        /** The machine-readable error code. */
        this.code = code;
        /** The human-readable message. */
        this.detail = detail;
        /** The validation errors of a rejected plan. */
        this.errors = errors;
        /** The whole JSON body of the response; empty without one. */
        this.problem = problem;
    }
}

/** @type {(error: ApiError) => void} */
let unauthorized = () => {};

/**
 * Sets the callback for responses with status 401, except those of /session. Only session.js uses it.
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
 * The path of a symbol, percent-encoded.
 * @param {string} symbol
 */
export const symbolPath = (symbol) => "/symbols/" + encodeURIComponent(symbol);

/**
 * Sends a request and returns the parsed JSON body; null if the body is empty or no JSON. A string body is sent unchanged, any other
 * body as JSON. Throws an ApiError on failure. An aborted request throws the AbortError of fetch.
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
