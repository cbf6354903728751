// Notifications and sounds for signals, on every page. While both are off, there is no subscription.

import { price } from "./format.js";
import { subscribe } from "./live.js";
import { mustLogIn, onSession } from "./session.js";
import * as settings from "./settings.js";

/** @typedef {{ symbol: string, action: string, price: number | string, name: string, id: string }} Signal */

const pause = 2_000; // ms between two notifications, and between two sounds
const shown = 4; // signals listed in one notification
const held = 100; // signals that wait for the next notification; further ones are only counted

/**
 * Frequencies in Hz of the two tones per action: rising for buy, falling for sell, level for the others.
 * @type {Record<string, number[]>}
 */
const tones = { buy: [660, 880], sell: [660, 440], alert: [587, 587], withdrawn: [330, 330] };

/** @type {Signal[]} */
let waiting = [];
/** Number of signals beyond `held`. */
let more = 0;
let toldAt = -Infinity;
/** @type {number | undefined} */
let timer;
/** @type {AbortController | null} */
let following = null;
/** @type {AudioContext | null} */
let audio = null;
let isStarted = false;

/** Whether the browser supports notifications here: they require a secure context (https or localhost). */
export const canNotify = () => "Notification" in window && window.isSecureContext;

/** Starts the alerts. Further calls do nothing. */
export function start() {
    if (isStarted) return;
    isStarted = true;
    settings.onChange("notifications", follow);
    settings.onChange("sound", follow);
    onSession(follow);
    // Browsers allow sound only after a user gesture. When sound is already on, the first click or key enables it.
    window.addEventListener("pointerdown", () => settings.get("sound") && wake(), { capture: true });
    window.addEventListener("keydown", () => settings.get("sound") && wake(), { capture: true });
    follow();
}

/**
 * Switches notifications on or off. Requests the user's permission, so it must be called from a click handler.
 * @param {boolean} on
 * @returns {Promise<string>} the reason why notifications stay off; empty on success
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

/** Switches the sound on or off. Plays it once when it is switched on. @param {boolean} on */
export function wantSound(on) {
    settings.set("sound", on);
    if (on && wake()) beep("buy");
}

/** Subscribes to signals while an alert is on and no login is required; otherwise unsubscribes. */
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

/** Creates and resumes the audio context. False: the browser has no Web Audio. */
function wake() {
    audio ??= "AudioContext" in window ? new AudioContext() : null;
    audio?.resume();
    return audio !== null;
}

/** Plays the two tones of an action. @param {string} action */
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
