/** A dialog over the messenger: it holds the focus and gives it back. */

import { firstFocusable, freshId, h, keepTabInside } from "./dom.js";

/**
 * @param {object} options
 * @param {Array<Node | string>} options.title
 * @param {Node[]} options.body
 * @param {Node[]} options.foot
 * @param {"dialog" | "alertdialog"} [options.kind]
 * @param {() => void} options.onEscape
 * @param {HTMLElement} [options.focus] what takes the focus first
 * @param {Node} [options.corner] stands next to the title
 */
export function showDialog({ title, body, foot, kind = "dialog", onEscape, focus, corner }) {
  const layer = document.getElementById("layers");
  const opener = document.activeElement;
  const key = opener?.getAttribute("data-key");
  const names = { title: freshId("title"), body: freshId("body") };
  const heading = h("h2", { id: names.title }, title);
  const panel = h("div", {
    class: `dialog ${kind}`,
    role: kind,
    "aria-modal": "true",
    "aria-labelledby": names.title,
    "aria-describedby": kind === "alertdialog" ? names.body : null,
    tabindex: "-1",
    "data-rest": "",
  }, h("div", { class: "dialog-head" }, heading, corner), h("div", { class: "dialog-body", id: names.body }, body), foot.length > 0 && h("div", { class: "dialog-foot" }, foot));
  const cover = h("div", { class: "cover" }, panel);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Tab") keepTabInside(panel, event);
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onEscape();
  });
  layer.append(cover);
  hold();
  (focus ?? firstFocusable(panel.querySelector(".dialog-body")) ?? firstFocusable(panel) ?? panel).focus();
  const close = () => {
    cover.remove();
    hold();
    giveBack(opener, key);
  };
  return { panel, close };
}

/** Only the top dialog can be reached; without one the messenger can. */
function hold() {
  const covers = [...document.querySelectorAll("#layers > .cover")];
  for (const cover of covers) cover.inert = cover !== covers.at(-1);
  for (const part of document.querySelectorAll("[data-under]")) part.inert = covers.length > 0;
}

function giveBack(opener, key) {
  const again = opener?.isConnected ? opener : key && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const rest = document.querySelector("#layers > .cover:last-child .dialog") ?? document.getElementById("composer-field") ?? document.getElementById("main");
  (again && again !== document.body ? again : rest)?.focus({ preventScroll: true });
}
