/** How this window looks: theme, width, text only, charts. Kept by the browser. */

import { emit } from "./state.js";

const DEFAULTS = { theme: "auto", phone: false, textOnly: false, withoutCharts: false };
const SHARED = ["theme"];

function stored(name) {
  const store = SHARED.includes(name) ? localStorage : sessionStorage;
  const found = store.getItem(`look.${name}`);
  return found === null ? DEFAULTS[name] : JSON.parse(found);
}

export const settings = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, stored(name)]));

/** Change a setting and redraw what depends on it. */
export function set(name, value) {
  settings[name] = value;
  (SHARED.includes(name) ? localStorage : sessionStorage).setItem(`look.${name}`, JSON.stringify(value));
  apply();
  if (name === "textOnly" || name === "withoutCharts") emit("redraw");
  emit("settings");
}

const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", apply);

/** Put the settings onto the page. */
export function apply() {
  const root = document.documentElement;
  root.dataset.theme = settings.theme === "auto" ? (dark.matches ? "dark" : "light") : settings.theme;
  root.classList.toggle("phone", settings.phone);
}
