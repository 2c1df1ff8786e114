/** Where one writes: messages, and slash commands with hints. */

import { act } from "./api.js";
import { freshId, h } from "./dom.js";
import { channelName, emit, on, state } from "./state.js";

const listId = freshId("hints");
const hints = h("ul", { class: "hints", role: "listbox", id: listId, "aria-label": "Commands", hidden: true });
const field = h("textarea", {
  id: "composer-field",
  class: "field",
  rows: 1,
  role: "combobox",
  "aria-autocomplete": "list",
  "aria-expanded": "false",
  "aria-controls": listId,
  autocomplete: "off",
});
const send = h("button", { type: "submit", class: "btn primary" }, "Send");

/** The composer's node. */
export const composer = h("form", { class: "composer" }, hints, h("div", { class: "composer-row" }, field, send));

let active = -1;

/** Everything that can be typed, from the commands' usage hints. */
function offers() {
  return state.apps.filter((app) => !app.uninstalled).flatMap((app) =>
    app.commands.flatMap((command) => {
      const words = (command.usage_hint ?? "").replace(/^\[|\]$/g, "").split(/\s*[·|]\s*/).filter((word) => /^\w[\w -]*$/.test(word));
      const whole = { text: command.command, hint: command.usage_hint ?? "", about: command.description ?? "", app: app.name };
      return [whole, ...words.map((word) => ({ text: `${command.command} ${word}`, hint: "", about: "", app: app.name }))];
    }));
}

function drawHints() {
  const typed = field.value;
  const found = /^\/\S*( \S*)?$/.test(typed)
    ? offers().filter((offer) => offer.text.startsWith(typed.trimEnd()) && offer.text !== typed.trim())
    : [];
  const usage = offers().find((offer) => offer.hint && typed.startsWith(offer.text));
  const rows = found.map((offer, index) => h("li", { role: "option", id: `${listId}-${index}`, "data-text": offer.text, "aria-selected": "false" },
    h("b", null, offer.text), offer.hint && ` ${offer.hint}`, offer.about && h("small", null, `${offer.about} · ${offer.app}`)));
  if (usage && !found.length) rows.push(h("li", { role: "presentation", class: "usage" }, h("b", null, usage.text), ` ${usage.hint}`, h("small", null, usage.about)));
  hints.replaceChildren(...rows);
  hints.hidden = !rows.length;
  field.setAttribute("aria-expanded", String(found.length > 0));
  activate(-1);
}

const options = () => [...hints.querySelectorAll("[role=option]")];

function activate(index) {
  active = index;
  options().forEach((row, at) => {
    row.setAttribute("aria-selected", String(at === index));
    row.classList.toggle("active", at === index);
  });
  if (index >= 0) field.setAttribute("aria-activedescendant", options()[index].id);
  else field.removeAttribute("aria-activedescendant");
}

function complete(row) {
  field.value = `${row.dataset.text} `;
  field.focus();
  drawHints();
}

field.addEventListener("input", () => {
  field.style.setProperty("height", "auto");
  field.style.setProperty("height", `${Math.min(field.scrollHeight + 2, 160)}px`);
  drawHints();
});
field.addEventListener("keydown", (event) => {
  const rows = options();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && rows.length) activate((active + step + rows.length) % rows.length);
  else if ((event.key === "Tab" || event.key === "Enter") && active >= 0) complete(rows[active]);
  else if (event.key === "Escape" && !hints.hidden) hints.hidden = true;
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit();
  else return;
  event.preventDefault();
});
hints.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  const row = event.target.closest("[role=option]");
  if (row) complete(row);
});
field.addEventListener("blur", () => { hints.hidden = true; });
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

async function submit() {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  field.style.setProperty("height", "auto");
  drawHints();
  const channel = state.place.in;
  const command = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
  const known = command && offers().some((offer) => offer.text === command[1]);
  try {
    if (command && !known) emit("notice", `${command[1]} is not a command here.`);
    else if (command) await act("slash", { command: command[1], text: command[2], channel });
    else await act("say", { channel, text: escaped(text) });
  } catch (error) {
    emit("notice", error.message);
  }
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

on("moved", () => {
  const channel = state.channels.get(state.place.in);
  const closed = !channel || !channel.is_member || channel.is_archived;
  const app = state.apps.find((one) => one.channel === state.place.in);
  field.disabled = send.disabled = closed;
  const name = channelName(state.place.in);
  field.placeholder = closed ? "You cannot write here" : `Message ${app || ["im", "mpim"].includes(channel.kind) ? name : `#${name}`}, or / for commands`;
  field.setAttribute("aria-label", `Message to ${name}`);
});
