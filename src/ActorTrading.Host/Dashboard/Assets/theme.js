"use strict";
// Before the first paint: the theme that was chosen. Kept by lib/settings.js.
try {
    const chosen = JSON.parse(localStorage.getItem("actortrading.theme") ?? '"auto"');
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
    // No storage, or something else in it: that of the system.
}
