// The shell of the dashboard: routing by the hash, page loading, navigation, login redirect and settings of the header.

import * as alerts from "./lib/alerts.js";
import { h, replace } from "./lib/dom.js";
import { get } from "./lib/api.js";
import * as live from "./lib/live.js";
import * as session from "./lib/session.js";
import * as settings from "./lib/settings.js";
import * as states from "./lib/states.js";

/**
 * @typedef {{ root: HTMLElement, path: string[], params: URLSearchParams, signal: AbortSignal, go: (hash: string) => void }} PageContext
 * @typedef {{ title: string, open: (context: PageContext) => Promise<void> | void }} Page
 * @typedef {{ name: string, title: string | null, load: () => Promise<Page> }} Route
 */

/**
 * The routes by their name in the hash, in the order of the navigation. Routes without a title are not in the navigation.
 * @type {Record<string, Route>}
 */
const routes = {
    market: { name: "market", title: "Market", load: () => import("./pages/market.js") },
    symbols: { name: "symbol", title: null, load: () => import("./pages/symbol.js") },
    signals: { name: "signals", title: "Signals", load: () => import("./pages/signals.js") },
    cluster: { name: "cluster", title: "Cluster", load: () => import("./pages/cluster.js") },
    ingest: { name: "ingest", title: "Ingest", load: () => import("./pages/ingest.js") },
    rules: { name: "rules", title: "Rules", load: () => import("./pages/rules.js") },
    login: { name: "login", title: null, load: () => import("./pages/login.js") },
};

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const nav = /** @type {HTMLElement} */ (document.getElementById("nav"));
const tools = /** @type {HTMLElement} */ (document.getElementById("tools"));

/** Aborted when the user leaves the current page. */
let leaving = new AbortController();
/** The hash to open after the login. */
let wanted = "";

function parse() {
    const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
    const [name = "", ...rest] = path.split("/").map(decode);
    return { name: name in routes ? name : "market", path: rest, params: new URLSearchParams(query) };
}

/** @param {string} text */
function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text; // invalid percent-encoding: the text is used undecoded
    }
}

/** @param {string} hash */
function go(hash) {
    const target = hash.startsWith("#") ? hash : "#" + hash;
    if (location.hash === target) show();
    else location.hash = target;
}

async function show() {
    leaving.abort();
    leaving = new AbortController();
    const { signal } = leaving;
    const { name, path, params } = parse();
    if (session.mustLogIn() && name !== "login") {
        wanted = location.hash;
        return go("#/login");
    }
    if (session.current().rules && !session.current().rights.read_some && name !== "login") {
        mark(name);
        return states.notAllowed(main);
    }

    const route = routes[name];
    mark(name);
    const root = h("div", { class: `page page-${route.name}` });
    try {
        const [page] = await Promise.all([route.load(), style(route.name)]);
        if (signal.aborted) return;
        styleOnly(route.name);
        document.title = `${[page.title, ...path].join(" ")} – ActorTrading`;
        replace(main, root);
        if (document.activeElement !== document.body) main.focus({ preventScroll: true });
        window.scrollTo(0, 0);
        await page.open({ root, path, params, signal, go: name === "login" ? (hash) => go(wanted || hash) : go });
    } catch (error) {
        if (signal.aborted) return;
        if (!root.isConnected) replace(main, root);
        states.failed(root, error, show);
    }
}

/** @type {Map<string, { link: HTMLLinkElement, loaded: Promise<void> }>} */
const styles = new Map();

/**
 * Loads the stylesheet of a page once. The promise is fulfilled when the stylesheet is loaded, or when loading has failed.
 * @param {string} name
 */
function style(name) {
    const known = styles.get(name);
    if (known) return known.loaded;
    const link = h("link", { rel: "stylesheet", href: new URL(`./pages/${name}.css`, import.meta.url).href });
    const loaded = new Promise((/** @type {(value: void) => void} */ resolve) => {
        link.onload = link.onerror = () => resolve(); // without its stylesheet, the page is still shown
    });
    styles.set(name, { link, loaded });
    document.head.append(link);
    return loaded;
}

/** Disables the stylesheets of all other pages. @param {string} name */
function styleOnly(name) {
    for (const [page, { link }] of styles) if (link.sheet) link.sheet.disabled = page !== name;
}

/** Marks the link of the current route in the navigation. @param {string} name */
function mark(name) {
    const current = name === "symbols" ? "market" : name;
    for (const link of nav.querySelectorAll("a")) {
        if (link.dataset.route === current) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    }
}

/** @type {Record<live.State, string>} */
const words = { idle: "Not live", connecting: "Connecting", live: "Live", lost: "Reconnecting" };

function buildTools() {
    const dot = h("span", { class: "dot", "aria-hidden": true });
    const word = h("span", { class: "word" });
    const connection = h("span", { class: "connection", role: "status" }, dot, word);
    const telling = (/** @type {live.State} */ state) => {
        connection.dataset.state = state;
        word.textContent = words[state];
    };
    telling(live.state());
    live.onState(telling);

    const zone = h(
        "select",
        {
            value: settings.get("zone"),
            "aria-label": "Time zone",
            onChange: () => settings.set("zone", /** @type {any} */ (zone.value)),
        },
        h("option", { value: "utc" }, "UTC"),
        h("option", { value: "venue" }, "Venue"),
        h("option", { value: "local" }, "Local"),
    );
    zone.value = settings.get("zone");
    const theme = h(
        "select",
        { "aria-label": "Theme", onChange: () => settings.set("theme", /** @type {any} */ (theme.value)) },
        h("option", { value: "auto" }, "Auto"),
        h("option", { value: "light" }, "Light"),
        h("option", { value: "dark" }, "Dark"),
    );
    theme.value = settings.get("theme");
    const who = h("span", { class: "who" });
    const named = () => {
        const { rules, name, session: isOpen, logout } = session.current();
        const out = async () => {
            await logout();
            go("#/login");
        };
        const door = isOpen
            ? h("button", { type: "button", onClick: out }, "Log out")
            : h("a", { href: "#/login" }, "Log in");
        replace(who, rules && [name && h("span", { class: "name" }, name), door]);
    };
    named();
    session.onSession(named);
    replace(tools, connection, zone, theme, who);

    const dark = matchMedia("(prefers-color-scheme: dark)");
    const paint = () => {
        const chosen = settings.get("theme");
        theme.value = chosen;
        document.documentElement.dataset.theme = chosen !== "auto" ? chosen : dark.matches ? "dark" : "light";
    };
    settings.onChange("theme", paint);
    dark.addEventListener("change", paint);
    settings.onChange("zone", (value) => {
        zone.value = value;
        show();
    });
}

async function start() {
    replace(
        nav,
        Object.entries(routes).map(
            ([name, { title }]) => title !== null && h("a", { href: `#/${name}`, dataset: { route: name } }, title),
        ),
    );
    buildTools();
    states.loading(main);
    try {
        await session.load();
    } catch (error) {
        states.failed(main, error, start);
        return;
    }

    alerts.start();
    window.addEventListener("hashchange", () => {
        show();
        session.load().catch(() => {}); // detects an ended session; the page itself shows when the node is unreachable
    });
    session.onSession(() => {
        if (session.mustLogIn()) show();
    });
    show();
    const { engine, version } = await get("/").catch(() => ({}));
    const place = document.getElementById("node");
    if (!place || !engine) return;
    const short = version?.replace(/\+(\w{7})\w*$/, "+$1"); // shortens the commit hash to 7 characters
    place.textContent = [location.host, engine === "cluster" ? "cluster" : "embedded engine", short]
        .filter(Boolean)
        .join(" · ");
}

start();
