/** The question before something takes effect. */

import { showDialog } from "./dialog.js";
import { h } from "./dom.js";
import { textNodes } from "./text/mrkdwn.js";

/**
 * Ask, when there is something to ask.
 * @param {{title: any, text: any, confirm: any, deny: any, style?: string} | undefined} question
 * @returns {Promise<boolean>}
 */
export function confirmed(question) {
  if (!question) return Promise.resolve(true);
  return new Promise((resolve) => {
    const answer = (yes) => {
      dialog.close();
      resolve(yes);
    };
    const style = question.style === "danger" ? "danger" : "primary";
    const no = h("button", { type: "button", class: "btn", on: { click: () => answer(false) } }, textNodes(question.deny));
    const yes = h("button", { type: "button", class: `btn ${style}`, on: { click: () => answer(true) } }, textNodes(question.confirm));
    const dialog = showDialog({
      title: textNodes(question.title),
      body: [h("div", { class: "text" }, textNodes(question.text))],
      foot: [no, yes],
      kind: "alertdialog",
      onEscape: () => answer(false),
      focus: yes,
    });
  });
}
