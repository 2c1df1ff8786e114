/** Buttons and overflow menus. */

import { press } from "../actions.js";
import { confirmed } from "../confirm.js";
import { h } from "../dom.js";
import { popup } from "../popup.js";
import { textNodes } from "../text/mrkdwn.js";
import { keyOf } from "./common.js";

/** A button; one with an address opens it too, as Slack does. */
export function button(element, block, target) {
  const node = h("button", {
    type: "button",
    class: `btn ${element.style ?? ""}`,
    "data-key": keyOf(block, element, element.value ?? ""),
    "aria-label": element.accessibility_label,
  }, textNodes(element.text));
  node.addEventListener("click", async () => {
    if (node.getAttribute("aria-busy") || !(await confirmed(element.confirm))) return;
    if (/^https?:/i.test(element.url ?? "")) window.open(element.url, "_blank", "noopener");
    node.setAttribute("aria-busy", "true");
    await press(target, block, element, element.value);
    node.removeAttribute("aria-busy");
  });
  return node;
}

/** The ⋯ menu. */
export function overflow(element, block, target) {
  const opener = h("button", {
    type: "button",
    class: "btn icon",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "aria-label": "More actions",
    "data-key": keyOf(block, element),
  }, "⋯");
  const items = element.options.map((option) =>
    h("button", { type: "button", role: "menuitem", tabindex: "-1", on: { click: () => pick(option) } },
      textNodes(option.text),
      option.description && h("small", null, textNodes(option.description))));
  const list = popup(opener, h("div", { role: "menu", class: "menu" }, items));
  const pick = async (option) => {
    list.hide();
    opener.focus();
    if (!(await confirmed(element.confirm))) return;
    if (/^https?:/i.test(option.url ?? "")) window.open(option.url, "_blank", "noopener");
    await press(target, block, element, option.value);
  };
  opener.addEventListener("click", () => (list.shown() ? list.hide() : open()));
  const open = () => {
    list.show();
    items[0].focus();
  };
  list.node.addEventListener("keydown", (event) => walk(event, items, () => {
    list.hide();
    opener.focus();
  }));
  return h("span", { class: "overflow" }, opener, list.node);
}

function walk(event, items, leave) {
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key in steps) items[(steps[event.key] + items.length) % items.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") leave();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
