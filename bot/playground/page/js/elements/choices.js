/** Radio buttons and checkboxes. */

import { choose } from "../actions.js";
import { confirmed } from "../confirm.js";
import { freshId, h } from "../dom.js";
import { textNodes } from "../text/mrkdwn.js";
import { keyOf, valueOf } from "./common.js";

/** One of several. */
export function radioButtons(element, block, target, labels) {
  const name = freshId("radio");
  const chosen = () => valueOf(target, block, element, "selected_option")?.value;
  const box = group("radiogroup", element, block, labels, "radio", name, (option) => option.value === chosen());
  box.addEventListener("change", async (event) => {
    const option = element.options[Number(event.target.value)];
    if (await confirmed(element.confirm)) await choose(target, block, element, "selected_option", option);
    else mark(box, (index) => element.options[index].value === chosen());
  });
  return box;
}

/** Any of several. */
export function checkboxes(element, block, target, labels) {
  const chosen = () => (valueOf(target, block, element, "selected_options") ?? []).map((option) => option.value);
  const box = group("group", element, block, labels, "checkbox", "", (option) => chosen().includes(option.value));
  box.addEventListener("change", async () => {
    const ticked = [...box.querySelectorAll("input:checked")].map((input) => element.options[Number(input.value)]);
    if (await confirmed(element.confirm)) await choose(target, block, element, "selected_options", ticked);
    else mark(box, (index) => chosen().includes(element.options[index].value));
  });
  return box;
}

function mark(box, isChosen) {
  for (const input of box.querySelectorAll("input")) input.checked = isChosen(Number(input.value));
}

function group(role, element, block, labels, type, name, isChosen) {
  const rows = element.options.map((option, index) => {
    const description = option.description && h("small", null, textNodes(option.description));
    const input = h("input", {
      type,
      name,
      value: String(index),
      checked: isChosen(option),
      "data-key": keyOf(block, element, option.value),
      "aria-invalid": labels.invalid ? "true" : null,
    });
    return h("label", { class: "choice" }, input, h("span", null, textNodes(option.text), description));
  });
  return h("div", {
    role,
    class: "choices",
    "aria-labelledby": labels.labelledBy,
    "aria-describedby": labels.describedBy,
    "aria-required": role === "radiogroup" && labels.required ? "true" : null,
  }, rows);
}
