// Conversion between UTC and the local time of a time zone, for charts and date-time inputs.

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();
/** @type {Map<string, Map<number, number>>} */
const offsets = new Map();

const quarter = 900; // seconds; UTC offsets change only at quarters of an hour
const most = 20_000; // cached offsets per zone

/**
 * The UTC offset of a time zone at a moment, in seconds; positive east of UTC. Cached.
 * @param {number} seconds since 1970
 * @param {string | undefined} zone a name of the tz database; undefined: the browser's zone
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

/** Computes the UTC offset in seconds. @param {number} seconds since 1970 @param {string} zone */
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

/**
 * The local time in a time zone, as a Date whose UTC fields are the local fields.
 * @param {number} seconds since 1970
 * @param {string | undefined} zone
 */
export const clockAt = (seconds, zone) => new Date(Math.round((seconds + offsetAt(seconds, zone)) * 1000));

/**
 * The moment of a local time in a time zone, in seconds since 1970. If the local time occurs twice, the earlier moment. If
 * a clock change skips it, the moment by the offset before the change. NaN if the text is not a local time.
 * @param {string} text the value of a date-time input, such as 2024-07-09T14:30:05
 * @param {string | undefined} zone
 */
export function momentOf(text, zone) {
    const shown = Date.parse(text + "Z") / 1000;
    if (!Number.isFinite(shown)) return NaN;
    const moments = [shown - offsetAt(shown - 86_400, zone), shown - offsetAt(shown + 86_400, zone)];
    return Math.min(...moments.filter((moment) => moment + offsetAt(moment, zone) === shown), Math.max(...moments));
}
