/** Blocks, one below the other. What cannot be drawn is a labelled box, never nothing. */

import { h } from "../dom.js";
import { settings } from "../settings.js";
import { spoken } from "../spoken.js";
import { markdown } from "../text/markdown.js";
import { richText } from "../text/richtext.js";
import { dataVisualization } from "./charts.js";
import { actions, context, header, input, section } from "./layout.js";
import { file, image, video } from "./media.js";
import { dataTable, table } from "./tables.js";

/** @typedef {import("../types.js").Target} Target */

const DRAW = {
  section,
  header,
  context,
  actions,
  input,
  image,
  video,
  file,
  table,
  divider: () => h("hr", { class: "divider" }),
  rich_text: (block) => h("div", { class: "rich" }, richText(block.elements)),
  markdown: (block) => h("div", { class: "rich" }, markdown(block.text)),
  data_visualization: dataVisualization,
  data_table: dataTable,
};
const SWITCHABLE = ["data_visualization", "data_table"];

/**
 * Everything a message or view shows.
 * @param {Target} target
 */
export function blocks(target) {
  if (settings.textOnly) return spoken(target);
  return target.blocks.map((block) => {
    const node = one(block, target);
    node.dataset.block = block.block_id ?? "";
    return node;
  });
}

function one(block, target) {
  const draw = DRAW[block.type];
  if (!draw) return unknown(`Block “${block.type}”`);
  if (SWITCHABLE.includes(block.type) && settings.withoutCharts) {
    return unknown(`Block “${block.type}”, switched off`);
  }
  try {
    return draw(block, target);
  } catch (error) {
    return unknown(`Block “${block.type}” could not be drawn: ${error.message}`);
  }
}

/** The box for what this page does not know. */
export function unknown(label) {
  return h("div", { class: "unknown", role: "note" }, label);
}
