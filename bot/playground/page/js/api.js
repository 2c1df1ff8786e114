/** The way to the server: reading, doing, and hearing what happens. */

import { state } from "./state.js";

/** Something the server refused; `errors` names fields by block_id. */
export class Refused extends Error {
  constructor(body) {
    super(body.detail || body.error || "The server did not understand.");
    this.errors = body.errors ?? null;
  }
}

async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Refused(body);
  return body;
}

function posted(body) {
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body) };
}

const mine = () => `/_page/${state.team.id}/${state.me}`;

/** Everybody one can be. */
export const everybody = () => ask("/_page/people");

/** All that this person sees but the messages. */
export const snapshot = (team, user) => ask(`/_page/${team}/${user}`);

/** Messages of a conversation; see the server for `query`. */
export function messages(channel, query = {}) {
  return ask(`${mine()}/messages/${channel}?${new URLSearchParams(query)}`);
}

/** This person has read up to `ts`. */
export const markRead = (channel, ts) => ask(`${mine()}/read`, posted({ channel, ts }));

/** Store a person's file; the answer is Slack's file object. */
export async function upload(file) {
  const path = `${mine()}/upload/${encodeURIComponent(file.name)}`;
  return (await ask(path, { method: "POST", body: file })).file;
}

/** Do something as this person: click, select, slash, submit, … */
export async function act(what, body = {}) {
  const path = `/_control/users/${state.team.id}/${state.me}/${what}`;
  return (await ask(path, posted({ ...body, seen: false }))).result;
}

/** Ask the demo; null when there is none. */
export async function demo(path, body = null) {
  const response = await fetch(`/_demo/${path}`, body ? posted(body) : {});
  if (response.status === 404) return null;
  const found = await response.json();
  if (!response.ok) throw new Refused(found);
  return found;
}

/**
 * Follow what happens; reconnects by itself.
 * @param {(body: {now: number, news: any[]}) => void} onNews
 * @param {(up: boolean) => void} onUp called at each connection made or lost
 */
export function follow(onNews, onUp) {
  let wait = 250;
  const connect = () => {
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}${mine()}/live`);
    socket.addEventListener("open", () => {
      wait = 250;
      onUp(true);
    });
    socket.addEventListener("message", (event) => onNews(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      onUp(false);
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 5000);
    });
  };
  connect();
}
