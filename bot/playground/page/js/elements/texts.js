/** Fields for text, numbers, addresses. */

import { choose, type } from "../actions.js";
import { h } from "../dom.js";
import { richWords } from "../text/richtext.js";
import { keyOf, labelling, valueOf } from "./common.js";

const MODES = { number_input: "decimal", email_text_input: "email", url_text_input: "url" };

/** Any field one types into. */
export function textInput(element, block, target, labels) {
  const isRich = element.type === "rich_text_input";
  const isLong = element.multiline || isRich;
  const node = h(isLong ? "textarea" : "input", {
    ...labelling(labels, element),
    type: isLong ? null : "text",
    rows: isLong ? 4 : null,
    class: "field",
    inputmode: MODES[element.type],
    maxlength: element.max_length,
    placeholder: element.placeholder?.text,
    autocomplete: "off",
    value: isRich ? richValue(target, block, element) : (valueOf(target, block, element, "value") ?? ""),
    "data-key": keyOf(block, element),
  });
  node.addEventListener("input", () => entered(element, block, target, node.value));
  node.addEventListener("keydown", (event) => submitted(event, element, block, target, node));
  return node;
}

function richValue(target, block, element) {
  const rich = valueOf(target, block, element, "rich_text_value");
  return typeof rich === "string" ? rich : rich ? richWords(rich.elements) : "";
}

const field = (element) => (element.type === "rich_text_input" ? "rich_text_value" : "value");

function triggers(element) {
  return element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
}

function entered(element, block, target, words) {
  const value = words === "" ? null : words;
  const tells = block.dispatch_action && triggers(element).includes("on_character_entered");
  if (tells) choose(target, block, element, field(element), value);
  else type(target, block, element, field(element), value);
}

/** Enter tells the app where the element asks for that. */
function submitted(event, element, block, target, node) {
  if (event.key !== "Enter" || event.shiftKey || !block.dispatch_action) return;
  if (!triggers(element).includes("on_enter_pressed")) return;
  event.preventDefault();
  choose(target, block, element, field(element), node.value || null);
}
