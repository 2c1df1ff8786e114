/** `rich_text` blocks: sections, lists, quotes and code, piece by piece. */

import { h } from "../dom.js";
import { dateText } from "./dates.js";
import { emojiFor } from "./emoji.js";
import { broken, channelMention, groupMention, link, personMention } from "./mrkdwn.js";

const STYLES = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u", highlight: "mark" };

/** The parts of a rich text. */
export function richText(parts) {
  return parts.map((part) => (PARTS[part.type] ?? unknown)(part));
}

const unknown = (part) => h("div", { class: "unknown" }, `Rich text: ${part.type}`);

const PARTS = {
  rich_text_section: (part) => h("p", null, pieces(part.elements)),
  rich_text_quote: (part) => h("blockquote", null, pieces(part.elements)),
  rich_text_preformatted: (part) => h("pre", null, h("code", null, pieces(part.elements))),
  rich_text_list: list,
};

function list(part) {
  const ordered = part.style === "ordered";
  const deep = part.indent ? `deep-${Math.min(3, part.indent)}` : null;
  const start = ordered && part.offset ? part.offset + 1 : null;
  const items = part.elements.map((item) => h("li", null, pieces(item.elements)));
  return h(ordered ? "ol" : "ul", { class: deep, start }, items);
}

const pieces = (elements) => elements.map(piece);

function piece(element) {
  const node = (PIECES[element.type] ?? ((one) => h("span", { class: "unknown" }, one.type)))(element);
  return Object.entries(element.style ?? {}).reduce(
    (inner, [name, set]) => (set && STYLES[name] ? h(STYLES[name], null, inner) : inner),
    node,
  );
}

const PIECES = {
  text: (element) => h("span", null, broken(element.text)),
  link: (element) => link(element.url, [element.text || element.url]),
  emoji: (element) => h("span", { role: "img", "aria-label": element.name }, emojiFor(element.name) ?? `:${element.name}:`),
  user: (element) => personMention(element.user_id),
  channel: (element) => channelMention(element.channel_id),
  usergroup: (element) => groupMention(element.usergroup_id),
  broadcast: (element) => h("span", { class: "mention" }, `@${element.range}`),
  color: (element) => h("code", null, element.value),
  date: (element) => h("span", null, dateText(element.timestamp, element.format) ?? element.fallback ?? ""),
};

/** The words alone, for fields and screen readers. */
export function richWords(parts) {
  return richText(parts).map((node) => node.textContent).join("\n");
}
