/** Starts the page: who one is, where one is, what happens. */

import { act, demo as askDemo, everybody, follow, snapshot } from "./api.js";
import { composer } from "./composer.js";
import * as demo from "./demo.js";
import { h, hidden } from "./dom.js";
import { draw as drawHome, homeTab } from "./home.js";
import "./modals.js";
import { pane, refresh, show } from "./pane.js";
import { apply } from "./settings.js";
import { addressOf, sidebar } from "./sidebar.js";
import { appOf, channelName, emit, on, state, takeSnapshot } from "./state.js";
import { panel } from "./thread.js";
import { toolbar } from "./toolbar.js";

const title = h("h2", { class: "place" });
const topic = h("span", { class: "topic" });
const tabs = h("div", { class: "tabs" });
const toList = h("button", { type: "button", class: "btn icon to-list", on: { click: () => listFirst(true) } }, "‹", hidden(" Conversations"));
const head = h("header", { class: "main-head" }, toList, title, topic, tabs);
const main = h("main", { class: "main", id: "main", tabindex: "-1" }, head, h("div", { class: "main-body" }, pane, composer), homeTab);
const toasts = h("div", { class: "toasts", role: "status" });
const said = h("div", { class: "sr-only", role: "status" });
const offline = h("div", { class: "offline", role: "alert", hidden: true }, "Connection lost. Trying again …");
const messenger = h("div", { class: "messenger", "data-under": "" }, sidebar, main, panel);
const frame = h("div", { class: "frame" }, messenger, h("div", { id: "layers" }));

/** On a phone either the list or a conversation is there. */
function listFirst(yes) {
  messenger.classList.toggle("list-first", yes);
  (yes ? sidebar.querySelector("[aria-current], a") : toList)?.focus();
}

// -- where one is ------------------------------------------------------------------------------

/** Show a place and remember it in the address. */
function go({ in: id, tab = "messages", ts = "" }, remember = true) {
  const channel = state.channels.has(id) ? id : firstPlace();
  const app = appOf(channel);
  state.place = { in: channel, tab: app ? tab : "messages", ts };
  messenger.classList.remove("list-first");
  if (remember) history.pushState(null, "", addressOf(channel, tab === "home" ? "home" : ""));
  else history.replaceState(null, "", addressOf(channel, state.place.tab === "home" ? "home" : ""));
  drawHead(app);
  emit("moved");
  if (app && !app.uninstalled) act("open_home", { tab: state.place.tab, app_id: app.app_id }).catch(() => {});
  if (state.place.tab === "home") drawHome();
  else show(channel, ts);
}

function firstPlace() {
  const mine = [...state.channels.values()].filter((one) => one.is_member);
  return state.apps[0]?.channel ?? mine[0]?.id ?? "";
}

function drawHead(app) {
  const channel = state.channels.get(state.place.in);
  const isNamed = channel && ["public", "private"].includes(channel.kind);
  title.textContent = `${isNamed ? "# " : ""}${channelName(state.place.in)}`;
  topic.textContent = channel?.topic ?? "";
  const isHome = state.place.tab === "home";
  const tab = (name, label) => h("a", { href: addressOf(state.place.in, name), "data-go": state.place.in, "data-tab": name, "aria-current": state.place.tab === name ? "page" : null }, label);
  tabs.replaceChildren(...(app ? [app.home_tab && tab("home", "Home"), tab("messages", "Messages")].filter(Boolean) : []));
  main.classList.toggle("at-home", isHome);
}

/** The place the address names; `dm` and `home` are the first app's. */
function addressed() {
  const query = new URLSearchParams(location.search);
  const wanted = query.get("in") ?? "";
  const isApp = wanted === "dm" || wanted === "home";
  const tab = wanted === "home" ? "home" : (query.get("tab") ?? "messages");
  return { in: isApp ? firstPlace() : wanted, tab, ts: query.get("ts") ?? "" };
}

// -- what happens ------------------------------------------------------------------------------

const TAKE = {
  stack: (news) => {
    state.stack = news.stack;
    emit("stack");
  },
  home: (news) => {
    state.homes[news.app_id] = news.view;
    emit("home");
  },
  notice: (news) => toast(news.text),
  read: (news) => countUnread(news),
  message: (news) => countUnread(news),
  gone: (news) => countUnread(news),
};

function countUnread({ channel, unread }) {
  const known = state.channels.get(channel);
  if (known) known.unread = unread;
}

function onNews({ now, news }) {
  state.now = now;
  const isNewPlace = news.some((one) => one.kind === "place" || (one.channel && !state.channels.has(one.channel)));
  for (const one of news) TAKE[one.kind]?.(one);
  emit("news", news);
  emit("unread");
  if (isNewPlace) load().then(() => emit("unread"));
}

function toast(text) {
  const shown = h("div", { class: "toast" }, h("span", null, text), h("button", { type: "button", class: "btn icon", on: { click: () => shown.remove() } }, "×", hidden(" Dismiss")));
  toasts.append(shown);
  setTimeout(() => shown.remove(), 8000);
}

async function load() {
  takeSnapshot(await snapshot(state.team.id, state.me));
  emit("place");
}

let wasUp = false;

async function onUp(up) {
  offline.hidden = up || !wasUp;
  if (!up) return;
  const again = wasUp;
  wasUp = true;
  if (!again) return;
  await load();
  emit("stack");
  emit("home");
  emit("unread");
  refresh();
}

// -- start -------------------------------------------------------------------------------------

/** Who the address names; else the person of the demo's first step, else the first of all. */
async function identify() {
  const query = new URLSearchParams(location.search);
  const wanted = query.get("as") ?? (await askDemo("state").catch(() => null))?.steps?.[0]?.user_id;
  const { teams } = await everybody();
  const team = teams.find((one) => one.id === query.get("team")) ?? teams[0];
  if (!team) throw new Error("There is no workspace yet.");
  const people = team.people.filter((one) => !one.is_bot && !one.deleted);
  const person = people.find((one) => one.id === wanted) ?? people[0];
  if (!person) throw new Error("There is nobody in this workspace yet.");
  state.team = { id: team.id, name: team.name };
  state.me = person.id;
}

on("go", go);
on("notice", toast);
on("announce", (words) => { said.textContent = words; });
on("become", (id) => {
  const query = new URLSearchParams({ team: state.team.id, as: id });
  const channel = state.channels.get(state.place.in);
  if (channel?.members.includes(id)) query.set("in", channel.id);
  else query.set("in", state.place.tab === "home" ? "home" : "dm");
  location.assign(`?${query}`);
});
window.addEventListener("popstate", () => go(addressed(), false));

async function start() {
  apply();
  const root = document.getElementById("app");
  try {
    await identify();
  } catch (error) {
    root.replaceChildren(h("p", { class: "none" }, error.message));
    return;
  }
  root.replaceChildren(demo.strips, toolbar, offline, frame, toasts, said);
  follow(onNews, onUp);
  await load();
  go(addressed(), false);
  emit("stack");
  await demo.start();
}

start();
