// The clocks of a time zone: what a chart and a field for date and time need of it.

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();
/** @type {Map<string, Map<number, number>>} */
const offsets = new Map();

const quarter = 900; // seconds; clocks change at quarters of an hour
const most = 20_000; // offsets kept of a zone

/**
 * How far the clocks of a zone are ahead of UTC at a moment, in seconds.
 * @param {number} seconds since 1970
 * @param {string | undefined} zone a name of the tz database; undefined: the browser's
 */
export function offsetAt(seconds, zone) {
    if (zone === "UTC") return 0;
    if (zone === undefined) return -60 * new Date(seconds * 1000).getTimezoneOffset();
    const key = Math.floor(seconds / quarter);
    let known = offsets.get(zone);
    if (!known || known.size > most) offsets.set(zone, (known = new Map()));
    let offset = known.get(key);
    if (offset === undefined) known.set(key, (offset = find(key * quarter, zone)));
    return offset;
}

/** @param {number} seconds @param {string} zone */
function find(seconds, zone) {
    let format = formats.get(zone);
    if (!format) {
        format = new Intl.DateTimeFormat("en-US", {
            timeZone: zone,
            hourCycle: "h23",
            year: "numeric",
            month: "numeric",
            day: "numeric",
            hour: "numeric",
            minute: "numeric",
            second: "numeric",
        });
        formats.set(zone, format);
    }
    /** @type {Record<string, number>} */
    const part = {};
    for (const { type, value } of format.formatToParts(new Date(seconds * 1000))) part[type] = Number(value);
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000 - seconds;
}

/** What the clocks of a zone show, as a date whose UTC fields are those. @param {number} seconds @param {string | undefined} zone */
export const clockAt = (seconds, zone) => new Date(Math.round((seconds + offsetAt(seconds, zone)) * 1000));

/**
 * The moment at which the clocks of a zone show that, in seconds since 1970; the earlier one where they show it twice. NaN where the text is none.
 * @param {string} text as a field for date and time has it: 2024-07-09T14:30:05
 * @param {string | undefined} zone
 */
export function momentOf(text, zone) {
    const shown = Date.parse(text + "Z") / 1000;
    if (!Number.isFinite(shown)) return NaN;
    const moments = [shown - offsetAt(shown - 86_400, zone), shown - offsetAt(shown + 86_400, zone)];
    return Math.min(...moments.filter((moment) => moment + offsetAt(moment, zone) === shown), Math.max(...moments));
}
