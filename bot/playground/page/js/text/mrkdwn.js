/** Slack's mrkdwn as DOM nodes. Whatever people typed ends up as text, never as markup. */

import { h } from "../dom.js";
import { channelName, personName, state } from "../state.js";
import { dateText } from "./dates.js";
import { emojiFor, withEmoji } from "./emoji.js";

const TAGS = { "*": "strong", _: "em", "~": "s" };
const OPENS_AFTER = /[\s([{"'“‘\-–—/|.,;:!?<>*_~…\u2066-\u2069]/;
const LETTER = /[\p{L}\p{N}]/u;
const WORD_JOINER = "\u2060";

/** Slack's three entities as characters. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A text object of either kind. */
export function textNodes(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text);
}

/** Plain text: emoji and line breaks, nothing else. */
export function plain(text) {
  return broken(withEmoji(text));
}

/** Text with its line breaks. */
export function broken(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

/** Mrkdwn with code blocks, quotes, list lines and what stands inside a line. */
export function mrkdwn(text) {
  const nodes = [];
  text.split(/```([\s\S]+?)```/).forEach((piece, index) => {
    if (index % 2) nodes.push(h("pre", null, h("code", null, codeText(piece.replace(/^\n|\n$/g, "")))));
    else if (piece) nodes.push(...lines(index ? piece.replace(/^\n/, "") : piece));
  });
  return nodes;
}

function lines(text) {
  const nodes = [];
  let group = null;
  for (const [index, line] of text.split("\n").entries()) {
    const quote = line.match(/^(?:&gt;|>) ?(.*)$/);
    const item = line.match(/^(\s*)([•◦▪]|-|\d{1,2}\.) +(.*)$/);
    const kind = quote ? "quote" : item ? "list" : "text";
    if (group?.kind !== kind) {
      group = { kind, box: boxFor(kind), rows: 0 };
      nodes.push(group.box ?? "");
    }
    if (quote) group.box.append(...(group.rows ? [h("br")] : []), ...inline(quote[1]));
    else if (item) group.box.append(listItem(item));
    else nodes.push(...(group.rows || (index && !isBox(nodes.at(-2))) ? [h("br")] : []), ...inline(line));
    group.rows += 1;
  }
  return nodes.filter((node) => node !== "");
}

const isBox = (node) => node?.tagName === "BLOCKQUOTE" || node?.tagName === "UL";

function boxFor(kind) {
  if (kind === "quote") return h("blockquote");
  return kind === "list" ? h("ul", { class: "lines" }) : null;
}

function listItem([, indent, mark, words]) {
  const deep = Math.min(3, Math.ceil(indent.length / 2));
  const sign = h("span", { class: "mark", "aria-hidden": "true" }, mark);
  return h("li", { class: deep ? `deep-${deep}` : null }, sign, h("span", null, inline(words)));
}

/** What stands inside one line. */
function inline(text) {
  const nodes = [];
  let words = "";
  const flush = () => {
    if (words) nodes.push(unescape(words));
    words = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = special(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at += found.length;
    } else {
      words += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function special(text, at) {
  const sign = text[at];
  if (sign === "`") return code(text, at);
  if (sign === "<") return token(text, at);
  if (sign === ":") return emoji(text, at);
  return sign in TAGS ? styled(text, at, sign) : null;
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  const inner = text.slice(at + 1, end);
  return { node: h("code", null, codeText(inner)), length: inner.length + 2 };
}

function codeText(text) {
  return unescape(text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (whole, url, label) => label || url));
}

function emoji(text, at) {
  const found = /^:([a-z0-9_+-]+(?:::skin-tone-\d)?):/.exec(text.slice(at, at + 60));
  const sign = found && emojiFor(found[1]);
  if (!sign) return null;
  return { node: h("span", { role: "img", "aria-label": found[1].replaceAll("_", " ") }, sign), length: found[0].length };
}

function styled(text, at, sign) {
  const before = text[at - 1] ?? " ";
  const next = text[at + 1] ?? " ";
  if (!OPENS_AFTER.test(before) || /\s/.test(next) || next === sign) return null;
  const end = closing(text, at, sign);
  if (end < 0) return null;
  return { node: h(TAGS[sign], null, inline(text.slice(at + 1, end))), length: end + 1 - at };
}

function closing(text, at, sign) {
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === "<") end = Math.max(end, text.indexOf(">", end));
    else if (text[end] === "`") end = Math.max(end, text.indexOf("`", end + 1));
    else if (text[end] === sign && closes(text, end, at)) return end;
  }
  return -1;
}

function closes(text, end, at) {
  const before = text[end - 1];
  const outside = !LETTER.test(text[end + 1] ?? " ");
  return end > at + 1 && !/\s/.test(before) && before !== WORD_JOINER && outside;
}

// -- what stands in angle brackets -------------------------------------------------------------

function token(text, at) {
  const found = /^<([^<>\n]+)>/.exec(text.slice(at));
  return found && { node: reference(found[1]), length: found[0].length };
}

function reference(inner) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : inner.slice(bar + 1);
  if (target.startsWith("@")) return personMention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1));
  if (target.startsWith("!")) return command(target.slice(1), label);
  return link(unescape(target), label ? inline(label) : [unescape(target.replace(/^mailto:/, ""))]);
}

function command(target, label) {
  if (target.startsWith("date^")) return date(target.slice(5), label);
  if (target.startsWith("subteam^")) return groupMention(target.slice(8));
  return h("span", { class: "mention" }, `@${label || target}`);
}

function date(spec, fallback) {
  const [timestamp, form = "{date_num}", url] = spec.split("^");
  const shown = dateText(timestamp, unescape(form)) ?? unescape(fallback);
  return url ? link(unescape(url), [shown]) : h("span", null, shown);
}

/** A link, when its address is one that a messenger opens; else its words alone. */
export function link(address, nodes) {
  if (!/^(https?:|mailto:)/i.test(address)) return h("span", null, nodes);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, nodes);
}

/** A mention of a person. */
export function personMention(id) {
  return h("span", { class: id === state.me ? "mention me" : "mention" }, `@${personName(id)}`);
}

/** A mention of a channel. */
export function channelMention(id) {
  const query = new URLSearchParams({ as: state.me, in: id });
  return h("a", { class: "mention", href: `?${query}`, "data-go": id }, `#${channelName(id)}`);
}

/** A mention of a user group. */
export function groupMention(id) {
  return h("span", { class: "mention" }, `@${state.groups.get(id)?.handle ?? id}`);
}
