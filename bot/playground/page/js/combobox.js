/** A menu one can type into, as ARIA describes it: one choice or many. */

import { freshId, h, hidden } from "./dom.js";
import { popup } from "./popup.js";

const PAUSE = 150;
const MOST_SHOWN = 100;

/**
 * @typedef {{id: string, text: string, note: string, value: any, group?: string}} Item
 * @param {object} options
 * @param {Record<string, any>} options.attributes for the field
 * @param {string} options.placeholder
 * @param {boolean} options.multiple
 * @param {number} options.most how many may be chosen
 * @param {boolean} options.clearable whether one choice may be taken back
 * @param {number} options.least characters to type before asking
 * @param {Item[]} options.chosen
 * @param {(query: string) => Promise<Item[]>} options.items
 * @param {() => Promise<boolean>} options.accept asked before a choice counts
 * @param {(chosen: Item[]) => void} options.onChange
 */
export function combobox(options) {
  const listId = freshId("list");
  const field = h("input", {
    ...options.attributes,
    type: "text",
    role: "combobox",
    class: "field combo-field",
    placeholder: options.placeholder,
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
  });
  const list = popup(field, h("ul", { role: "listbox", id: listId, class: "menu", "aria-multiselectable": options.multiple ? "true" : null }));
  const chips = h("ul", { class: "chips" });
  const box = h("div", { class: options.multiple ? "combo many" : "combo" }, options.multiple && chips, field, list.node);
  const combo = new Combo(options, { field, list, chips, box });
  combo.drawChosen();
  combo.listen();
  return box;
}

class Combo {
  constructor(options, parts) {
    Object.assign(this, parts);
    this.options = options;
    this.chosen = [...options.chosen];
    this.found = [];
    this.active = -1;
    this.asked = 0;
  }

  listen() {
    const { field, list } = this;
    field.addEventListener("click", () => this.open());
    field.addEventListener("focus", () => field.select());
    field.addEventListener("input", () => this.typed());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.pressed(event));
    list.node.addEventListener("pointerdown", (event) => event.preventDefault());
    list.node.addEventListener("click", (event) => {
      const index = event.target.closest("[role=option]")?.dataset.index;
      if (index !== undefined) this.pick(Number(index));
    });
  }

  open() {
    if (this.list.shown()) return;
    this.search("");
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(this.field.value), PAUSE);
  }

  async search(query) {
    const asked = (this.asked += 1);
    const short = query.length < this.options.least;
    this.list.show();
    if (short) return this.draw([], `Type ${this.options.least} or more characters`);
    if (this.options.least) this.draw([], "Searching…");
    const found = await this.options.items(query).catch(() => null);
    if (asked !== this.asked || !this.list.shown()) return;
    const none = found === null ? "The app gave no answer" : "Nothing found";
    this.draw((found ?? []).slice(0, MOST_SHOWN), none);
  }

  draw(found, none) {
    this.found = found;
    const rows = [];
    found.forEach((item, index) => {
      if (item.group && item.group !== found[index - 1]?.group) {
        rows.push(h("li", { role: "presentation", class: "group" }, item.group));
      }
      rows.push(this.row(item, index));
    });
    if (!found.length) rows.push(h("li", { role: "presentation", class: "none" }, none));
    this.list.node.replaceChildren(...rows);
    const now = this.options.multiple ? -1 : found.findIndex((item) => item.id === this.chosen[0]?.id);
    this.activate(now >= 0 ? now : found.length ? 0 : -1);
  }

  row(item, index) {
    const isChosen = this.chosen.some((one) => one.id === item.id);
    const note = item.note && h("small", null, item.note);
    return h("li", {
      role: "option",
      id: `${this.list.node.id}-${index}`,
      "data-index": index,
      "aria-selected": isChosen ? "true" : "false",
    }, h("span", { class: "tick", "aria-hidden": "true" }, isChosen ? "✓" : ""), h("span", null, item.text, note));
  }

  activate(index) {
    this.active = index;
    for (const row of this.list.node.querySelectorAll(".active")) row.classList.remove("active");
    const row = this.list.node.querySelector(`[data-index="${index}"]`);
    row?.classList.add("active");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    const { key } = event;
    const isOpen = this.list.shown();
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (!isOpen) this.open();
      else this.activate((this.active + (key === "ArrowDown" ? 1 : -1) + this.found.length) % this.found.length);
    } else if (key === "Enter") {
      if (isOpen && this.active >= 0) this.pick(this.active);
      else this.open();
    } else if (key === "Escape" && isOpen) {
      this.close();
    } else if (key === "Backspace" && this.options.multiple && !this.field.value && this.chosen.length) {
      this.change(this.chosen.slice(0, -1));
      return;
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  async pick(index) {
    const item = this.found[index];
    if (!this.options.multiple) {
      this.close();
      return this.change([item]);
    }
    const others = this.chosen.filter((one) => one.id !== item.id);
    const isNew = others.length === this.chosen.length;
    if (isNew && others.length >= this.options.most) return undefined;
    await this.change(isNew ? [...others, item] : others);
    if (this.field.value) this.field.value = "";
    return this.list.shown() ? this.search("") : undefined;
  }

  async change(chosen) {
    if (await this.options.accept()) {
      this.chosen = chosen;
      this.options.onChange(chosen);
    }
    this.drawChosen();
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hide();
    this.drawChosen();
  }

  drawChosen() {
    const { multiple, clearable } = this.options;
    this.field.value = multiple ? "" : (this.chosen[0]?.text ?? "");
    if (multiple) this.chips.replaceChildren(...this.chosen.map((item) => this.chip(item)));
    this.box.querySelector(".clear")?.remove();
    if (!multiple && clearable && this.chosen.length) this.box.append(this.clearer());
  }

  chip(item) {
    const take = () => this.change(this.chosen.filter((one) => one !== item));
    const button = h("button", { type: "button", on: { click: take } }, "×", hidden(` Remove ${item.text}`));
    return h("li", null, item.text, button);
  }

  clearer() {
    return h("button", { type: "button", class: "clear", on: { click: () => this.change([]) } }, "×", hidden(" Clear"));
  }
}
