/** The demo's strips: three steps, and time that moves. Only where the server has a demo. */

import { demo } from "./api.js";
import { h } from "./dom.js";
import { emit, on, state } from "./state.js";

const MOVES = [["1h", "+1 hour"], ["1d", "+1 day"], ["next", "To the next message"], ["1w", "+1 week"]];
const EVERY = 4000;
const EVERY_WHILE_MOVING = 500;
const PLAY_PAUSE = 1200;

const steps = h("ol", { class: "steps", "aria-label": "Three steps" });
const clocks = h("div", { class: "clock" });
const buttons = h("div", { class: "moves" });
const truths = h("div", { class: "truths", hidden: true });
const doing = h("span", { class: "sr-only", role: "status" });

/** The node with all strips. */
export const strips = h("section", { class: "strips", "aria-label": "Demo", hidden: true },
  steps, h("div", { class: "time" }, clocks, buttons, doing), truths);

let playing = false;
let moving = false;
let showTruth = false;
let known = null;

/** Ask whether there is a demo, and follow it. */
export async function start() {
  if (!(await read())) return;
  strips.hidden = false;
  drawButtons();
  setInterval(() => !document.hidden && !moving && read(), EVERY);
  setInterval(() => moving && read(), EVERY_WHILE_MOVING);
}

async function read() {
  known = await demo("state").catch(() => known);
  if (!known) return false;
  state.now = Date.parse(known.now) / 1000;
  emit("roles", Object.fromEntries(known.personas.map((one) => [one.user_id, one.role])));
  drawClock();
  drawSteps();
  return true;
}

/** The app's time where this person is. */
function drawClock() {
  const mine = known.personas.find((one) => one.user_id === state.me);
  const person = state.people.get(state.me);
  const show = { weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const zone = mine?.tz ?? person?.tz ?? "UTC";
  const local = new Intl.DateTimeFormat("en-GB", { ...show, timeZone: zone }).format(new Date(known.now));
  const place = zone.split("/").at(-1).replaceAll("_", " ");
  clocks.replaceChildren(h("time", { datetime: known.now }, local), h("span", { class: "zone" }, ` in ${place}`));
}

function drawSteps() {
  const shown = JSON.stringify([known.steps, state.me, state.place.in, moving]);
  if (steps.dataset.shown === shown) return;
  steps.dataset.shown = shown;
  const focused = [...steps.children].findIndex((row) => row.contains(document.activeElement));
  steps.replaceChildren(...(known.steps ?? []).map((step, index) => {
    const name = [h("b", null, String(index + 1)), " ", step.title];
    const isHere = step.user_id === state.me && placeOf(step) === state.place.in;
    const control = step.move
      ? h("button", { type: "button", class: "btn", "aria-disabled": moving ? "true" : null, on: { click: () => move(step.move) } }, name)
      : h("a", { class: "btn", href: addressOf(step), "aria-current": isHere ? "step" : null }, name);
    return h("li", null, control, step.about && h("small", null, step.about));
  }));
  if (focused >= 0) steps.children[focused]?.querySelector("a, button")?.focus();
}

/** `dm` is the app's conversation, whatever its id is for that person. */
const placeOf = (step) => (step.in === "dm" || step.in === "home" ? state.apps[0]?.channel : step.in);

function addressOf(step) {
  const query = new URLSearchParams({ team: state.team.id, as: step.user_id });
  query.set("in", step.in ?? "dm");
  return `?${query}`;
}

async function move(by) {
  if (moving) return;
  moving = true;
  drawButtons();
  drawSteps();
  doing.textContent = "Time moves …";
  try {
    await demo("move", { by });
  } catch (error) {
    playing = false;
    emit("notice", error.message);
  }
  moving = false;
  await read();
  doing.textContent = `It is now ${clocks.textContent}.`;
  if (showTruth) await drawTruth();
  drawButtons();
}

async function play() {
  playing = !playing;
  drawButtons();
  while (playing) {
    await move("1d");
    await new Promise((done) => setTimeout(done, PLAY_PAUSE));
  }
}

async function letAnswer() {
  await demo("answering", { on: !known.answering });
  await read();
  drawButtons();
}

async function drawTruth() {
  const found = showTruth ? await demo("truth") : [];
  truths.hidden = !showTruth;
  const name = (id) => known.personas.find((one) => one.user_id === id)?.name ?? id;
  truths.replaceChildren(h("p", null, "Invented people; the app never sees this."),
    h("dl", null, found.map((one) => h("div", null, h("dt", null, name(one.user_id)), h("dd", null, one.truth)))));
}

async function toggleTruth() {
  showTruth = !showTruth;
  await drawTruth();
  drawButtons();
}

function drawButtons() {
  const focused = document.activeElement?.dataset?.move;
  const button = (key, label, run, more = {}) => h("button", { type: "button", class: "btn", "data-move": key, on: { click: run }, ...more }, label);
  const busy = { "aria-disabled": moving ? "true" : null };
  const toggle = (isOn) => ({ "aria-pressed": String(Boolean(isOn)), class: "btn toggle" });
  buttons.replaceChildren(
    ...MOVES.map(([by, label]) => button(by, label, () => move(by), busy)),
    button("play", playing ? "Pause" : "Play", play, toggle(playing)),
    button("answering", "Let them answer", letAnswer, toggle(known.answering)),
    known.truth_available ? button("truth", "What they really think", toggleTruth, toggle(showTruth)) : "",
  );
  if (focused) buttons.querySelector(`[data-move="${focused}"]`)?.focus();
}

on("moved", () => {
  if (!known) return;
  drawClock();
  drawSteps();
});
