/** Pictures, videos and files. Nothing is fetched from elsewhere: what is not here is a labelled box. */

import { h } from "../dom.js";
import { state } from "../state.js";
import { link, textNodes } from "../text/mrkdwn.js";

/** Where a picture can be had from this machine, or null. */
function localAddress(part) {
  const file = part.slack_file;
  if (file?.id) return `/_page/${state.team.id}/files/${file.id}`;
  const address = part.image_url ?? file?.url ?? "";
  if (address.startsWith("data:image/")) return address;
  try {
    const found = new URL(address);
    return found.origin === location.origin ? found.pathname : null;
  } catch {
    return null;
  }
}

/** A picture, or a box with its alternative text. */
export function picture(part) {
  const address = localAddress(part);
  if (!address) return missing(part.alt_text);
  const shown = h("img", { src: address, alt: part.alt_text, loading: "lazy" });
  shown.addEventListener("error", () => shown.replaceWith(missing(part.alt_text)));
  return shown;
}

const missing = (alt) => h("span", { class: "unknown", role: "img", "aria-label": alt }, `Picture: ${alt}`);

/** An image block. */
export function image(block) {
  const title = block.title && h("figcaption", null, textNodes(block.title));
  return h("figure", { class: "block image" }, title, picture(block));
}

/** A video: its words and a link; this page plays none. */
export function video(block) {
  const title = link(block.title_url ?? block.video_url, textNodes(block.title));
  const about = block.description && h("div", null, textNodes(block.description));
  return h("div", { class: "unknown", role: "note" }, "Video: ", title, about, h("div", null, block.alt_text));
}

/** A file that was shared in a conversation, to be kept. */
export function sharedFile({ id, name }) {
  return h("a", { href: `/_page/${state.team.id}/files/${id}`, download: name }, name);
}

/** A remote file. */
export function file(block) {
  return h("div", { class: "unknown", role: "note" }, `File: ${block.external_id} (${block.source})`);
}
