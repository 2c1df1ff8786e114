/** What all elements share. */

/** A name for an element that survives a redraw, so that the focus can return to it. */
export function keyOf(block, element, value = "") {
  return `${block.block_id}/${element.action_id}/${value}`;
}

/** What was entered or chosen, else what stands there at first. */
export function valueOf(target, block, element, field) {
  return target.values[block.block_id]?.[element.action_id]?.[field] ?? null;
}

const FALLBACKS = {
  datepicker: "Date",
  timepicker: "Time",
  datetimepicker: "Date and time",
};

/** What a control is called that has no label of its own. */
function ownName(element, labels) {
  const given = element.placeholder?.text ?? element.accessibility_label;
  return given ?? (labels.labelledBy ? null : (FALLBACKS[element.type] ?? element.action_id));
}

/** Attributes that say what a control is called and whether it is wrong. */
export function labelling(labels, element) {
  const hasLabel = Boolean(labels.id);
  const name = hasLabel ? null : ownName(element, labels);
  return {
    id: labels.id,
    "aria-labelledby": hasLabel || name ? null : labels.labelledBy,
    "aria-label": name,
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
