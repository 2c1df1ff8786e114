/**
 * The messages of a conversation. However long it is, the page holds a window of it: scrolling
 * fetches the next piece at one end and lets go of the other.
 */

import { markRead, messages } from "./api.js";
import { h } from "./dom.js";
import { announcement, arrange, fillMessage, messageNode } from "./message.js";
import { channelName, emit, on, state } from "./state.js";

const MOST = 240;
const NEAR = 600;
const FEW = 30;

const list = h("ol", { class: "messages", "aria-label": "Messages" });
const latest = h("button", { type: "button", class: "latest", hidden: true }, "Newest messages ↓");
const scroller = h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Conversation" }, list);
const heard = h("div", { class: "sr-only", role: "log", "aria-live": "polite" });

/** The pane's node. */
export const pane = h("div", { class: "pane" }, scroller, latest, heard);

let channel = "";
let ends = { older: false, newer: false };
let turn = 0;

/** Whether the newest message shall stay in sight when something grows. */
let sticks = true;
let size = "";

const isAtBottom = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
const toBottom = () => {
  scroller.scrollTop = scroller.scrollHeight;
};
const placeKey = () => `place.${state.me}.${channel}`;
const nodeOf = (ts) => list.querySelector(`[data-ts="${ts}"]`);

/** News that came while messages were fetched; the fetched ones may be older. */
let late = null;

/** Fetch without losing what happens meanwhile; `use` is skipped when another place was opened. */
async function fetching(work, use) {
  const mine = turn;
  late = [];
  try {
    const found = await work();
    if (mine === turn) use(found);
  } finally {
    if (mine === turn) {
      const news = late;
      late = null;
      take(news);
    }
  }
}

/** Show a conversation: at `ts` when given, else where this window was, else at its end. */
export async function show(id, ts = "") {
  channel = id;
  turn += 1;
  list.setAttribute("aria-label", `Messages in ${channelName(id)}`);
  const from = ts || sessionStorage.getItem(placeKey());
  await fetching(() => around(id, from), (found) => fill(found, from));
}

/** The newest messages, or those from `from` on with some before them. */
async function around(id, from) {
  const found = await messages(id, from ? { from } : {});
  if (!from) return found;
  if (!found.messages.length) return messages(id);
  if (found.messages.length >= FEW || !found.older) return found;
  const before = await messages(id, { before: from });
  return { ...found, older: before.older, messages: [...before.messages, ...found.messages] };
}

function fill(found, from) {
  ends = { older: found.older, newer: found.newer };
  list.replaceChildren(...found.messages.map((one) => messageNode(one)));
  arrange(list);
  const first = from && nodeOf(from);
  sticks = !first;
  if (first) first.scrollIntoView({ block: "start" });
  else toBottom();
  seen();
}

/** Fetch what this window missed while the connection was down, or draw everything anew. */
export function refresh() {
  if (channel && pane.isConnected) show(channel);
}

/** Redraw what is there, after a setting changed. */
function redraw() {
  for (const node of list.children) fillMessage(node, node.message);
  arrange(list);
}

async function more(way) {
  if (late || !ends[way] || !list.children.length) return;
  const edge = way === "older" ? list.firstElementChild : list.lastElementChild;
  const query = { [way === "older" ? "before" : "after"]: edge.dataset.ts };
  await fetching(() => messages(channel, query), (found) => extend(way, found, edge));
}

/** Add a piece at one end and drop the surplus at the other, without moving what is in sight. */
function extend(way, found, anchor) {
  const nodes = found.messages.map((one) => messageNode(one));
  const at = anchor.getBoundingClientRect().top;
  if (way === "older") list.prepend(...nodes);
  else list.append(...nodes);
  ends[way] = found[way];
  const other = way === "older" ? "newer" : "older";
  while (list.children.length > MOST) {
    (way === "older" ? list.lastElementChild : list.firstElementChild).remove();
    ends[other] = true;
  }
  arrange(list);
  scroller.scrollTop += anchor.getBoundingClientRect().top - at;
}

// -- live --------------------------------------------------------------------------------------

function arrived(news) {
  const { message } = news;
  const node = nodeOf(message.ts);
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  if (isReply) return countReply(message);
  if (node) return change(node, message);
  if (ends.newer) return undefined;
  insert(message);
  if (message.user !== state.me) heard.replaceChildren(announcement(message));
  return undefined;
}

function change(node, message) {
  fillMessage(node, { ...message, replies: Math.max(message.replies, node.message.replies) });
}

function countReply(message) {
  const root = nodeOf(message.thread_ts);
  const isNew = root && !(root.replyStamps ??= new Set()).has(message.ts);
  if (!isNew) return;
  root.replyStamps.add(message.ts);
  messages(channel, { thread: message.thread_ts }).then((found) => {
    const fresh = found.messages.find((one) => one.ts === message.thread_ts);
    if (fresh && root.isConnected) change(root, fresh);
  });
}

function insert(message) {
  const node = messageNode(message);
  const next = [...list.children].find((one) => one.dataset.ts > message.ts);
  if (next) next.before(node);
  else list.append(node);
  while (list.children.length > MOST && isAtBottom()) {
    list.firstElementChild.remove();
    ends.older = true;
  }
}

function take(all) {
  let touched = false;
  for (const news of all) {
    if (news.channel !== channel) continue;
    if (news.kind === "message") arrived(news);
    else if (news.kind === "gone") nodeOf(news.ts)?.remove();
    else continue;
    touched = true;
  }
  if (!touched) return;
  arrange(list);
  if (sticks) toBottom();
  seen();
}

on("news", (all) => (late ? late.push(...all) : take(all)));
on("redraw", redraw);

// -- scrolling and reading ---------------------------------------------------------------------

// Pictures arrive late and boxes change: who reads the newest message goes on reading it.
const sizeNow = () => `${scroller.scrollHeight} ${scroller.clientHeight}`;
const follower = new ResizeObserver(() => {
  size = sizeNow();
  if (sticks) toBottom();
});
follower.observe(list);
follower.observe(scroller);

let frame = 0;
scroller.addEventListener("scroll", () => {
  // A scroll that comes with a new size is the browser's doing, not the reader's.
  if (size === sizeNow()) sticks = isAtBottom() && !ends.newer;
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    if (scroller.scrollTop < NEAR) more("older");
    if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR) more("newer");
    seen();
    remember();
  });
});

latest.addEventListener("click", () => {
  sessionStorage.removeItem(placeKey());
  show(channel);
});
document.addEventListener("visibilitychange", () => seen());

/** What is at the bottom of a window in sight has been read. */
function seen() {
  latest.hidden = isAtBottom() && !ends.newer;
  const known = state.channels.get(channel);
  const last = list.lastElementChild?.dataset.ts;
  if (!last || document.hidden || !pane.isConnected || !known?.unread || !isAtBottom() || ends.newer) return;
  known.unread = 0;
  emit("unread");
  markRead(channel, last).catch(() => {});
}

/** So that a reload comes back to the same message. */
function remember() {
  if (isAtBottom() && !ends.newer) return sessionStorage.removeItem(placeKey());
  const top = scroller.getBoundingClientRect().top;
  const first = [...list.children].find((node) => node.getBoundingClientRect().bottom > top + 8);
  if (first) sessionStorage.setItem(placeKey(), first.dataset.ts);
  return undefined;
}
