// The shards as tiles in the colour of their owner, which move when they move; and the same as a table.

import { h, replace } from "../lib/dom.js";
import { get } from "../lib/api.js";
import * as format from "../lib/format.js";
import { VirtualTable } from "../lib/table.js";
import { setText } from "./cluster-owners.js";

/** @typedef {import("./cluster.js").Cluster} Cluster */
/** @typedef {import("./cluster.js").Shard} Shard */

const behind = 1; // seconds of lag from which a tile says so
const travel = 600; // milliseconds

/** @param {Shard} shard */
const happened = ({ last_event }) => (last_event ? `${last_event.symbol} #${last_event.event}` : format.none);

/** The columns of `actortrading shards`. @type {import("../lib/table.js").Column<Shard>[]} */
const columns = [
    {
        id: "shard",
        title: "Shard",
        align: "right",
        width: "5rem",
        text: ({ shard }) => String(shard),
        compare: (a, b) => a.shard - b.shard,
    },
    { id: "owner", title: "Owner", width: "minmax(10rem, 1fr)", text: ({ owner }) => owner ?? "nobody" },
    {
        id: "symbols",
        title: "Symbols",
        align: "right",
        width: "6rem",
        hide: 560,
        text: ({ symbols }) => format.count(symbols),
        compare: (a, b) => a.symbols - b.symbols,
    },
    {
        id: "rate",
        title: "Rate",
        align: "right",
        width: "6rem",
        text: ({ rate }) => format.rate(rate),
        compare: (a, b) => a.rate - b.rate,
    },
    {
        id: "records",
        title: "Records",
        align: "right",
        width: "7rem",
        hide: 900,
        text: ({ records }) => format.count(records),
        compare: (a, b) => a.records - b.records,
    },
    {
        id: "waiting",
        title: "Waiting",
        align: "right",
        width: "6rem",
        hide: 700,
        text: ({ waiting }) => format.count(waiting),
        compare: (a, b) => a.waiting - b.waiting,
    },
    {
        id: "lag",
        title: "Lag",
        align: "right",
        width: "6rem",
        text: ({ lag_seconds }) => format.duration(lag_seconds * 1e3),
        compare: (a, b) => a.lag_seconds - b.lag_seconds,
    },
    { id: "last", title: "Last event", width: "minmax(9rem, 1fr)", hide: 1000, text: happened },
    {
        id: "at",
        title: "At",
        align: "right",
        width: "6rem",
        hide: 1000,
        text: ({ last_event }) => format.time(last_event?.time),
    },
    {
        id: "moves",
        title: "Moves",
        align: "right",
        width: "5rem",
        hide: 560,
        text: ({ moves }) => format.count(moves),
        compare: (a, b) => a.moves - b.moves,
    },
];

export class ShardMap {
    /** @type {Map<number, HTMLElement>} */
    #tiles = new Map();
    /** @type {Map<string, { element: HTMLElement, label: HTMLElement, figures: HTMLElement, tiles: HTMLElement }>} by owner; "" for nobody */
    #lanes = new Map();
    /** @type {Map<number, Shard>} */
    #shards = new Map();
    /** @type {Shard[]} */
    #rows = [];
    /** @type {VirtualTable<Shard> | null} */
    #table = null;
    #shown = -1;
    #pinned = -1;
    /** @type {{ at: number, symbols: Map<number, string[]> } | null} */
    #symbols = null;
    #owners;
    #alone;
    #signal;
    #word;
    #lanesRoot = h("div", {
        class: "lanes",
        role: "group",
        "aria-label": "Shards by node; arrow keys go from one to the next",
    });
    #tableRoot = h("div", { class: "shard-table", hidden: true });
    #detail = h("div", { class: "detail", "aria-live": "off" });
    #none = h("p", { class: "muted" });
    #asTiles;
    #asTable;

    element;

    /** @param {import("./cluster-owners.js").Owners} owners @param {boolean} alone a node of no cluster has partitions @param {AbortSignal} signal */
    constructor(owners, alone, signal) {
        this.#owners = owners;
        this.#alone = alone;
        this.#signal = signal;
        this.#word = alone ? "partition" : "shard";
        signal.addEventListener("abort", () => this.#table?.dispose());
        this.#asTiles = h(
            "button",
            { type: "button", "aria-pressed": true, onClick: () => this.#turn(false) },
            "Tiles",
        );
        this.#asTable = h(
            "button",
            { type: "button", "aria-pressed": false, onClick: () => this.#turn(true) },
            "Table",
        );
        setText(
            this.#none,
            alone ? "There is no partition." : "No shard is active yet: the first record of a symbol starts one.",
        );
        this.element = h(
            "div",
            null,
            h(
                "div",
                { class: "toolbar" },
                h("h2", null, alone ? "Partitions" : "Shards"),
                h("div", { class: "choice", role: "group", "aria-label": "Show as" }, this.#asTiles, this.#asTable),
                h("span", { class: "muted key" }, "colour and letter: the node · bar: records/s · ! : behind"),
            ),
            this.#none,
            h("div", { class: "map" }, this.#lanesRoot, this.#detail),
            this.#tableRoot,
        );
        this.#lanesRoot.addEventListener("pointerover", (event) => this.#point(event.target));
        this.#lanesRoot.addEventListener("focusin", (event) => this.#point(event.target));
        this.#lanesRoot.addEventListener("click", (event) => this.#pin(event.target));
        this.#lanesRoot.addEventListener("keydown", (event) => this.#key(event));
        this.#describe();
    }

    /** @param {Cluster} cluster */
    show(cluster) {
        this.#shards = new Map(cluster.shards.map((shard) => [shard.shard, shard]));
        this.#none.hidden = cluster.shards.length > 0;
        this.#showTable(cluster.shards);
        const hosts = cluster.nodes
            .filter(({ roles, membership }) => roles.includes("symbols") && membership !== "removed")
            .map(({ node }) => node);
        const owners = [...new Set([...hosts, ...cluster.shards.flatMap(({ owner }) => owner ?? [])])].sort();
        const homeless = cluster.shards.some(({ owner }) => !owner);
        const before = this.#places();
        this.#setLanes(homeless ? [...owners, ""] : owners);
        const most = Math.max(1, ...cluster.shards.map(({ rate }) => rate));
        /** @type {Map<string, HTMLElement[]>} */
        const laneTiles = new Map();
        for (const shard of cluster.shards) {
            const tile = this.#tile(shard, most);
            const lane = shard.owner ?? "";
            laneTiles.set(lane, [...(laneTiles.get(lane) ?? []), tile]);
        }
        for (const [number, tile] of this.#tiles) {
            if (this.#shards.has(number)) continue;
            tile.remove();
            this.#tiles.delete(number);
        }
        for (const [owner, lane] of this.#lanes) {
            const wanted = laneTiles.get(owner) ?? [];
            wanted.forEach((tile, place) => {
                if (lane.tiles.children[place] !== tile)
                    lane.tiles.insertBefore(tile, lane.tiles.children[place] ?? null);
            });
            this.#sum(
                lane,
                owner,
                cluster.shards.filter((shard) => (shard.owner ?? "") === owner),
                cluster,
            );
        }
        if (![...this.#tiles.values()].some(({ tabIndex }) => tabIndex === 0))
            this.#reach(this.#tiles.values().next().value);
        this.#travel(before);
        this.#describe();
    }

    /** @param {string[]} owners */
    #setLanes(owners) {
        for (const owner of owners) {
            if (this.#lanes.has(owner)) continue;
            const label = h(
                "div",
                { class: "lane-name" },
                owner
                    ? this.#owners.named(owner)
                    : h("span", { class: "named" }, this.#owners.badge(null), "no node yet"),
            );
            const figures = h("div", { class: "muted lane-figures" });
            const tiles = h("div", { class: "tiles" });
            const element = h(
                "div",
                { class: "lane", dataset: { node: owner } },
                h("div", { class: "lane-head" }, label, figures),
                tiles,
            );
            this.#lanes.set(owner, { element, label, figures, tiles });
        }
        for (const [owner, { element }] of this.#lanes) {
            if (owners.includes(owner)) continue;
            element.remove();
            this.#lanes.delete(owner);
        }
        owners.forEach((owner, place) => {
            const element = /** @type {HTMLElement} */ (this.#lanes.get(owner)?.element);
            if (this.#lanesRoot.children[place] !== element)
                this.#lanesRoot.insertBefore(element, this.#lanesRoot.children[place] ?? null);
        });
    }

    /** @param {{ element: HTMLElement, figures: HTMLElement }} lane @param {string} owner @param {Shard[]} shards @param {Cluster} cluster */
    #sum(lane, owner, shards, cluster) {
        const add = (/** @type {(shard: Shard) => number} */ of) => shards.reduce((sum, shard) => sum + of(shard), 0);
        const lag = Math.max(0, ...shards.map(({ lag_seconds }) => lag_seconds));
        const waiting = add(({ waiting }) => waiting);
        const isSilent = cluster.silent.includes(owner);
        setText(
            lane.figures,
            `${shards.length} ${this.#word}${shards.length === 1 ? "" : "s"}, ${isSilent ? "the node does not answer" : `${add(({ symbols }) => symbols)} symbols, ${format.rate(add(({ rate }) => rate))}`}` +
                (waiting > 0 ? `, ${format.count(waiting)} waiting for ${format.duration(lag * 1e3)}` : ""),
        );
        lane.element.classList.toggle("is-away", isSilent || owner === "");
    }

    /** @param {Shard} shard @param {number} most */
    #tile(shard, most) {
        let tile = this.#tiles.get(shard.shard);
        if (!tile) {
            tile = h(
                "button",
                { type: "button", class: "tile", tabindex: -1, dataset: { shard: String(shard.shard) } },
                h("span", { class: "tile-number" }, shard.shard),
                h("span", { class: "tile-letter" }),
                h("span", { class: "tile-rate" }),
                h("span", { class: "sr-only" }),
            );
            this.#tiles.set(shard.shard, tile);
        }
        const [, letter, bar, said] = /** @type {HTMLElement[]} */ ([...tile.children]);
        const late = shard.lag_seconds >= behind;
        setText(letter, this.#owners.letter(shard.owner) + (late ? "!" : ""));
        bar.style.width = `${Math.round((100 * shard.rate) / most)}%`;
        if (tile.dataset.owner !== this.#owners.colour(shard.owner))
            tile.dataset.owner = this.#owners.colour(shard.owner);
        tile.classList.toggle("is-late", late);
        setText(said, ` ${this.#word}, ${shard.owner ?? "no node"}${late ? ", behind" : ""}`);
        return tile;
    }

    /** @returns {Map<HTMLElement, { owner: string | undefined, box: DOMRect }>} */
    #places() {
        if (!this.#lanesRoot.isConnected || this.#tableRoot.hidden === false) return new Map();
        return new Map(
            [...this.#tiles.values()].map((tile) => [
                tile,
                { owner: tile.dataset.owner, box: tile.getBoundingClientRect() },
            ]),
        );
    }

    /** Tiles that have moved are seen to. @param {Map<HTMLElement, { owner: string | undefined, box: DOMRect }>} before */
    #travel(before) {
        const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
        const moved = [];
        for (const [tile, { owner, box }] of before) {
            if (!tile.isConnected) continue;
            const hasMoved = owner !== tile.dataset.owner && tile.dataset.owner !== "none";
            if (hasMoved) moved.push(tile);
            const now = tile.getBoundingClientRect();
            const [x, y] = [box.left - now.left, box.top - now.top];
            if (still || (Math.abs(x) < 1 && Math.abs(y) < 1)) continue;
            tile.animate(
                [
                    { transform: `translate(${x}px, ${y}px)`, zIndex: 1 },
                    { transform: "none", zIndex: 1 },
                ],
                { duration: travel, easing: "cubic-bezier(0.3, 0, 0.2, 1)" },
            );
        }
        for (const tile of moved) {
            tile.classList.add("has-moved");
            setTimeout(() => tile.classList.remove("has-moved"), 5_000);
        }
    }

    /** @param {Shard[]} shards */
    #showTable(shards) {
        if (!this.#table) return;
        const known = new Map(this.#rows.map((row) => [row.shard, row]));
        const isSame = shards.length === this.#rows.length && shards.every(({ shard }) => known.has(shard));
        this.#rows = shards.map((shard) => Object.assign(known.get(shard.shard) ?? shard, shard));
        if (isSame) this.#table.update(this.#rows);
        else this.#table.setRows(this.#rows);
    }

    /** @param {boolean} toTable */
    #turn(toTable) {
        this.#asTiles.setAttribute("aria-pressed", String(!toTable));
        this.#asTable.setAttribute("aria-pressed", String(toTable));
        /** @type {HTMLElement} */ (this.#lanesRoot.parentElement).hidden = toTable;
        this.#tableRoot.hidden = !toTable;
        if (!toTable) return;
        this.#table ??= new VirtualTable(this.#tableRoot, {
            columns,
            label: this.#alone ? "Partitions" : "Shards",
            sort: "shard",
        });
        this.#showTable([...this.#shards.values()]);
    }

    /** @param {EventTarget | null} target */
    #number(target) {
        const tile = target instanceof Element ? target.closest(".tile") : null;
        return tile instanceof HTMLElement ? Number(tile.dataset.shard) : -1;
    }

    /** @param {EventTarget | null} target */
    #point(target) {
        const number = this.#number(target);
        if (number < 0) return;
        this.#shown = number;
        this.#describe();
    }

    /** @param {EventTarget | null} target */
    #pin(target) {
        const number = this.#number(target);
        if (number < 0) return;
        this.#shown = this.#pinned = number;
        this.#reach(this.#tiles.get(number));
        this.#describe();
        this.#loadSymbols();
    }

    /** The tile that the tab key comes to. @param {HTMLElement | undefined} tile */
    #reach(tile) {
        for (const one of this.#tiles.values()) one.tabIndex = one === tile ? 0 : -1;
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const all = /** @type {HTMLElement[]} */ ([...this.#lanesRoot.querySelectorAll(".tile")]);
        const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
        if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
        const box = all[at].getBoundingClientRect();
        const row = (/** @type {number} */ sign) => {
            const others = all
                .map((tile) => ({ tile, box: tile.getBoundingClientRect() }))
                .filter((one) => sign * (one.box.top - box.top) > box.height / 2);
            const nearest = Math.min(...others.map((one) => sign * (one.box.top - box.top)));
            return others
                .filter((one) => sign * (one.box.top - box.top) < nearest + 2)
                .sort((a, b) => Math.abs(a.box.left - box.left) - Math.abs(b.box.left - box.left))[0]?.tile;
        };
        /** @type {Record<string, HTMLElement | undefined>} */
        const next = {
            ArrowRight: all[at + 1],
            ArrowLeft: all[at - 1],
            ArrowDown: row(1),
            ArrowUp: row(-1),
            Home: all[0],
            End: all.at(-1),
        };
        if (!(event.key in next)) return;
        event.preventDefault();
        const tile = next[event.key];
        if (!tile) return;
        this.#reach(tile);
        tile.focus();
    }

    #describe() {
        const shard = this.#shards.get(this.#shown);
        for (const tile of this.#tiles.values())
            tile.classList.toggle("is-shown", tile.dataset.shard === String(this.#shown));
        if (!shard) {
            if (this.#detail.dataset.told === "") return;
            this.#detail.dataset.told = "";
            replace(
                this.#detail,
                h(
                    "p",
                    { class: "muted" },
                    `Point at a ${this.#word}, or go to one with the arrow keys, to see what it does.`,
                ),
            );
            return;
        }
        const symbols =
            this.#pinned === shard.shard && this.#symbols ? (this.#symbols.symbols.get(shard.shard) ?? []) : undefined;
        /** @type {[string, import("../lib/dom.js").Child][]} */
        const rows = [
            ["Owner", shard.owner ? this.#owners.named(shard.owner) : "no node yet"],
            ["Active symbols", format.count(shard.symbols)],
            ["Rate", format.rate(shard.rate)],
            ["Records", format.count(shard.records)],
            ["Waiting, lag", `${format.count(shard.waiting)}, ${format.duration(shard.lag_seconds * 1e3)}`],
            [
                "Last event",
                shard.last_event ? `${happened(shard)} at ${format.time(shard.last_event.time)}` : format.none,
            ],
            ["Moves", format.count(shard.moves)],
        ];
        const told = JSON.stringify([this.#shown, this.#pinned, shard, symbols]);
        if (this.#detail.dataset.told === told) return;
        this.#detail.dataset.told = told;
        replace(
            this.#detail,
            h("h3", null, `${this.#word[0].toUpperCase()}${this.#word.slice(1)} ${shard.shard}`),
            h(
                "dl",
                { class: "facts" },
                rows
                    .filter(([name]) => !this.#alone || (name !== "Moves" && name !== "Last event"))
                    .map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
            ),
            this.#pinned === shard.shard
                ? h(
                      "p",
                      { class: "shard-symbols" },
                      symbols
                          ? symbols.map((symbol) => [
                                h("a", { href: `#/symbols/${encodeURIComponent(symbol)}` }, symbol),
                                " ",
                            ])
                          : "Loading its symbols …",
                  )
                : h("p", { class: "muted" }, "Click for its symbols."),
        );
    }

    async #loadSymbols() {
        if (this.#symbols && Date.now() - this.#symbols.at < 30_000) return;
        try {
            const { symbols } = await get("/symbols", { signal: this.#signal });
            /** @type {Map<number, string[]>} */
            const parts = new Map();
            for (const { symbol, partition } of symbols)
                parts.set(partition, [...(parts.get(partition) ?? []), symbol]);
            this.#symbols = { at: Date.now(), symbols: parts };
            this.#describe();
        } catch {
            this.#pinned = -1; // asked again at the next click
        }
    }
}
