/** Text only: what a screen reader says of a message or view, line by line. */

import { optionsOf, valueOf } from "./elements/common.js";
import { fragment, h } from "./dom.js";
import { textNodes } from "./text/mrkdwn.js";

const WORDS = (object) => fragment(textNodes(object)).textContent;
const ROLES = {
  button: "button",
  overflow: "button, opens a menu",
  radio_buttons: "choose one",
  checkboxes: "choose any",
  datepicker: "date field",
  timepicker: "time field",
  datetimepicker: "date and time field",
  file_input: "file field",
};

/**
 * The lines for a target. Of a message the blocks are not read: its top-level text stands for them.
 * @param {import("./types.js").Target} target
 */
export function spoken(target) {
  const lines = target.surface === "message" ? [["", target.text]] : [];
  for (const block of target.blocks) lines.push(...blockLines(block, target));
  return [h("ul", { class: "spoken" }, lines.map(([role, words]) =>
    h("li", null, role && h("span", { class: "role" }, role), role && " ", words)))];
}

function blockLines(block, target) {
  const own = target.surface === "message" ? [] : wordsOf(block);
  return [...own, ...controls(block).flatMap((element) => elementLines(element, block, target))];
}

function wordsOf(block) {
  if (block.type === "header") return [["heading", WORDS(block.text)]];
  if (block.type === "section") return [block.text, ...(block.fields ?? [])].filter(Boolean).map((text) => ["", WORDS(text)]);
  if (block.type === "context") return block.elements.map((part) => (part.type === "image" ? ["image", part.alt_text] : ["", WORDS(part)]));
  if (block.type === "image") return [["image", block.alt_text]];
  if (block.type === "divider") return [["separator", ""]];
  return ["input", "actions"].includes(block.type) ? [] : [["", `(${block.type})`]];
}

function controls(block) {
  if (block.type === "actions") return block.elements;
  return [block.accessory, block.element].filter((part) => part && part.type !== "image");
}

function elementLines(element, block, target) {
  const label = block.type === "input" ? WORDS(block.label) : (element.accessibility_label ?? (element.text ? WORDS(element.text) : element.placeholder?.text ?? ""));
  const role = ROLES[element.type] ?? (element.type.endsWith("select") ? "menu" : "edit field");
  const required = block.type === "input" && !block.optional ? ", required" : "";
  const error = target.errors[block.block_id];
  const lines = [[role, `${label}${required}${valueWords(element, block, target)}`]];
  if (block.hint) lines.push(["described as", WORDS(block.hint)]);
  if (error) lines.push(["invalid", error]);
  if (["radio_buttons", "checkboxes", "overflow"].includes(element.type)) {
    for (const { option } of optionsOf(element)) lines.push([element.type === "checkboxes" ? "checkbox" : element.type === "overflow" ? "menu item" : "radio button", `${WORDS(option.text)}${isChosen(option, element, block, target) ? ", checked" : ""}`]);
  }
  return lines;
}

function isChosen(option, element, block, target) {
  const one = valueOf(target, block, element, "selected_option");
  const many = valueOf(target, block, element, "selected_options") ?? [];
  return one?.value === option.value || many.some((each) => each.value === option.value);
}

function valueWords(element, block, target) {
  if (["radio_buttons", "checkboxes", "button", "overflow"].includes(element.type)) return "";
  const state = target.values[block.block_id]?.[element.action_id] ?? {};
  const value = Object.entries(state).find(([name]) => name !== "type")?.[1];
  if (value === null || value === undefined || value.length === 0) return ", empty";
  return typeof value === "object" ? (value.text ? `, ${WORDS(value.text)}` : "") : `, ${value}`;
}
