/** Interactive elements: each draws itself and tells the app what people do with it. */

import { h } from "../dom.js";
import { button, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { fileInput } from "./files.js";
import { datePicker, dateTimePicker, timePicker } from "./pickers.js";
import { menu } from "./menus.js";
import { textInput } from "./texts.js";

/**
 * What an element needs to know of its surroundings.
 * @typedef {{id?: string, labelledBy?: string | null, describedBy?: string,
 *   invalid?: boolean, required?: boolean}} Labels
 */

const DRAW = {
  button,
  overflow,
  radio_buttons: radioButtons,
  checkboxes,
  datepicker: datePicker,
  timepicker: timePicker,
  datetimepicker: dateTimePicker,
  plain_text_input: textInput,
  number_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  rich_text_input: textInput,
  file_input: fileInput,
};
for (const kind of ["static", "external", "users", "channels", "conversations"]) {
  DRAW[`${kind}_select`] = menu;
  DRAW[`multi_${kind}_select`] = menu;
}

/**
 * One element.
 * @param {import("../types.js").Element} found
 * @param {import("../types.js").Block} block
 * @param {import("../types.js").Target} target
 * @param {Labels} labels
 */
export function element(found, block, target, labels) {
  const draw = DRAW[found.type];
  if (!draw) return h("span", { class: "unknown", role: "note" }, `Element “${found.type}”`);
  return draw(found, block, target, labels);
}
