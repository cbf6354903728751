"use strict";
// Before the first paint: the theme that was chosen, or that of the system. Kept by lib/settings.js, changed by app.js.
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
try {
    const chosen = JSON.parse(localStorage.getItem("actortrading.theme") ?? '"auto"');
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
    // No storage, or something else in it: that of the system.
}
