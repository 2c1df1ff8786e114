/** What this window knows, and who wants to hear when it changes. */

/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").Channel} Channel */

export const state = {
  team: { id: "", name: "" },
  me: "",
  now: 0,
  /** @type {Map<string, Person>} */ people: new Map(),
  /** @type {Map<string, {id: string, handle: string}>} */ groups: new Map(),
  /** @type {Map<string, Channel>} */ channels: new Map(),
  /** @type {import("./types.js").App[]} */ apps: [],
  /** @type {import("./types.js").View[]} */ stack: [],
  /** @type {Record<string, import("./types.js").View | null>} */ homes: {},
  /** Where this window is: a conversation, and for an app its tab. */
  place: { in: "", tab: "messages", ts: "", thread: "" },
};

const bus = new EventTarget();

/** Call `listener` with the detail of every event of this name. */
export function on(name, listener) {
  bus.addEventListener(name, (event) => listener(event.detail));
}

/** Tell everybody who listens. */
export function emit(name, detail = null) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Take over a snapshot from the server. */
export function takeSnapshot(found) {
  state.team = found.team;
  state.me = found.me;
  state.now = found.now;
  state.people = new Map(found.people.map((person) => [person.id, person]));
  state.groups = new Map(found.groups.map((group) => [group.id, group]));
  state.channels = new Map(found.channels.map((channel) => [channel.id, channel]));
  state.apps = found.apps;
  state.stack = found.stack;
  state.homes = found.homes;
}

/** The person this window belongs to. */
export function me() {
  return state.people.get(state.me) ?? { id: state.me, name: state.me, tz: "UTC", locale: "en-US" };
}

/** How somebody is called. */
export function personName(id) {
  return state.people.get(id)?.name ?? id;
}

/** The app a direct message belongs to, if any. */
export function appOf(channelId) {
  return state.apps.find((app) => app.channel === channelId) ?? null;
}

/** How a conversation is called, seen from here. */
export function channelName(id) {
  const channel = state.channels.get(id);
  if (!channel) return id;
  const app = appOf(id);
  if (app) return app.name;
  if (channel.kind === "public" || channel.kind === "private") return channel.name;
  const others = channel.members.filter((member) => member !== state.me);
  return others.map(personName).join(", ") || channel.name;
}
