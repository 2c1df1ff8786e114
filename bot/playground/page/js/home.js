/** The Home tab of an app. */

import { blocks } from "./blocks/index.js";
import { h, keepFocus } from "./dom.js";
import { appOf, on, state } from "./state.js";
import { viewTarget } from "./targets.js";

const body = h("div", { class: "home-body" });

/** The tab's node. */
export const homeTab = h("div", { class: "home scroller", tabindex: "0", role: "region", "aria-label": "Home" }, body);

/** Show the Home view of the app whose conversation is open. */
export function draw() {
  const app = appOf(state.place.in);
  const view = app && state.homes[app.app_id];
  const nothing = h("p", { class: "none" }, "This app has not shown anything here yet.");
  keepFocus(homeTab, () => body.replaceChildren(...(view ? blocks(viewTarget(view)) : [nothing])));
}

on("home", draw);
on("redraw", draw);
