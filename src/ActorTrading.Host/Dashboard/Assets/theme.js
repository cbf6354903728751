"use strict";
// Sets the theme before the first paint: the chosen theme, otherwise the system's. lib/settings.js stores the choice, app.js changes it.
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
try {
    const chosen = JSON.parse(localStorage.getItem("actortrading.theme") ?? '"auto"');
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
    // No storage, or no valid JSON in it: the system's theme.
}
