// Notifications and sounds for signals, on whatever page one is. Nothing is subscribed to while neither is wanted.

import { price } from "./format.js";
import { subscribe } from "./live.js";
import { mustLogIn, onSession } from "./session.js";
import * as settings from "./settings.js";

/** @typedef {{ symbol: string, action: string, price: number | string, name: string, id: string }} Signal */

const pause = 2_000; // between two notifications, and between two sounds
const shown = 4; // signals named in one notification
const held = 100; // signals that are waiting to be told: of more, only the number counts

/** Tones of the sides, in Hz: up, down, level. @type {Record<string, number[]>} */
const tones = { buy: [660, 880], sell: [660, 440], alert: [587, 587], withdrawn: [330, 330] };

/** @type {Signal[]} */
let waiting = [];
let more = 0;
let toldAt = -Infinity;
/** @type {number | undefined} */
let timer;
/** @type {AbortController | null} */
let following = null;
/** @type {AudioContext | null} */
let audio = null;
let isStarted = false;

/** Whether this browser can show notifications at all, here. */
export const canNotify = () => "Notification" in window && window.isSecureContext;

/** Begins; once. */
export function start() {
    if (isStarted) return;
    isStarted = true;
    settings.onChange("notifications", follow);
    settings.onChange("sound", follow);
    onSession(follow);
    // A sound needs a gesture first; one that was wanted before gets it from whatever is touched.
    window.addEventListener("pointerdown", () => settings.get("sound") && wake(), { capture: true });
    window.addEventListener("keydown", () => settings.get("sound") && wake(), { capture: true });
    follow();
}

/**
 * Switches notifications on or off. Asks the user for the permission, so call it from a click.
 * @param {boolean} on
 * @returns {Promise<string>} what keeps them off; empty where nothing does
 */
export async function wantNotifications(on) {
    if (!on) {
        settings.set("notifications", false);
        return "";
    }
    if (!canNotify()) return "This browser allows notifications only over https or on localhost.";
    const permission = Notification.permission === "granted" ? "granted" : await Notification.requestPermission();
    settings.set("notifications", permission === "granted");
    return permission === "granted" ? "" : "The browser blocks notifications of this page; allow them in its settings.";
}

/** Switches the sound on or off. Plays it once, so that one hears what it is. @param {boolean} on */
export function wantSound(on) {
    settings.set("sound", on);
    if (on && wake()) beep("buy");
}

function follow() {
    const wanted = !mustLogIn() && (settings.get("sound") || (settings.get("notifications") && canNotify()));
    if (wanted && !following) {
        following = new AbortController();
        subscribe({ topics: ["signals"] }, { signal: take }, following.signal);
    } else if (!wanted) {
        following?.abort();
        following = null;
    }
}

/** @param {Signal} signal */
function take(signal) {
    if (waiting.length < held) waiting.push(signal);
    else more++;
    timer ??= setTimeout(tell, Math.max(0, toldAt + pause - performance.now()));
}

function tell() {
    timer = undefined;
    toldAt = performance.now();
    const told = waiting;
    const all = told.length + more;
    [waiting, more] = [[], 0];
    if (settings.get("sound") && audio?.state === "running") beep(told[0].action);
    if (settings.get("notifications") && canNotify() && Notification.permission === "granted") notify(told, all);
}

/** @param {Signal} signal */
const line = (signal) => `${signal.action.toUpperCase()} ${signal.symbol} at ${price(signal.price)} (${signal.name})`;

/** @param {Signal[]} told @param {number} all */
function notify(told, all) {
    const title = all === 1 ? line(told[0]) : `${all} signals`;
    const lines = all === 1 ? [] : told.slice(0, shown).map(line);
    if (all > shown) lines.push(`and ${all - shown} more`);
    const note = new Notification(title, { body: lines.join("\n"), tag: "actortrading-signals" });
    note.onclick = () => {
        window.focus();
        location.hash = all === 1 ? `#/signals?explain=${encodeURIComponent(told[0].id)}` : "#/signals";
        note.close();
    };
}

function wake() {
    audio ??= "AudioContext" in window ? new AudioContext() : null;
    audio?.resume();
    return audio !== null;
}

/** Two short tones. @param {string} action */
function beep(action) {
    const context = audio;
    if (!context) return;
    (tones[action] ?? tones.alert).forEach((pitch, place) => {
        const at = context.currentTime + 0.02 + place * 0.13;
        const tone = new OscillatorNode(context, { frequency: pitch });
        const volume = new GainNode(context, { gain: 0 });
        volume.gain.setValueAtTime(0, at);
        volume.gain.linearRampToValueAtTime(0.15, at + 0.01);
        volume.gain.exponentialRampToValueAtTime(0.001, at + 0.12);
        tone.connect(volume).connect(context.destination);
        tone.start(at);
        tone.stop(at + 0.13);
    });
}
