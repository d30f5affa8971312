/**
 * Draws a menu and moves in it: arrows, Home and End, the first letters of an entry, Escape. What its entries do is the
 * caller's.
 */

import { h, icon, refill } from "../core/dom.js";
import { openPopover } from "../core/popover.js";

/** @typedef {{label: string, onpick: () => void, icon?: string, detail?: string, isDanger?: boolean}} MenuItem */
/** @typedef {{title?: string, items: MenuItem[], note?: string}} MenuGroup */

const TYPEAHEAD_MS = 700;

/**
 * Open a menu.
 *
 * @param {Element|{x: number, y: number}} anchor
 * @param {string} label
 * @param {MenuGroup[]} groups
 * @param {{side?: "below"|"above"}} [options]
 * @returns {{show: (groups: MenuGroup[]) => void, close: () => void}} `show` puts other entries in
 */
export function openMenu(anchor, label, groups, { side = "below" } = {}) {
  const menu = h("div", { role: "menu", class: "menu", tabindex: -1, aria: { label } });
  const popover = openPopover(anchor, menu, { side, class: "menu-popover" });
  const find = typeahead();
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Tab") popover.close();
    else if (move(menu, event) || find(menu, event.key)) event.preventDefault();
  });
  const show = (/** @type {MenuGroup[]} */ shown) => {
    const at = itemsOf(menu).indexOf(/** @type {HTMLElement} */ (document.activeElement));
    refill(
      menu,
      shown.map((group) => groupNode(group, popover.close)),
    );
    popover.place();
    (itemsOf(menu)[Math.max(at, 0)] ?? menu).focus({ preventScroll: true });
  };
  show(groups);
  return { show, close: popover.close };
}

/** @param {MenuGroup} group @param {() => void} close */
function groupNode({ title, items, note }, close) {
  return h(
    "div",
    { role: "group", class: "menu-group", aria: { label: title ?? null } },
    title && h("div", { class: "menu-title", aria: { hidden: "true" } }, title),
    items.map((item) => itemNode(item, close)),
    note && h("div", { class: "menu-note", role: "menuitem", aria: { disabled: "true" }, tabindex: -1 }, note),
  );
}

/** @param {MenuItem} item @param {() => void} close */
function itemNode(item, close) {
  const onclick = () => {
    close();
    item.onpick();
  };
  return h(
    "button",
    {
      type: "button",
      role: "menuitem",
      tabindex: -1,
      class: item.isDanger ? "menu-item is-danger" : "menu-item",
      onclick,
    },
    h("span", { class: "menu-label" }, item.label, item.detail && h("span", { class: "menu-detail" }, item.detail)),
    item.icon && icon(item.icon),
  );
}

/** @param {HTMLElement} menu @returns {HTMLElement[]} */
function itemsOf(menu) {
  return [...menu.querySelectorAll("[role=menuitem]")].map((node) => /** @type {HTMLElement} */ (node));
}

/** @param {HTMLElement} menu @param {KeyboardEvent} event @returns {boolean} whether the key was for moving */
function move(menu, event) {
  const items = itemsOf(menu);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  /** @type {Record<string, number>} */
  const targets = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (Math.max(at, 0) - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const target = items[targets[event.key]];
  target?.focus();
  return target !== undefined;
}

function typeahead() {
  let typed = "";
  let timer = 0;
  return (/** @type {HTMLElement} */ menu, /** @type {string} */ key) => {
    if (key.length !== 1 || (key === " " && typed === "")) return false;
    clearTimeout(timer);
    timer = setTimeout(() => {
      typed = "";
    }, TYPEAHEAD_MS);
    typed += key.toLowerCase();
    const items = itemsOf(menu);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const start = typed.length > 1 ? at : at + 1;
    const ring = items.map((_, index) => items[(start + index + items.length) % items.length]);
    const found = ring.find((item) => item.textContent?.toLowerCase().startsWith(typed));
    found?.focus();
    return found !== undefined;
  };
}
