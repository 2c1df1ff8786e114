/** What people do with elements, sent in the order they did it. */

import { act } from "./api.js";
import { emit } from "./state.js";

/** @typedef {import("./types.js").Target} Target */

const TYPING_PAUSE = 250;
/** @type {Map<string, Promise<any>>} */ const queues = new Map();
/** @type {Map<string, () => void>} typed text that was not sent yet, by element */
const typed = new Map();

/** Run `work` after everything that was done before with the same target. */
function inOrder(target, work) {
  const before = queues.get(target.key) ?? Promise.resolve();
  const next = before.then(work).catch((error) => {
    emit("notice", error.message);
    return null;
  });
  queues.set(target.key, next);
  return next;
}

function sendTyped(target) {
  for (const [key, send] of [...typed]) if (key.startsWith(`${target.key} `)) send();
}

/** Wait until all that was entered has arrived. */
export function settled(target) {
  sendTyped(target);
  return queues.get(target.key) ?? Promise.resolve();
}

const naming = (block, element) => ({ block_id: block.block_id, action_id: element.action_id });

/** Press a button or pick from an overflow menu (`value` is the option's). */
export function press(target, block, element, value = undefined) {
  sendTyped(target);
  const body = { ...target.where, ...naming(block, element), as_shown: true };
  if (value !== undefined) body.value = value;
  return inOrder(target, () => act("click", body));
}

/** Remember a state here, as the server will. */
function keep(target, block, element, field, value) {
  const state = { type: element.type, [field]: value };
  (target.values[block.block_id] ??= {})[element.action_id] = state;
}

/**
 * Choose a value; the app hears of it where Slack would tell it.
 * @param {string} field the state's field, such as `selected_option`
 * @param {any} value what the state holds afterwards
 */
export function choose(target, block, element, field, value, dispatch = true) {
  typed.delete(typingKey(target, block, element));
  keep(target, block, element, field, value);
  const body = { ...target.where, ...naming(block, element), value, dispatch };
  return inOrder(target, () => act("select", body));
}

const typingKey = (target, block, element) =>
  `${target.key} ${block.block_id}/${element.action_id}`;

/** Type into a field: kept at once, sent after a pause, without telling the app. */
export function type(target, block, element, field, value) {
  keep(target, block, element, field, value);
  const key = typingKey(target, block, element);
  const send = () => {
    clearTimeout(timer);
    if (typed.get(key) !== send) return;
    typed.delete(key);
    const body = { ...target.where, ...naming(block, element), value, dispatch: false };
    inOrder(target, () => act("select", body));
  };
  const timer = setTimeout(send, TYPING_PAUSE);
  typed.set(key, send);
}

/** The options an app offers for a query. */
export function suggest(target, block, element, query) {
  const body = { ...target.where, ...naming(block, element), query };
  return act("options", body);
}
