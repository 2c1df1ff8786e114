/** Dates and times, by the browser's own pickers. */

import { choose } from "../actions.js";
import { confirmed } from "../confirm.js";
import { h } from "../dom.js";
import { fromWall, toWall } from "../text/dates.js";
import { keyOf, labelling, valueOf } from "./common.js";

const IDLE = 700;

/** A day. */
export function datePicker(element, block, target, labels) {
  return picker("date", "selected_date", element, block, target, labels);
}

/** A time of day. */
export function timePicker(element, block, target, labels) {
  return picker("time", "selected_time", element, block, target, labels);
}

/** A moment, in the person's zone. */
export function dateTimePicker(element, block, target, labels) {
  const codec = { read: toWall, write: fromWall };
  return picker("datetime-local", "selected_date_time", element, block, target, labels, codec);
}

const SAME = { read: (value) => value, write: (value) => value };

function picker(type, field, element, block, target, labels, codec = SAME) {
  const known = () => valueOf(target, block, element, field);
  const shown = () => (known() === null ? "" : codec.read(known()));
  const node = h("input", {
    ...labelling(labels, element),
    type,
    class: "field picker",
    value: shown(),
    "data-key": keyOf(block, element),
  });
  let timer = 0;
  const commit = async () => {
    clearTimeout(timer);
    if (node.value === shown()) return;
    const value = node.value ? codec.write(node.value) : null;
    if (await confirmed(element.confirm)) await choose(target, block, element, field, value);
    else node.value = shown();
  };
  // While a date is typed each digit changes it: the app hears of it once the person pauses.
  node.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(commit, IDLE);
  });
  node.addEventListener("blur", commit);
  node.addEventListener("keydown", (event) => event.key === "Enter" && commit());
  return node;
}
