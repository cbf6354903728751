// Preferences of this browser, kept in its localStorage. Never a token or anything of the market.

const prefix = "actortrading.";

/** What holds until something else is chosen. */
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
/** @type {Map<Name, any>} */
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
 * Sets a preference and tells those who want to know.
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
        // Without storage it holds for this page.
    }
    tell(name);
}

/**
 * Calls back with the new value whenever a preference changes, also in another tab, until the signal aborts.
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

/** Calls back when the page takes another theme. @param {() => void} callback @param {AbortSignal} signal */
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
