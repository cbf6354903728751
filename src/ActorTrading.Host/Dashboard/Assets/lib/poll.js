// Polling while the page is visible.

/**
 * Calls a function periodically until the signal aborts. Calls do not overlap. Polling pauses while the page is hidden and
 * continues at once when it becomes visible. After a failed call, the pause is twice as long.
 * @param {(signal: AbortSignal) => Promise<void>} ask
 * @param {{ every: number, signal: AbortSignal, onError?: (error: any) => void }} options `every`: the pause between two calls in ms
 * @returns {() => void} polls at once, or right after the call in progress
 */
export function poll(ask, { every, signal, onError }) {
    /** @type {number | undefined} */
    let timer;
    let isAsking = false;
    let isWanted = false;
    const run = async () => {
        clearTimeout(timer);
        if (signal.aborted || document.hidden) return;
        if (isAsking) {
            isWanted = true;
            return;
        }
        isAsking = true;
        isWanted = false;
        let pause = every;
        try {
            await ask(signal);
        } catch (/** @type {any} */ error) {
            if (signal.aborted) return;
            pause = every * 2;
            onError?.(error);
        } finally {
            isAsking = false;
        }
        if (!signal.aborted) timer = setTimeout(run, isWanted ? 0 : pause);
    };
    document.addEventListener("visibilitychange", run, { signal });
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    run();
    return run;
}
