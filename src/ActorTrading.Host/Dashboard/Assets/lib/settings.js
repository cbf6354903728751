// Preferences of this browser, stored in localStorage. Tokens and market data are never stored there.

const prefix = "actortrading.";

/** The default values. */
const defaults = {
    theme: /** @type {"auto" | "light" | "dark"} */ ("auto"),
    zone: /** @type {"utc" | "venue" | "local"} */ ("utc"),
    frame: "",
    sound: false,
    notifications: false,
};

/** @typedef {typeof defaults} Settings */
/** @typedef {keyof Settings} Name */

/** @type {Map<Name, Set<(value: any) => void>>} */
const listeners = new Map();
/** Cache of the stored values. @type {Map<Name, any>} */
const known = new Map();

/**
 * The value of a preference.
 * @template {Name} N
 * @param {N} name
 * @returns {Settings[N]}
 */
export function get(name) {
    if (!known.has(name)) known.set(name, read(name));
    return known.get(name);
}

/**
 * Stores a preference and notifies its listeners.
 * @template {Name} N
 * @param {N} name
 * @param {Settings[N]} value
 */
export function set(name, value) {
    if (get(name) === value) return;
    known.set(name, value);
    try {
        localStorage.setItem(prefix + name, JSON.stringify(value));
    } catch {
        // Without storage, the value is valid until the page is closed.
    }
    tell(name);
}

/**
 * Calls back with the new value when a preference changes, in this or another tab, until the signal aborts.
 * @template {Name} N
 * @param {N} name
 * @param {(value: Settings[N]) => void} callback
 * @param {AbortSignal} [signal]
 */
export function onChange(name, callback, signal) {
    if (signal?.aborted) return;
    const all = listeners.get(name) ?? new Set();
    listeners.set(name, all.add(callback));
    signal?.addEventListener("abort", () => all.delete(callback), { once: true });
}

/** Calls back when the theme of the page changes. @param {() => void} callback @param {AbortSignal} signal */
export function onTheme(callback, signal) {
    const seen = new MutationObserver(() => callback());
    seen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    signal.addEventListener("abort", () => seen.disconnect(), { once: true });
}

window.addEventListener("storage", ({ key }) => {
    const name = /** @type {Name} */ (key?.slice(prefix.length) ?? "");
    if (!key?.startsWith(prefix) || !(name in defaults)) return;
    known.delete(name);
    tell(name);
});

/** @param {Name} name */
function tell(name) {
    for (const callback of listeners.get(name) ?? []) callback(get(name));
}

/** @param {Name} name */
function read(name) {
    try {
        const value = JSON.parse(localStorage.getItem(prefix + name) ?? "null");
        return typeof value === typeof defaults[name] ? value : defaults[name];
    } catch {
        return defaults[name];
    }
}
