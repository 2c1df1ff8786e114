/** Something that opens next to its anchor, above everything else. */

/**
 * @param {HTMLElement} anchor
 * @param {HTMLElement} node what opens
 */
export function popup(anchor, node) {
  node.setAttribute("popover", "manual");
  node.classList.add("popup");
  const shown = () => node.matches(":popover-open");
  const outside = (event) => {
    if (!node.contains(event.target) && !anchor.contains(event.target)) hide();
  };
  const follow = () => (anchor.isConnected ? place(anchor, node) : hide());
  const watch = (change) => {
    document[change]("pointerdown", outside, true);
    window[change]("resize", follow);
    document[change]("scroll", follow, true);
  };
  function show() {
    if (shown()) return;
    node.showPopover();
    anchor.setAttribute("aria-expanded", "true");
    place(anchor, node);
    watch("addEventListener");
  }
  function hide() {
    if (shown()) node.hidePopover();
    anchor.setAttribute("aria-expanded", "false");
    watch("removeEventListener");
  }
  return { node, show, hide, shown };
}

/** Below the anchor, or above it where there is more room. */
function place(anchor, node) {
  const at = anchor.getBoundingClientRect();
  const below = window.innerHeight - at.bottom - 8;
  const above = at.top - 8;
  const upwards = below < Math.min(node.scrollHeight, 220) && above > below;
  const { style } = node;
  style.setProperty("max-height", `${Math.min(320, upwards ? above : below)}px`);
  style.setProperty("min-width", `${at.width}px`);
  style.setProperty("left", `${Math.max(4, Math.min(at.left, window.innerWidth - node.offsetWidth - 4))}px`);
  style.setProperty("top", upwards ? "auto" : `${at.bottom + 4}px`);
  style.setProperty("bottom", upwards ? `${window.innerHeight - at.top + 4}px` : "auto");
}
