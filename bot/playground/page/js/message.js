/** One message: who, when, what. */

import { blocks } from "./blocks/index.js";
import { sharedFile } from "./blocks/media.js";
import { fragment, h, hidden, keepFocus } from "./dom.js";
import { settings } from "./settings.js";
import { emit, personName, state } from "./state.js";
import { messageTarget } from "./targets.js";
import { clock, dayHeading, dayKey, inFull } from "./text/dates.js";
import { mrkdwn } from "./text/mrkdwn.js";

/** @typedef {import("./types.js").Message} Message */

const TOGETHER = 300;
const COLOURS = 8;

/** Initials on a coloured square. */
export function avatar(id) {
  const person = state.people.get(id);
  const name = person?.real_name || personName(id);
  const initials = name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
  const colour = [...id].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % COLOURS;
  const shape = person?.is_bot ? "avatar bot" : "avatar";
  return h("span", { class: `${shape} tint-${colour}`, "aria-hidden": "true" }, initials);
}

/** A list item for a message. */
export function messageNode(message, { inThread = false } = {}) {
  const node = h("li", { class: "message", "data-ts": message.ts, tabindex: "-1", "data-rest": "" });
  fillMessage(node, message, inThread);
  return node;
}

/** Show a message's newest state in its list item. */
export function fillMessage(node, message, inThread = false) {
  node.message = message;
  const day = node.querySelector(":scope > .day");
  keepFocus(node, () => node.replaceChildren(...[day, ...parts(message, inThread)].filter(Boolean)));
}

function parts(message, inThread) {
  const seconds = Number(message.ts);
  const person = state.people.get(message.user);
  const badge = person?.is_bot && h("span", { class: "badge" }, "APP");
  const time = h("time", { datetime: new Date(seconds * 1000).toISOString(), title: inFull(seconds) }, clock(seconds));
  const name = h("span", { class: "who" }, personName(message.user));
  const only = message.ephemeral && h("div", { class: "only-you" }, "Only visible to you");
  const head = h("div", { class: "message-head" }, name, badge, time);
  const body = h("div", { class: "message-body" }, only, head, content(message), thread(message, inThread));
  return [avatar(message.user), body];
}

function content(message) {
  const target = messageTarget(message);
  const shown = message.blocks.length || settings.textOnly
    ? blocks(target)
    : [h("div", { class: "text" }, mrkdwn(message.text))];
  const attached = message.attachments.map((words) => h("div", { class: "unknown" }, `Attachment: ${words}`));
  const files = message.files.map((file) => h("div", { class: "file" }, sharedFile(file)));
  return h("div", { class: "content" }, shown, attached, files);
}

function thread(message, inThread) {
  if (!message.replies || inThread) return null;
  const words = message.replies === 1 ? "1 reply" : `${message.replies} replies`;
  const open = () => emit("thread", message.ts);
  return h("button", { type: "button", class: "replies", "data-key": `thread/${message.ts}`, on: { click: open } }, words);
}

/** Put day headings between days and join what one person wrote in a row. */
export function arrange(list) {
  let before = null;
  for (const node of list.children) {
    const { message } = node;
    const newDay = !before || dayKey(Number(before.ts)) !== dayKey(Number(message.ts));
    const heading = node.querySelector(":scope > .day");
    if (newDay && !heading) node.prepend(h("div", { class: "day", role: "separator" }, h("span", null, dayHeading(Number(message.ts)))));
    else if (newDay) heading.firstChild.textContent = dayHeading(Number(message.ts));
    else heading?.remove();
    const joined = !newDay && before.user === message.user && !message.ephemeral && !before.ephemeral && Number(message.ts) - Number(before.ts) < TOGETHER;
    node.classList.toggle("joined", joined);
    node.classList.toggle("ephemeral", message.ephemeral);
    before = message;
  }
}

/** What is announced when a message arrives. */
export function announcement(message) {
  const words = fragment(mrkdwn(message.text)).textContent || message.files.map((file) => file.name).join(", ");
  return h("p", null, hidden(`${personName(message.user)}: `), words);
}
