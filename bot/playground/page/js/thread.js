/** The panel with a thread: its first message and the replies. */

import { messages } from "./api.js";
import { h, hidden } from "./dom.js";
import { arrange, fillMessage, messageNode } from "./message.js";
import { on, state } from "./state.js";

const list = h("ol", { class: "messages" });
const close = h("button", { type: "button", class: "btn icon", on: { click: () => show("") } }, "×", hidden(" Close thread"));

/** The panel's node. */
export const panel = h("aside", { class: "thread", "aria-label": "Thread", hidden: true },
  h("div", { class: "main-head" }, h("h2", null, "Thread"), close), h("div", { class: "scroller" }, list));

let root = "";

/** Open a thread by its first message's ts; empty closes the panel. */
export async function show(ts) {
  const opener = document.querySelector(`[data-key="thread/${root}"]`);
  root = ts;
  panel.hidden = !ts;
  if (!ts) return opener?.focus();
  await load();
  close.focus();
  return undefined;
}

async function load() {
  const found = await messages(state.place.in, { thread: root });
  list.replaceChildren(...found.messages.map((one) => messageNode(one, { inThread: true })));
  arrange(list);
}

panel.addEventListener("keydown", (event) => event.key === "Escape" && show(""));
on("thread", show);
on("moved", () => root && show(""));
on("redraw", () => root && load());
on("news", (all) => {
  for (const news of all) {
    if (!root || news.channel !== state.place.in) continue;
    const node = list.querySelector(`[data-ts="${news.ts}"]`);
    if (node && news.kind === "message") fillMessage(node, news.message, true);
    else if (node) node.remove();
    else if (news.message?.thread_ts === root) load();
  }
});
