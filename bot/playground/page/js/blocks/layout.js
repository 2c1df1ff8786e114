/** The blocks that most messages are made of. */

import { freshId, h } from "../dom.js";
import { element } from "../elements/index.js";
import { textNodes } from "../text/mrkdwn.js";
import { picture } from "./media.js";

/** A paragraph, fields in two columns, something at its side. */
export function section(block, target) {
  const words = freshId("words");
  const text = block.text && h("div", { class: "text", id: words }, textNodes(block.text));
  const fields = block.fields?.map((field) => h("div", { class: "text" }, textNodes(field)));
  const body = h("div", { class: "section-body" }, text, fields && h("div", { class: "fields" }, fields));
  return h("div", { class: "block section" }, body, accessory(block, target, block.text ? words : null));
}

function accessory(block, target, labelledBy) {
  if (!block.accessory) return null;
  if (block.accessory.type === "image") return h("div", { class: "accessory" }, picture(block.accessory));
  return h("div", { class: "accessory" }, element(block.accessory, block, target, { labelledBy }));
}

/** A heading. */
export function header(block) {
  return h("h3", { class: "block header" }, textNodes(block.text));
}

/** Small print. */
export function context(block) {
  const parts = block.elements.map((part) =>
    part.type === "image" ? picture(part) : h("span", { class: "text" }, textNodes(part)),
  );
  return h("div", { class: "block context" }, parts);
}

/** A row of buttons and menus. */
export function actions(block, target) {
  const parts = block.elements.map((part) => element(part, block, target, {}));
  return h("div", { class: "block actions" }, parts);
}

const GROUPS = ["radio_buttons", "checkboxes"];

/** A form field with its label, hint and what is wrong with it. */
export function input(block, target) {
  const ids = { control: freshId("field"), label: freshId("label"), hint: freshId("hint"), error: freshId("error") };
  const wrong = target.errors[block.block_id];
  const hint = block.hint && h("div", { class: "hint", id: ids.hint }, textNodes(block.hint));
  const optional = block.optional && h("span", { class: "optional" }, " (optional)");
  const told = h("div", { class: "error", id: ids.error, "data-error": block.block_id }, wrong ?? "");
  const described = [block.hint && ids.hint, ids.error].filter(Boolean).join(" ");
  const isGroup = GROUPS.includes(block.element.type);
  const label = h(isGroup ? "div" : "label", { class: "label", id: ids.label, for: isGroup ? null : ids.control },
    textNodes(block.label), optional);
  const control = element(block.element, block, target, {
    id: ids.control,
    labelledBy: ids.label,
    describedBy: described,
    invalid: Boolean(wrong),
    required: !block.optional,
  });
  return h("div", { class: wrong ? "block input wrong" : "block input" }, label, control, hint, told);
}
