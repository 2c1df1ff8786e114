/** The `markdown` block: headings, lists, quotes, code, tables and what stands in a line. */

import { h } from "../dom.js";
import { link } from "./mrkdwn.js";
import { withEmoji } from "./emoji.js";

const INLINE = [
  [/^`([^`]+)`/, ([, code]) => h("code", null, code)],
  [/^!?\[([^\]]*)\]\(([^()\s]+)\)/, ([, label, url]) => link(url, inline(label))],
  [/^<(https?:[^<>\s]+)>/, ([, url]) => link(url, [url])],
  [/^\*\*(?=\S)([\s\S]+?\S|\S)\*\*/, ([, words]) => h("strong", null, inline(words))],
  [/^~~(?=\S)([\s\S]+?\S|\S)~~/, ([, words]) => h("s", null, inline(words))],
  [/^([*_])(?=\S)((?:(?!\1)[\s\S])*\S)\1(?!\w)/, ([, , words]) => h("em", null, inline(words))],
  [/^\\([\\`*_{}[\]()#+\-.!~>|])/, ([, sign]) => sign],
];

/** Markdown as nodes. */
export function markdown(text) {
  const rows = text.split("\n");
  const nodes = [];
  while (rows.length) nodes.push(block(rows));
  return nodes.filter(Boolean);
}

function block(rows) {
  const row = rows[0];
  if (!row.trim()) return rows.shift() && null;
  if (/^```/.test(row)) return fence(rows);
  const heading = /^(#{1,6}) +(.*)$/.exec(row);
  if (heading) return rows.shift() && h(`h${Math.min(6, heading[1].length + 2)}`, null, inline(heading[2]));
  if (/^ {0,3}([-*_])( *\1){2,} *$/.test(row)) return rows.shift() && h("hr");
  if (/^> ?/.test(row)) return h("blockquote", null, markdown(taken(rows, /^> ?/).join("\n")));
  if (ITEM.test(row)) return list(rows);
  if (row.includes("|") && /^[\s|:-]+$/.test(rows[1] ?? "")) return table(rows);
  return paragraph(rows);
}

const ITEM = /^(\s*)(?:[-*+]|(\d+)[.)]) +/;

/** The leading rows that fit, without what fits. */
function taken(rows, form) {
  const found = [];
  while (rows.length && form.test(rows[0])) found.push(rows.shift().replace(form, ""));
  return found;
}

function fence(rows) {
  rows.shift();
  const found = [];
  while (rows.length && !/^```/.test(rows[0])) found.push(rows.shift());
  rows.shift();
  return h("pre", null, h("code", null, found.join("\n")));
}

function list(rows) {
  const ordered = Boolean(ITEM.exec(rows[0])[2]);
  const start = ordered ? Number(ITEM.exec(rows[0])[2]) : null;
  const items = [];
  while (rows.length && ITEM.test(rows[0])) {
    const [mark, indent] = ITEM.exec(rows[0]);
    const words = rows.shift().slice(mark.length);
    const task = /^\[([ xX])\] /.exec(words);
    const sign = task ? (task[1] === " " ? "☐ " : "☑ ") : "";
    const deep = Math.min(3, Math.floor(indent.length / 2));
    items.push(h("li", { class: deep ? `deep-${deep}` : null }, sign, inline(task ? words.slice(4) : words)));
  }
  return h(ordered ? "ol" : "ul", { start: start && start !== 1 ? start : null }, items);
}

function table(rows) {
  const cells = (row) => row.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
  const head = cells(rows.shift());
  rows.shift();
  const body = [];
  while (rows.length && rows[0].includes("|")) body.push(cells(rows.shift()));
  const heads = head.map((cell) => h("th", { scope: "col" }, inline(cell)));
  const lines = body.map((row) => h("tr", null, row.map((cell) => h("td", null, inline(cell)))));
  return h("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", null, h("thead", null, h("tr", null, heads)), h("tbody", null, lines)));
}

function paragraph(rows) {
  const found = [rows.shift()];
  const ends = (row) => !row.trim() || /^(```|#{1,6} |>)/.test(row) || ITEM.test(row);
  while (rows.length && !ends(rows[0])) found.push(rows.shift());
  const nodes = found.flatMap((row, index) => (index ? [h("br"), ...inline(row)] : inline(row)));
  return h("p", null, nodes);
}

function inline(text) {
  const nodes = [];
  let words = "";
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const inWord = rest[0] === "_" && /\w/.test(text[at - 1] ?? " ");
    const hit = inWord ? null : first(rest);
    if (hit) {
      nodes.push(withEmoji(words), hit.node);
      words = "";
      at += hit.length;
    } else {
      words += text[at];
      at += 1;
    }
  }
  return [...nodes, withEmoji(words)].filter((node) => node !== "");
}

function first(rest) {
  for (const [form, make] of INLINE) {
    const found = form.exec(rest);
    if (found) return { node: make(found), length: found[0].length };
  }
  return null;
}
