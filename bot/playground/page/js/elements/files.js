/** The field for files. */

import { choose } from "../actions.js";
import { upload } from "../api.js";
import { h } from "../dom.js";
import { emit } from "../state.js";
import { keyOf, labelling, valueOf } from "./common.js";

/** Files from this machine, kept by the local Slack. */
export function fileInput(element, block, target, labels) {
  const endings = element.filetypes?.map((ending) => `.${ending}`).join(",");
  const shown = h("ul", { class: "files" });
  const draw = () => shown.replaceChildren(...files().map((file) => h("li", null, file.name)));
  const files = () => valueOf(target, block, element, "files") ?? [];
  const node = h("input", {
    ...labelling(labels, element),
    type: "file",
    class: "field",
    multiple: (element.max_files ?? 10) > 1,
    accept: endings,
    "data-key": keyOf(block, element),
  });
  node.addEventListener("change", async () => {
    try {
      const found = await Promise.all([...node.files].map(upload));
      await choose(target, block, element, "files", found);
    } catch (error) {
      emit("notice", error.message);
    }
    draw();
  });
  draw();
  return h("div", null, node, shown);
}
