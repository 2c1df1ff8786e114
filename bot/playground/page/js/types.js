/**
 * The shapes that travel between server and page. Blocks, elements and texts are Slack's own
 * (https://docs.slack.dev/reference/block-kit).
 *
 * @typedef {{type: string, text: string, emoji?: boolean, verbatim?: boolean}} TextObject
 * @typedef {{type: string, block_id: string, [field: string]: any}} Block
 * @typedef {{type: string, action_id: string, [field: string]: any}} Element
 * @typedef {{text: TextObject, value: string, description?: TextObject, url?: string}} Option
 * @typedef {{type: string, [field: string]: any}} InputState the state of one element
 * @typedef {Record<string, Record<string, InputState>>} Values by block_id and action_id
 *
 * @typedef {object} Message
 * @property {string} ts
 * @property {string} channel
 * @property {string} user
 * @property {string | null} app_id
 * @property {string} text
 * @property {Block[]} blocks
 * @property {string[]} attachments
 * @property {{id: string, name: string}[]} files
 * @property {string | null} thread_ts
 * @property {number} replies
 * @property {boolean} ephemeral
 * @property {Values} values
 *
 * @typedef {object} View
 * @property {string} id
 * @property {"modal" | "home"} type
 * @property {Block[]} blocks
 * @property {string} hash
 * @property {TextObject | null} title
 * @property {TextObject | null} submit
 * @property {TextObject | null} close
 * @property {{values: Values}} state
 * @property {Record<string, string>} errors by block_id
 *
 * @typedef {{id: string, name: string, real_name: string, title: string, tz: string,
 *   locale: string, is_bot: boolean, deleted: boolean, app_id: string | null}} Person
 * @typedef {{id: string, name: string, kind: "public" | "private" | "im" | "mpim",
 *   topic: string, is_archived: boolean, is_member: boolean, members: string[],
 *   app_id: string | null, unread: number}} Channel
 * @typedef {{command: string, description?: string, usage_hint?: string}} Command
 * @typedef {{app_id: string, name: string, bot_user_id: string, channel: string,
 *   home_tab: boolean, messages_tab: boolean, uninstalled: boolean, commands: Command[]}} App
 *
 * What a block belongs to: where actions go, what was entered, what is wrong.
 * @typedef {object} Target
 * @property {string} key
 * @property {"message" | "modal" | "home"} surface
 * @property {Record<string, string>} where `channel` and `ts`, or `view`
 * @property {Block[]} blocks
 * @property {Values} values
 * @property {Record<string, string>} errors
 */

export {};
