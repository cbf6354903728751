// A virtual table: only the rows in the viewport have DOM elements, so the number of rows is not limited.

import { h, frame, replace } from "./dom.js";

/**
 * A column. `text`: the text of a cell; also the sort key, unless `compare` is set. `cell` renders a cell instead of
 * `text`; its element is reused for other rows. `hide`: the window width in pixels below which the column is hidden.
 * `width`: a track size of CSS grid, such as "6rem" or "minmax(5rem, 1fr)".
 * @template R
 * @typedef {{
 *   id: string, title: string, align?: "left" | "right" | "center", width?: string, hide?: number,
 *   text: (row: R) => string, compare?: (a: R, b: R) => number, cell?: (row: R, element: HTMLElement) => void,
 * }} Column
 */
/**
 * @template R
 * @typedef {{ columns: Column<R>[], label: string, rowHeight?: number, onOpen?: (row: R) => void, sort?: string,
 * descending?: boolean }} Options
 */
/**
 * The DOM element of a row, reused for other rows. `index` is its current position in the sorted rows.
 * @typedef {{ element: HTMLElement, cells: HTMLElement[], index: number, row: any }} Line
 */

const resortEvery = 1_000; // ms between two sorts while values change: rows that move more often are hard to read
let tables = 0;

/** @template R */
export class VirtualTable {
    /** The rows in the order of `setRows`. @type {R[]} */
    #given = [];
    /** The rows in sort order. @type {R[]} */
    #rows = [];
    /** The lines in the viewport, and a few around it. @type {Line[]} */
    #lines = [];
    /** The columns that are not hidden. @type {Column<R>[]} */
    #shown = [];
    /** @type {R | null} */
    #active = null;
    #descending;
    /** @type {string | null} */
    #sort;
    #sortedAt = 0;
    /** Whether values have changed since the last sort. */
    #isStale = false;
    /** Rows to render again. Ignored if `#hasAllChanged` is set. @type {Set<R>} */
    #changed = new Set();
    #hasAllChanged = true;
    #options;
    #height;
    #prefix = `table${++tables}`;
    #ends = new AbortController();
    #grid;
    #head;
    #body;
    /** @type {number | undefined} */
    #timer;
    #draw = () => this.#render();
    #sortLater = () => {
        this.#timer = undefined;
        frame(this.#draw);
    };

    /** @param {Element} root @param {Options<R>} options */
    constructor(root, options) {
        this.#options = options;
        this.#height = options.rowHeight ?? 28;
        this.#sort = options.sort ?? null;
        this.#descending = options.descending ?? false;
        this.#head = h("div", { class: "table-head", role: "row", "aria-rowindex": 1 });
        this.#body = h("div", { class: "table-body", role: "rowgroup" });
        this.#grid = h(
            "div",
            {
                class: "table",
                role: "grid",
                tabindex: 0,
                "aria-label": options.label,
                onKeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
            },
            h("div", { class: "table-top", role: "rowgroup" }, this.#head),
            this.#body,
        );
        this.#grid.addEventListener("scroll", () => frame(this.#draw), { passive: true });
        this.#body.addEventListener("click", (event) => this.#click(event));
        replace(root, this.#grid);
        const size = new ResizeObserver(() => frame(this.#draw));
        size.observe(this.#grid);
        this.#ends.signal.addEventListener("abort", () => size.disconnect());
        window.addEventListener("resize", () => this.#columns(), { signal: this.#ends.signal });
        this.#columns();
    }

    /** The grid element: the page scrolls it, focuses it and adds event listeners. */
    get element() {
        return this.#grid;
    }

    /** Replaces the rows. @param {R[]} rows */
    setRows(rows) {
        this.#given = rows;
        if (this.#active !== null && !rows.includes(this.#active)) this.#active = null;
        this.#hasAllChanged = true;
        this.#order();
        frame(this.#draw);
    }

    /**
     * Renders changed rows again. The row objects must be those of `setRows`. Sorts at most once a second.
     * @param {R[]} [rows] the changed rows; all rows if omitted
     */
    update(rows) {
        this.#isStale = true;
        if (!rows) this.#hasAllChanged = true;
        else for (const row of rows) this.#changed.add(row);
        frame(this.#draw);
    }

    dispose() {
        this.#ends.abort();
        this.#grid.remove();
    }

    #columns() {
        const shown = this.#options.columns.filter(({ hide }) => !hide || window.innerWidth >= hide);
        if (shown.length === this.#shown.length) return frame(this.#draw);
        this.#shown = shown;
        this.#grid.style.setProperty("--columns", shown.map(({ width }) => width ?? "minmax(4rem, 1fr)").join(" "));
        this.#grid.setAttribute("aria-colcount", String(shown.length));
        this.#lines = [];
        replace(this.#body);
        this.#heads();
        frame(this.#draw);
    }

    #heads() {
        replace(
            this.#head,
            this.#shown.map((column) =>
                h(
                    "div",
                    {
                        role: "columnheader",
                        class: `cell ${column.align ?? "left"}`,
                        "aria-sort":
                            this.#sort === column.id ? (this.#descending ? "descending" : "ascending") : "none",
                    },
                    h(
                        "button",
                        { type: "button", onClick: () => this.#sortBy(column.id) },
                        column.title,
                        h(
                            "span",
                            { class: "sort", "aria-hidden": true },
                            this.#sort === column.id ? (this.#descending ? "▾" : "▴") : "",
                        ),
                    ),
                ),
            ),
        );
    }

    /** @param {string} id */
    #sortBy(id) {
        this.#descending =
            this.#sort === id
                ? !this.#descending
                : this.#options.columns.find((column) => column.id === id)?.align === "right";
        this.#sort = id;
        const focused = this.#head.contains(document.activeElement);
        this.#heads();
        if (focused)
            /** @type {HTMLElement} */ (
                this.#head.children[this.#shown.findIndex((column) => column.id === id)].firstElementChild
            ).focus();
        this.#order();
        frame(this.#draw);
    }

    #order() {
        const column = this.#options.columns.find(({ id }) => id === this.#sort);
        this.#sortedAt = performance.now();
        this.#isStale = false;
        this.#rows = this.#given;
        if (!column) return;
        const compare =
            column.compare ??
            ((/** @type {R} */ a, /** @type {R} */ b) =>
                column.text(a).localeCompare(column.text(b), "en", { numeric: true }));
        const sign = this.#descending ? -1 : 1;
        this.#rows = [...this.#given].sort((a, b) => sign * compare(a, b));
    }

    #render() {
        if (this.#ends.signal.aborted) return;
        const wait = resortEvery - (performance.now() - this.#sortedAt);
        if (this.#isStale && wait <= 0) this.#order();
        if (this.#isStale) this.#timer ??= setTimeout(this.#sortLater, wait); // sorts even if no further update arrives
        const rows = this.#rows;
        const top = this.#head.offsetHeight;
        const inSight = Math.ceil(Math.max(0, this.#grid.clientHeight - top) / this.#height);
        const needed = Math.min(rows.length, inSight + 5);
        const above = Math.floor(this.#grid.scrollTop / this.#height) - 2;
        const first = Math.max(0, Math.min(above, rows.length - needed));
        this.#body.style.height = `${rows.length * this.#height}px`;
        this.#grid.setAttribute("aria-rowcount", String(rows.length + 1));
        while (this.#lines.length < needed) this.#lines.push(this.#line());
        for (const line of this.#lines.splice(Math.max(0, needed))) line.element.remove();
        // A line keeps its row while the row is in the viewport, so scrolling by one row renders one row.
        this.#lines.forEach((line, place) =>
            this.#fill(line, first + ((((place - first) % needed) + needed) % needed)),
        );
        this.#changed.clear();
        this.#hasAllChanged = false;
        const active = this.#lines.find(({ index }) => rows[index] === this.#active);
        if (active) this.#grid.setAttribute("aria-activedescendant", active.element.id);
        else this.#grid.removeAttribute("aria-activedescendant");
    }

    /** @returns {Line} */
    #line() {
        const cells = this.#shown.map(({ align }) => h("div", { role: "gridcell", class: `cell ${align ?? "left"}` }));
        const element = h("div", { class: "table-row", role: "row", style: { height: `${this.#height}px` } }, cells);
        this.#body.append(element);
        return { element, cells, index: -1, row: undefined };
    }

    /** @param {Line} line @param {number} index */
    #fill(line, index) {
        const row = this.#rows[index];
        if (line.index !== index) {
            line.index = index;
            line.element.style.transform = `translateY(${index * this.#height}px)`;
            line.element.setAttribute("aria-rowindex", String(index + 2));
            line.element.id = `${this.#prefix}-${index}`;
            line.element.classList.toggle("odd", index % 2 === 1);
        }
        line.element.classList.toggle("active", row === this.#active);
        if (line.row === row && !this.#hasAllChanged && !this.#changed.has(row)) return;
        line.row = row;
        this.#shown.forEach((column, place) => {
            const cell = line.cells[place];
            if (column.cell) return column.cell(row, cell);
            const text = column.text(row);
            if (cell.textContent !== text) cell.textContent = text;
        });
    }

    /** @param {MouseEvent} event */
    #click(event) {
        const element = event.target instanceof Element ? event.target.closest(".table-row") : null;
        const line = this.#lines.find((one) => one.element === element);
        if (!line) return;
        this.#active = this.#rows[line.index];
        if (!(event.target instanceof Element && event.target.closest("a, button"))) this.#open();
        frame(this.#draw);
    }

    #open() {
        if (this.#active !== null) this.#options.onOpen?.(this.#active);
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (event.target !== this.#grid || event.ctrlKey || event.altKey || event.metaKey) return;
        if (event.key === "Enter") return this.#open();
        const page = Math.max(1, Math.floor((this.#grid.clientHeight - this.#head.offsetHeight) / this.#height) - 1);
        const last = this.#rows.length - 1;
        const at = this.#active === null ? -1 : this.#rows.indexOf(this.#active);
        /** @type {Record<string, number>} */
        const places = {
            ArrowDown: at + 1,
            ArrowUp: at - 1,
            PageDown: at + page,
            PageUp: at - page,
            Home: 0,
            End: last,
        };
        if (!(event.key in places) || last < 0) return;
        event.preventDefault();
        const place = Math.min(last, Math.max(0, places[event.key]));
        this.#active = this.#rows[place];
        const seen = this.#grid.clientHeight - this.#head.offsetHeight - this.#height;
        if (place * this.#height < this.#grid.scrollTop) this.#grid.scrollTop = place * this.#height;
        else if (place * this.#height > this.#grid.scrollTop + seen) this.#grid.scrollTop = place * this.#height - seen;
        frame(this.#draw);
    }
}
