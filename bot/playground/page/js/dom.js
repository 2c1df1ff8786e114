/** Small helpers that build DOM nodes. Text is always text here: nothing parses HTML. */

const SVG = "http://www.w3.org/2000/svg";
let numbers = 0;

/** A fresh id for labels and what they label. */
export function freshId(prefix = "id") {
  numbers += 1;
  return `${prefix}-${numbers}`;
}

/**
 * An element with properties and children; `on` holds listeners, absent values are left out.
 * @param {string} tag
 * @param {Record<string, any> | null} props
 * @param {...(Node | string | null | undefined | false | Array<any>)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = null, ...children) {
  const node = document.createElement(tag);
  fill(node, props, children);
  return node;
}

/** The same for SVG. */
export function svg(tag, props = null, ...children) {
  const node = document.createElementNS(SVG, tag);
  fill(node, props, children);
  return node;
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "value" || name === "checked" || name === "indeterminate") {
      node[name] = value;
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat(Infinity).filter((child) => child || child === 0));
}

/** Nodes without a parent of their own. */
export function fragment(...children) {
  const found = document.createDocumentFragment();
  found.append(...children.flat(Infinity).filter(Boolean));
  return found;
}

/** Text that only screen readers get. */
export function hidden(text) {
  return h("span", { class: "sr-only" }, text);
}

const FOCUSABLE = [
  "a[href]",
  "button:not([disabled])",
  "input:not([disabled])",
  "select:not([disabled])",
  "textarea:not([disabled])",
  "[tabindex='0']",
].join(",");

/** The first thing in a container that takes the focus. */
export function firstFocusable(container) {
  return container.querySelector(FOCUSABLE);
}

/** Let Tab go round inside a container. */
export function keepTabInside(container, event) {
  const all = [...container.querySelectorAll(FOCUSABLE)].filter((node) => node.checkVisibility());
  const [from, to] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
  if (document.activeElement !== from && document.activeElement !== container) return;
  event.preventDefault();
  to?.focus();
}

/**
 * Replace what a container shows and leave the focus, and the cursor, on the same control.
 * @param {HTMLElement} container
 * @param {() => void} render
 */
export function keepFocus(container, render) {
  const active = document.activeElement;
  const key = container.contains(active) ? active?.getAttribute("data-key") : null;
  const range = key && "selectionStart" in active ? cursor(active) : null;
  render();
  if (!key) return;
  const again = container.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!again || again.disabled) {
    container.closest("[data-rest]")?.focus({ preventScroll: true });
    return;
  }
  again.focus({ preventScroll: true });
  if (range && range[0] !== null) again.setSelectionRange(...range);
}

function cursor(field) {
  try {
    return [field.selectionStart, field.selectionEnd];
  } catch {
    return null;
  }
}
