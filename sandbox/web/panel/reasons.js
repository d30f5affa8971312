/**
 * The little menu that asks with what reason a job is to fail. Knows the popover and the reasons, nothing of the store.
 */

import { h } from "../core/dom.js";
import { openPopover } from "../core/popover.js";
import { REASONS } from "./words.js";

/** @type {Record<string, (at: number, last: number) => number>} */
const MOVES = {
  ArrowDown: (at, last) => (at === last ? 0 : at + 1),
  ArrowUp: (at, last) => (at === 0 ? last : at - 1),
  Home: () => 0,
  End: (_at, last) => last,
};

/** @param {HTMLElement} opener @param {(reason: string) => void} onchoose */
export function openReasons(opener, onchoose) {
  const items = REASONS.map(({ title, text }) => {
    const choose = () => {
      popover.close();
      onchoose(text);
    };
    return h("button", { type: "button", class: "menu-item", role: "menuitem", tabindex: -1, onclick: choose }, title);
  });
  const menu = h("div", { class: "menu", role: "menu", aria: { label: "Why it fails" } }, items);
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Tab") popover.close();
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    items[move(items.indexOf(/** @type {HTMLElement} */ (document.activeElement)), items.length - 1)].focus();
  });
  opener.setAttribute("aria-expanded", "true");
  const popover = openPopover(opener, menu, { onclose: () => opener.removeAttribute("aria-expanded") });
  items[0].focus();
}
