/** Conversations at the side: where one is, what is unread. */

import { h, hidden } from "./dom.js";
import { avatar } from "./message.js";
import { appOf, channelName, emit, on, state } from "./state.js";

const body = h("div", { class: "sidebar-body" });
const title = h("h1", { class: "team" });

/** The sidebar's node. */
export const sidebar = h("nav", { class: "sidebar", "aria-label": "Conversations" }, title, body);

/** The address of a conversation for the person of this window. */
export function addressOf(id, tab = "") {
  const query = new URLSearchParams({ team: state.team.id, as: state.me, in: id });
  if (tab) query.set("tab", tab);
  return `?${query}`;
}

function item(channel) {
  const isHere = channel.id === state.place.in;
  const app = appOf(channel.id);
  const isDirect = channel.kind === "im" || channel.kind === "mpim";
  const other = app?.bot_user_id ?? channel.members.find((member) => member !== state.me);
  const sign = isDirect ? avatar(other ?? state.me) : h("span", { class: "sign", "aria-hidden": "true" }, channel.kind === "private" ? "🔒" : "#");
  const badge = channel.unread > 0 && h("span", { class: "unread" }, String(channel.unread), hidden(" unread"));
  const row = h("a", {
    href: addressOf(channel.id),
    class: channel.unread ? "row has-unread" : "row",
    "aria-current": isHere ? "page" : null,
    "data-go": channel.id,
  }, sign, h("span", { class: "name" }, channelName(channel.id)), app && h("span", { class: "badge" }, "APP"), badge);
  return h("li", null, row);
}

function part(label, channels) {
  if (!channels.length) return null;
  return h("section", null, h("h2", null, label), h("ul", null, channels.map(item)));
}

/** Draw all rows. */
export function draw() {
  title.textContent = state.team.name;
  const mine = [...state.channels.values()].filter((one) => one.is_member && !one.is_archived);
  const focused = document.activeElement?.dataset?.go;
  const byName = (one, other) => channelName(one.id).localeCompare(channelName(other.id));
  const isDirect = (one) => one.kind === "im" || one.kind === "mpim";
  const parts = [
    part("Channels", mine.filter((one) => !isDirect(one)).sort(byName)),
    part("Direct messages", mine.filter(isDirect).sort(byName)),
  ];
  const hadFocus = body.contains(document.activeElement);
  body.replaceChildren(...parts.filter(Boolean));
  if (hadFocus && focused) body.querySelector(`[data-go="${CSS.escape(focused)}"]`)?.focus();
  const total = mine.reduce((sum, one) => sum + one.unread, 0);
  document.title = `${total ? `(${total}) ` : ""}${channelName(state.place.in)} · ${state.team.name}`;
}

// Every link to a conversation moves this window; with Ctrl it opens another, as links do.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-go]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  emit("go", { in: link.dataset.go, tab: link.dataset.tab ?? "messages" });
});

on("unread", draw);
on("moved", draw);
