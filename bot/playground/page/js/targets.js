/** Makes targets: what blocks belong to. */

/** @typedef {import("./types.js").Target} Target */

/** @param {import("./types.js").Message} message @returns {Target} */
export function messageTarget(message) {
  return {
    key: `${message.channel}/${message.ts}`,
    surface: "message",
    where: { channel: message.channel, ts: message.ts },
    text: message.text,
    blocks: message.blocks,
    values: message.values,
    errors: {},
  };
}

/** @param {import("./types.js").View} view @returns {Target} */
export function viewTarget(view) {
  return {
    key: view.id,
    surface: view.type,
    where: { view: view.id },
    text: "",
    blocks: view.blocks,
    values: view.state.values,
    errors: view.errors,
  };
}
