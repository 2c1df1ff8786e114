/** Modals: the top one of the stack, its errors, its buttons. */

import { settled } from "./actions.js";
import { act } from "./api.js";
import { blocks } from "./blocks/index.js";
import { showDialog } from "./dialog.js";
import { fragment, h, hidden, keepFocus } from "./dom.js";
import { emit, on, state } from "./state.js";
import { viewTarget } from "./targets.js";
import { textNodes } from "./text/mrkdwn.js";

/** @type {{id: string, hash: string, target: import("./types.js").Target, dialog: any, form: HTMLElement} | null} */
let open = null;

/** Show the stack as it is now. */
function draw() {
  const view = state.stack.at(-1);
  if (!view) return drop();
  if (open?.id !== view.id) {
    drop();
    return raise(view);
  }
  if (open.hash !== view.hash) refill(view);
  else showErrors(view.errors);
  return undefined;
}

function drop() {
  open?.dialog.close();
  open = null;
}

function raise(view) {
  const form = h("form", { class: "view", novalidate: true });
  form.id = `form-${view.id}`;
  const dialog = showDialog({
    title: textNodes(view.title),
    body: [form],
    foot: [],
    corner: h("button", { type: "button", class: "btn icon", "data-key": "close", on: { click: () => leave() } }, "×", hidden(" Close")),
    onEscape: leave,
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  open = { id: view.id, hash: "", target: viewTarget(view), dialog, form };
  refill(view);
  showErrors(view.errors);
  focusFirst(view, form, dialog.panel);
}

function focusFirst(view, form, panel) {
  const wanted = view.blocks.flatMap((block) => [block.element, block.accessory, ...(block.elements ?? [])].map((element) => [block, element]))
    .find(([, element]) => element?.focus_on_load);
  const key = wanted && `${wanted[0].block_id}/${wanted[1].action_id}/`;
  const first = key
    ? form.querySelector(`[data-key^="${CSS.escape(key)}"]`)
    : (form.querySelector("input, textarea, button") ?? panel.querySelector(".dialog-foot button:last-child"));
  (first ?? panel).focus();
}

/** Draw a view's newest blocks; what is typed and not sent yet has been kept in the state. */
function refill(view) {
  const { panel } = open.dialog;
  open.hash = view.hash;
  open.target = viewTarget(view);
  panel.querySelector("h2").replaceChildren(...textNodes(view.title));
  const stillThere = () => {
    open.form.replaceChildren(...blocks(open.target));
    panel.querySelector(".dialog-foot")?.remove();
    const foot = buttons(view);
    if (foot) panel.append(foot);
  };
  keepFocus(panel, stillThere);
}

function buttons(view) {
  const close = h("button", { type: "button", class: "btn", "data-key": "cancel", on: { click: () => leave() } }, view.close ? textNodes(view.close) : "Close");
  const send = view.submit && h("button", { type: "submit", class: "btn primary submit", form: `form-${view.id}`, "data-key": "submit" }, textNodes(view.submit));
  return h("div", { class: "dialog-foot" }, close, send);
}

function showErrors(errors) {
  if (!open) return;
  open.target.errors = errors;
  let first = null;
  for (const told of open.form.querySelectorAll("[data-error]")) {
    const wrong = errors[told.dataset.error] ?? "";
    told.textContent = wrong;
    const block = told.closest(".input");
    block.classList.toggle("wrong", Boolean(wrong));
    for (const control of block.querySelectorAll("input, textarea")) {
      if (wrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
    if (wrong) first ??= block.querySelector("input, textarea, button");
  }
  if (!first) return;
  first.focus();
  const words = Object.values(errors).join(" ");
  emit("announce", fragment(words).textContent);
}

async function submit() {
  const { target, dialog } = open;
  const send = dialog.panel.querySelector(".submit");
  if (!send || send.getAttribute("aria-busy")) return;
  send.setAttribute("aria-busy", "true");
  await settled(target);
  try {
    showErrors({});
    await act("submit");
  } catch (error) {
    if (error.errors) showErrors(error.errors);
    else emit("notice", error.message);
  } finally {
    send.removeAttribute("aria-busy");
  }
}

async function leave() {
  await act("close").catch((error) => emit("notice", error.message));
}

on("stack", draw);
on("redraw", () => {
  if (open) refill(state.stack.at(-1));
});
