// Asking again and again, while somebody looks.

/**
 * Calls a function, waits, and calls it again, until the signal aborts: never twice at once, and not while the page is hidden. A call that fails is tried again after a longer pause.
 * @param {(signal: AbortSignal) => Promise<void>} ask
 * @param {{ every: number, signal: AbortSignal, onError?: (error: any) => void }} options `every` in milliseconds
 * @returns {() => void} asks at once, or right after the call that is under way
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
