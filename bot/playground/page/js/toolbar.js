/** What stands around the messenger: whose eyes one sees through, and how the page looks. */

import { h, hidden } from "./dom.js";
import { set, settings } from "./settings.js";
import { emit, me, on, state } from "./state.js";

const THEMES = { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };

const who = h("select", { id: "who", class: "field" });
const other = h("a", { class: "btn", target: "_blank", rel: "noopener" }, "New window", hidden(" as this person"));
const zone = h("span", { class: "zone" });
const toggles = h("div", { class: "toggles" });

/** The toolbar's node. */
export const toolbar = h("div", { class: "toolbar" },
  h("div", { class: "be" }, h("label", { for: "who" }, "You are"), who, zone, other), toggles);

/** Roles the demo gives people, by id. */
let roles = {};

function drawPeople() {
  const people = [...state.people.values()].filter((one) => !one.is_bot && !one.deleted);
  const listed = Object.keys(roles);
  const rank = (one) => (listed.includes(one.id) ? listed.indexOf(one.id) : listed.length);
  people.sort((one, two) => rank(one) - rank(two) || one.name.localeCompare(two.name));
  const rows = people.map((one) => {
    const role = roles[one.id] || one.title;
    return [one.id, role ? `${one.real_name || one.name} – ${role}` : one.real_name || one.name];
  });
  const signature = JSON.stringify(rows);
  if (who.dataset.shown === signature) return; // drawing it anew would close the list
  who.dataset.shown = signature;
  who.replaceChildren(...rows.map(([id, words]) => h("option", { value: id }, words)));
  who.value = state.me;
  zone.textContent = me().tz.replaceAll("_", " ");
  other.href = `?${new URLSearchParams({ team: state.team.id, as: state.me })}`;
}

who.addEventListener("change", () => emit("become", who.value));

function toggle(name, label) {
  const flip = () => set(name, !settings[name]);
  return h("button", { type: "button", class: "btn toggle", "aria-pressed": String(settings[name]), "data-toggle": name, on: { click: flip } }, label);
}

function drawToggles() {
  const focused = document.activeElement?.dataset?.toggle;
  const next = { auto: "light", light: "dark", dark: "auto" }[settings.theme];
  const theme = h("button", { type: "button", class: "btn toggle", "data-toggle": "theme", on: { click: () => set("theme", next) } }, THEMES[settings.theme]);
  toggles.replaceChildren(toggle("phone", "Phone width"), toggle("textOnly", "Text only"), toggle("withoutCharts", "Without charts"), theme);
  if (focused) toggles.querySelector(`[data-toggle="${focused}"]`)?.focus();
}

on("place", drawPeople);
on("roles", (found) => {
  roles = found;
  drawPeople();
});
on("settings", drawToggles);
drawToggles();
