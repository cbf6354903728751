import { get, post, put } from "../lib/api.js";
import { h, replace } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { current } from "../lib/session.js";
import * as states from "../lib/states.js";
import { Editor } from "./rules/editor.js";
import { format, lineOf, placeOf, places } from "./rules/source.js";
import { Trial } from "./rules/trial.js";
import { side } from "./signals/side.js";

export const title = "Rules";

const pause = 350; // ms: debounce between the last key and the check of the text

/** @param {import("../app.js").PageContext} context */
export async function open({ root, signal }) {
    replace(root, h("h1", null, title), h("div", { class: "rules-state" }));
    const state = /** @type {Element} */ (root.lastElementChild);
    states.loading(state);
    try {
        const told = await get("/plan", { signal });
        new RulesPage(root, told, signal);
    } catch (error) {
        if (!signal.aborted) states.failed(state, error, () => open(/** @type {any} */ ({ root, signal })));
    }
}

class RulesPage {
    #signal;
    /** The hash of the plan that was loaded into the editor. */
    #base;
    /** The loaded plan as formatted JSON text. */
    #original;
    /**
     * The answer of POST /plan/check for the text in the editor; null until a check succeeds.
     * @type {any}
     */
    #checked = null;
    /** @type {number | undefined} */
    #timer;
    #checking = new AbortController();
    #mistakes = h("ol", { class: "mistakes" });
    #verdict = h("p", { class: "rules-verdict", id: "rules-verdict", role: "status" });
    #obstacles = h("div", { class: "rules-obstacles" });
    #notice = h("div", { class: "rules-notice" });
    #explained = h("div", { class: "rules-explained" });
    #put = h(
        "button",
        { type: "button", class: "primary", disabled: true, onClick: () => this.#confirm() },
        "Put in force …",
    );
    #reset = h(
        "button",
        { type: "button", disabled: true, onClick: () => this.#load(this.#original) },
        "Undo all changes",
    );
    #dialog = h("dialog", { class: "panel rules-dialog", "aria-labelledby": "rules-dialog-title" });
    #editor = new Editor({ label: "The plan, as JSON", describedBy: "rules-verdict", onChange: () => this.#changed() });
    #trial;

    /** @param {HTMLElement} root @param {any} told @param {AbortSignal} signal */
    constructor(root, told, signal) {
        this.#signal = signal;
        this.#base = told.hash;
        this.#original = format(told.plan);
        this.#trial = new Trial(() => this.#editor.text, signal);
        signal.addEventListener("abort", () => {
            clearTimeout(this.#timer);
            this.#checking.abort();
        });
        replace(
            root,
            h("h1", null, title),
            this.#notice,
            h(
                "div",
                { class: "rules-body" },
                h(
                    "section",
                    { class: "panel rules-plan", "aria-labelledby": "rules-plan-title" },
                    h("div", { class: "toolbar" }, h("h2", { id: "rules-plan-title" }, "Plan"), this.#verdict),
                    this.#editor.element,
                    this.#mistakes,
                    h("div", { class: "toolbar rules-actions" }, this.#mayPut ? this.#put : null, this.#reset),
                    this.#obstacles,
                ),
                h(
                    "section",
                    { class: "panel rules-words", "aria-labelledby": "rules-words-title" },
                    h("h2", { id: "rules-words-title" }, "Rules in words"),
                    this.#explained,
                ),
            ),
            this.#trial.element,
            this.#dialog,
        );
        this.#editor.area.addEventListener("keyup", () => this.#follow(), { signal });
        this.#editor.area.addEventListener("click", () => this.#follow(), { signal });
        if (!this.#mayPut)
            this.#deny("Your token allows you to read the plan and to run a dry run, but not to change the plan.");
        this.#load(this.#original);
    }

    get #mayPut() {
        return !current().rules || current().rights.admin;
    }

    get #isChanged() {
        return this.#editor.text !== this.#original;
    }

    /** @param {string} text */
    #load(text) {
        this.#editor.text = text;
        this.#check();
    }

    #changed() {
        clearTimeout(this.#timer);
        this.#checked = null;
        this.#mistakes.classList.add("stale");
        this.#verdict.classList.add("stale");
        this.#buttons();
        this.#timer = setTimeout(() => this.#check(), pause);
    }

    async #check() {
        clearTimeout(this.#timer);
        this.#checking.abort();
        const checking = (this.#checking = new AbortController());
        try {
            const told = await post("/plan/check", this.#editor.text, { signal: checking.signal });
            this.#checked = told;
            this.#good(told);
        } catch (/** @type {any} */ error) {
            if (checking.signal.aborted) return;
            if (error?.code === "plan_refused") this.#bad(error.errors);
            else {
                this.#checked = null;
                this.#say(error?.detail ?? String(error), "warn");
                this.#timer = setTimeout(() => this.#check(), 3_000);
            }
        }
        this.#buttons();
    }

    /** @param {any} told */
    #good(told) {
        this.#editor.mark([]);
        replace(this.#mistakes);
        const size = `${count(told.frames.length)} frames, ${count(told.indicators.length)} values, ${count(told.rules.length)} rules`;
        this.#say(
            `✓ ${told.in_force ? "In force" : "Good, not in force"} · ${size} · ${told.hash.slice(0, 16)}`,
            told.in_force ? "up" : "",
        );
        const others = told.obstacles.filter((/** @type {any} */ one) => one.code !== "not_allowed");
        if (this.#mayPut && !told.in_force && others.length > 0)
            this.#deny(others.map((/** @type {any} */ one) => one.detail).join(" "));
        else if (this.#mayPut) replace(this.#obstacles);
        this.#words(told);
        if (told.present !== this.#base) this.#conflict();
    }

    /** @param {any[]} errors */
    #bad(errors) {
        this.#checked = null;
        const source = this.#editor.text;
        const known = places(source);
        const marks = errors.map((error) => ({
            ...placeOf(source, known, error),
            message: error.message,
            path: error.path,
        }));
        this.#editor.mark(marks);
        replace(
            this.#mistakes,
            marks.map(({ start, end, message }) => {
                const { line, column } = lineOf(source, start);
                return h(
                    "li",
                    null,
                    h(
                        "button",
                        { type: "button", class: "link", onClick: () => this.#editor.goTo(start, end) },
                        `Line ${line}, column ${column}`,
                    ),
                    ` ${message}`,
                );
            }),
        );
        const { line, column } = lineOf(source, marks[0]?.start ?? 0);
        const first = marks[0] ? ` · line ${line}, column ${column}` : "";
        const said = marks[0] ? `: ${marks[0].message}` : "";
        this.#say(`✗ ${errors.length === 1 ? "1 error" : `${errors.length} errors`}${first}`, "down", said);
    }

    /**
     * @param {string} text
     * @param {string} tone a CSS class; empty: muted
     * @param {string} [aloud] text for screen readers only, because the page displays it elsewhere
     */
    #say(text, tone, aloud = "") {
        this.#mistakes.classList.remove("stale");
        this.#verdict.className = `rules-verdict ${tone || "muted"}`;
        if (this.#verdict.textContent !== text + aloud)
            replace(this.#verdict, text, h("span", { class: "sr-only" }, aloud));
    }

    /** @param {string} why */
    #deny(why) {
        replace(
            this.#obstacles,
            h("p", { class: "warn" }, h("span", { "aria-hidden": true }, "▲ "), `It cannot be put in force: ${why}`),
        );
    }

    #buttons() {
        this.#put.disabled = !this.#checked || this.#checked.in_force || !this.#checked.can_be_put;
        this.#reset.disabled = !this.#isChanged;
    }

    /** @param {any} told */
    #words(told) {
        const open = new Set(
            [...this.#explained.querySelectorAll("details[open]")].map(
                (one) => /** @type {HTMLElement} */ (one).dataset.name,
            ),
        );
        const cards = (/** @type {any[]} */ rules, /** @type {string} */ symbol) =>
            rules.map((rule, index) => card(rule, symbol, symbol ? "" : `$.rules[${index}]`, open));
        replace(
            this.#explained,
            told.rules.length === 0
                ? h(
                      "p",
                      { class: "muted" },
                      "The plan has no rules: it computes bars and values, and fires no signals.",
                  )
                : null,
            cards(told.rules, ""),
            told.symbols
                .filter((/** @type {any} */ one) => JSON.stringify(one.rules) !== JSON.stringify(told.rules))
                .map((/** @type {any} */ one) => [
                    h("h3", null, `${one.symbol} has its own`),
                    one.rules.length === 0 ? h("p", { class: "muted" }, "No rules.") : cards(one.rules, one.symbol),
                ]),
            told.symbols_omitted > 0
                ? h("p", { class: "muted" }, `And ${count(told.symbols_omitted)} more symbols.`)
                : null,
        );
        this.#follow();
    }

    /** Highlights the card of the rule that contains the caret. */
    #follow() {
        const caret = this.#editor.area.selectionStart;
        const known = places(this.#editor.text);
        for (const element of this.#explained.querySelectorAll("details")) {
            const place = known.get(element.dataset.path ?? "");
            element.classList.toggle(
                "here",
                !!place && document.activeElement === this.#editor.area && caret >= place.start && caret <= place.end,
            );
        }
    }

    #confirm() {
        const { hash } = this.#checked;
        const close = () => this.#dialog.close();
        const yes = h(
            "button",
            { type: "button", class: "primary", onClick: () => this.#putInForce(yes, no, said) },
            "Put in force",
        );
        const no = h("button", { type: "button", onClick: close }, "Cancel");
        const said = h("p", { role: "status" });
        replace(
            this.#dialog,
            h("h2", { id: "rules-dialog-title" }, "Put this plan in force?"),
            h(
                "p",
                null,
                "Every symbol is replayed under it from its first record, on every node of a cluster; " +
                    "the duration depends on the length of the history. " +
                    "Signals that its rules would have fired in the past are not logged.",
            ),
            h("p", { class: "muted mono" }, `${this.#base.slice(0, 16)} → ${hash.slice(0, 16)}`),
            said,
            h("div", { class: "toolbar" }, yes, no),
        );
        this.#dialog.showModal();
    }

    /** @param {HTMLButtonElement} yes @param {HTMLButtonElement} no @param {HTMLElement} said */
    async #putInForce(yes, no, said) {
        yes.disabled = no.disabled = true;
        said.textContent = "Replaying the history …";
        try {
            const told = await put(`/plan?replaces=${this.#base}`, this.#editor.text, { signal: this.#signal });
            this.#dialog.close();
            this.#take(told);
            replace(
                this.#notice,
                h("p", { class: "notice up", role: "status" }, `✓ The plan is in force: ${told.hash.slice(0, 16)}`),
            );
        } catch (/** @type {any} */ error) {
            if (this.#signal.aborted) return;
            if (error?.code === "plan_changed") {
                this.#dialog.close();
                this.#conflict();
                return;
            }

            said.className = "down";
            said.textContent = error?.detail ?? String(error);
            no.disabled = false;
        }
    }

    /**
     * Loads the plan in force into the editor.
     * @param {any} told
     */
    #take({ hash, plan }) {
        this.#base = hash;
        this.#original = format(plan);
        this.#load(this.#original);
    }

    /**
     * Handles a plan that another user changed since it was loaded. An unedited text is replaced by the new plan;
     * otherwise the user chooses.
     */
    async #conflict() {
        const told = await get("/plan", { signal: this.#signal }).catch(() => null);
        if (!told || told.hash === this.#base) return;
        if (!this.#isChanged) {
            this.#take(told);
            replace(
                this.#notice,
                h(
                    "p",
                    { class: "notice warn", role: "status" },
                    "Another user changed the plan: this is the plan in force now.",
                ),
            );
            return;
        }

        const clear = () => replace(this.#notice);
        replace(
            this.#notice,
            h(
                "div",
                { class: "notice warn", role: "alert" },
                h(
                    "p",
                    null,
                    `Another user changed the plan meanwhile: ${told.hash.slice(0, 16)} is in force now. Your plan would replace it.`,
                ),
                h(
                    "div",
                    { class: "toolbar" },
                    h(
                        "button",
                        { type: "button", onClick: () => (this.#take(told), clear()) },
                        "Discard mine and show theirs",
                    ),
                    h(
                        "button",
                        {
                            type: "button",
                            onClick: () => {
                                this.#base = told.hash;
                                this.#original = format(told.plan);
                                clear();
                                this.#check();
                            },
                        },
                        "Keep editing mine",
                    ),
                ),
            ),
        );
    }
}

/**
 * A collapsible card that explains one rule.
 * @param {any} rule
 * @param {string} symbol of which the rule overrides the plan's; empty: all symbols
 * @param {string} path of the rule in the plan; empty: the card is not highlighted for the caret
 * @param {Set<string | undefined>} open names of the cards that are expanded
 */
function card(rule, symbol, path, open) {
    const name = `${symbol}/${rule.name}`;
    return h(
        "details",
        { class: "rule", dataset: { name, path }, open: open.has(name) },
        h("summary", null, side(rule.action), " ", h("b", null, rule.name), h("span", { class: "mono" }, rule.rule)),
        h(
            "dl",
            { class: "rule-words" },
            rule.explained.slice(1).map((/** @type {string} */ line) => {
                const [, about, rest] = /^([^:]{1,40}): (.*)$/.exec(line) ?? [null, "", line];
                return h("div", null, h("dt", null, about), h("dd", null, rest));
            }),
        ),
    );
}
