/** What all elements share. */

/** A name for an element that survives a redraw, so that the focus can return to it. */
export function keyOf(block, element, value = "") {
  return `${block.block_id}/${element.action_id}/${value}`;
}

/** What was entered or chosen, else what stands there at first. */
export function valueOf(target, block, element, field) {
  return target.values[block.block_id]?.[element.action_id]?.[field] ?? null;
}

/** Attributes that say what a control is called and whether it is wrong. */
export function labelling(labels, element) {
  const named = labels.labelledBy && labels.id;
  const fallback = element.placeholder?.text ?? element.accessibility_label;
  return {
    id: labels.id,
    "aria-labelledby": named ? null : (fallback ? null : labels.labelledBy),
    "aria-label": named ? null : fallback,
    "aria-describedby": labels.describedBy,
    "aria-invalid": labels.invalid ? "true" : null,
    "aria-required": labels.required ? "true" : null,
  };
}

/** All options of an element with the label of their group. */
export function optionsOf(element) {
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return groups.flatMap((group) => group.options.map((option) => ({ group: group.label?.text ?? "", option })));
}
