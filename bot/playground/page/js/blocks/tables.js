/** Tables, plainly. */

import { h } from "../dom.js";
import { richText } from "../text/richtext.js";

function cellNodes(cell) {
  return cell.type === "rich_text" ? richText(cell.elements) : String(cell.text ?? cell.value ?? "");
}

function rowsOf(rows, { align = [], heads = true, headColumn = null } = {}) {
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const isHead = (heads && index === 0) || column === headColumn;
      const scope = isHead ? (index === 0 ? "col" : "row") : null;
      return h(isHead ? "th" : "td", { scope, class: align[column] ?? null }, cellNodes(cell));
    });
    return h("tr", null, cells);
  });
}

function box(label, ...children) {
  return h("div", { class: "block table-box", role: "region", "aria-label": label, tabindex: "0" }, children);
}

/** A `table` block; its first row is its head. */
export function table(block) {
  const align = (block.column_settings ?? []).map((column) => column?.align);
  return box("Table", h("table", null, rowsOf(block.rows, { align })));
}

/** A `data_table` block with its caption. */
export function dataTable(block) {
  const numbers = block.rows[0].map((_, column) => (block.rows.slice(1).every((row) => row[column].type === "raw_number") ? "right" : null));
  const rows = rowsOf(block.rows, { align: numbers, headColumn: block.row_header_column_index ?? null });
  return box(block.caption, h("table", null, h("caption", null, block.caption), rows));
}
