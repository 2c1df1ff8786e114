/** Menus: static and external options, people, channels, conversations; one or many. */

import { choose, suggest } from "../actions.js";
import { confirmed } from "../confirm.js";
import { combobox } from "../combobox.js";
import { channelName, personName, state } from "../state.js";
import { keyOf, labelling, optionsOf, valueOf } from "./common.js";

const FIELDS = {
  static: ["selected_option", "selected_options"],
  external: ["selected_option", "selected_options"],
  users: ["selected_user", "selected_users"],
  channels: ["selected_channel", "selected_channels"],
  conversations: ["selected_conversation", "selected_conversations"],
};

/** Any of the ten menus. */
export function menu(element, block, target, labels) {
  const multiple = element.type.startsWith("multi_");
  const kind = element.type.replace("multi_", "").replace("_select", "");
  const field = FIELDS[kind][multiple ? 1 : 0];
  const known = valueOf(target, block, element, field);
  const box = combobox({
    attributes: { ...labelling(labels, element), "data-key": keyOf(block, element) },
    placeholder: element.placeholder?.text ?? (multiple ? "Choose" : "Choose an option"),
    multiple,
    most: element.max_selected_items ?? Infinity,
    clearable: Boolean(block.type === "input" && block.optional),
    least: kind === "external" ? (element.min_query_length ?? 3) : 0,
    chosen: (multiple ? (known ?? []) : known === null ? [] : [known]).map(itemOf),
    items: SOURCES[kind](element, block, target),
    accept: () => confirmed(element.confirm),
    onChange: (items) => {
      const values = items.map((item) => item.value);
      return choose(target, block, element, field, multiple ? values : (values[0] ?? null));
    },
  });
  return box;
}

/** Something to choose: an option object, or the id of a person or conversation. */
function itemOf(value) {
  if (typeof value === "object") {
    return { id: value.value, text: value.text.text, note: value.description?.text ?? "", value };
  }
  const isPerson = state.people.has(value);
  return { id: value, text: isPerson ? personName(value) : `#${channelName(value)}`, note: "", value };
}

const fits = (item, query) => `${item.text} ${item.note}`.toLowerCase().includes(query.toLowerCase());
const listed = (items) => async (query) => items().filter((item) => fits(item, query));

const SOURCES = {
  static: (element) =>
    listed(() => optionsOf(element).map(({ group, option }) => ({ ...itemOf(option), group }))),
  external: (element, block, target) => async (query) => {
    const options = await suggest(target, block, element, query);
    return options.map((option) => itemOf(option));
  },
  users: () =>
    listed(() => [...state.people.values()].filter(isReal).map((person) => ({
      ...itemOf(person.id),
      note: person.title || (person.real_name === person.name ? "" : person.real_name),
    }))),
  channels: () =>
    listed(() => [...state.channels.values()].filter((one) => one.kind === "public" && !one.is_archived).map((one) => itemOf(one.id))),
  conversations: (element) =>
    listed(() => [...state.channels.values()].filter((one) => wanted(element.filter, one)).map((one) => ({
      ...itemOf(one.id),
      text: one.kind === "im" || one.kind === "mpim" ? channelName(one.id) : `#${one.name}`,
    }))),
};

const isReal = (person) => !person.deleted && person.id !== "USLACKBOT";

function wanted(filter, channel) {
  if (channel.is_archived) return false;
  if (filter?.exclude_bot_users && channel.kind === "im" && channel.app_id) return false;
  return !filter?.include || filter.include.includes(channel.kind);
}
