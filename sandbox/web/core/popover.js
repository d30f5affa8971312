/**
 * One small window beside what opened it: menus, pickers, lists. Closes on Escape, on a click elsewhere, and when its
 * opener leaves the page. Decides where it stands; what is in it is the caller's.
 */

import { h } from "./dom.js";

const EDGE = 8;

/**
 * Open a popover.
 *
 * @param {Element|{x: number, y: number}} anchor  beside which element, or at which point of the window
 * @param {Node} content
 * @param {object} [options]
 * @param {"below"|"above"} [options.side]
 * @param {string} [options.class]
 * @param {boolean} [options.takesFocus]  give the focus back to where it was when it closes
 * @param {() => void} [options.onclose]
 * @returns {{node: HTMLElement, close: () => void, place: () => void}}
 */
export function openPopover(anchor, content, { side = "below", class: extra = "", takesFocus = true, onclose } = {}) {
  const before = /** @type {HTMLElement|null} */ (document.activeElement);
  const node = h("div", { class: `popover ${extra}` }, content);
  // Inside an open dialog everything else is inert, so the popover has to live in it too.
  const home = (anchor instanceof Element ? anchor.closest("dialog") : null) ?? document.body;
  home.append(node);

  const place = () => position(node, anchor, side);
  const close = () => {
    if (!node.isConnected) return;
    node.remove();
    gone.disconnect();
    removeEventListener("resize", place);
    document.removeEventListener("scroll", follow, true);
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    if (takesFocus && before?.isConnected) before.focus({ preventScroll: true });
    onclose?.();
  };
  /** @param {PointerEvent} event */
  const outside = (event) => {
    const target = /** @type {Node} */ (event.target);
    if (!node.contains(target) && !(anchor instanceof Element && anchor.contains(target))) close();
  };
  /** @param {KeyboardEvent} event */
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  // A message that is drawn anew may take its opener out and put it back at once: asked only when all of that is done.
  const gone = new MutationObserver(() => {
    if (anchor instanceof Element && !anchor.isConnected) close();
  });
  if (anchor instanceof Element) gone.observe(document.body, { childList: true, subtree: true });
  // What it stands beside moves when the list under it does, such as when a message comes.
  const follow = (/** @type {Event} */ event) => {
    if (anchor instanceof Element && !node.contains(/** @type {Node} */ (event.target))) place();
  };
  addEventListener("resize", place);
  document.addEventListener("scroll", follow, true);
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  place();
  return { node, close, place };
}

/**
 * Put a window where there is room for it.
 *
 * @param {HTMLElement} node
 * @param {Element|{x: number, y: number}} anchor
 * @param {"below"|"above"} side
 */
function position(node, anchor, side) {
  const box = anchor instanceof Element ? anchor.getBoundingClientRect() : new DOMRect(anchor.x, anchor.y, 0, 0);
  // Where it fits depends on how high it wants to be, not on how high it was allowed to be before it was filled.
  const { scrollTop } = node;
  node.style.maxHeight = "";
  const { offsetWidth: width, offsetHeight: height } = node;
  const roomBelow = innerHeight - box.bottom - EDGE;
  const roomAbove = box.top - EDGE;
  const isAbove =
    side === "above"
      ? roomAbove >= Math.min(height, 160) || roomAbove > roomBelow
      : roomBelow < height && roomAbove > roomBelow;
  node.style.maxHeight = `${Math.max(80, isAbove ? roomAbove : roomBelow)}px`;
  node.scrollTop = scrollTop;
  node.style.left = `${Math.max(EDGE, Math.min(box.left, innerWidth - width - EDGE))}px`;
  node.style.top = isAbove ? "" : `${box.bottom + 4}px`;
  node.style.bottom = isAbove ? `${innerHeight - box.top + 4}px` : "";
}
