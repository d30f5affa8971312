/**
 * Who one is: the button that says it, and the menu in which one becomes somebody else.
 */

import { face } from "../core/faces.js";
import { h, icon, refill } from "../core/dom.js";
import { openPopover } from "../core/popover.js";
import { everywhere, unreadIn } from "./places.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").Person} Person */

/** @param {Store} store @param {HTMLElement} host @param {() => void} help */
export function mountSwitcher(store, host, help) {
  const button = h("button", {
    type: "button",
    class: "me-button",
    aria: { haspopup: "menu", expanded: "false" },
    onclick: () => open(),
  });
  const keys = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      title: "Keyboard shortcuts",
      aria: { label: "Keyboard shortcuts" },
      onclick: help,
    },
    "?",
  );
  refill(host, button, keys);
  const open = () => openSwitcher(store, button);
  const draw = () => {
    const me = store.me;
    if (me === undefined) return;
    button.setAttribute("aria-label", `You are ${me.display_name}. Switch person`);
    refill(
      button,
      face(me.id, me.display_name),
      h("span", { class: "me-words" }, h("strong", null, me.display_name), h("span", null, me.note ?? me.username)),
      icon("chevron"),
    );
  };
  store.on("world me", draw);
}

/** @param {Store} store @param {HTMLElement} button */
function openSwitcher(store, button) {
  if (button.getAttribute("aria-expanded") === "true") return;
  const items = store.world.people.map((person) => item(store, person, () => popover.close()));
  const menu = h(
    "div",
    {
      class: "menu people-menu",
      role: "menu",
      aria: { label: "Switch person" },
      onkeydown: (/** @type {KeyboardEvent} */ event) => walk(event, items),
    },
    items,
  );
  button.setAttribute("aria-expanded", "true");
  const popover = openPopover(button, menu, {
    side: "above",
    onclose: () => button.setAttribute("aria-expanded", "false"),
  });
  (items.find((one) => one.getAttribute("aria-checked") === "true") ?? items[0])?.focus();
}

/** @param {Store} store @param {Person} person @param {() => void} close */
function item(store, person, close) {
  const isMe = person.id === store.meId;
  const channels = isMe
    ? []
    : [...everywhere(store), ...store.world.conversations, store.world.dms[person.id]].filter(
        (one, at, all) => one && all.indexOf(one) === at && store.can("view", one.id, person.id),
      );
  const { pings } = unreadIn(store, channels, person.id);
  const become = () => {
    close();
    store.be(person.id);
  };
  return h(
    "button",
    {
      type: "button",
      class: "menu-item",
      role: "menuitemradio",
      tabindex: -1,
      aria: { checked: isMe },
      onclick: become,
    },
    face(person.id, person.display_name),
    h(
      "span",
      { class: "me-words" },
      h("strong", null, person.display_name),
      h("span", null, person.note ?? person.username),
    ),
    pings > 0 &&
      h("span", { class: "badge" }, pings, h("span", { class: "sr-only" }, pings === 1 ? " mention" : " mentions")),
    isMe && icon("check"),
  );
}

/** Go through a menu with the arrows. @param {KeyboardEvent} event @param {HTMLElement[]} items */
function walk(event, items) {
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: items.length - 1,
    Tab: at + (event.shiftKey ? -1 : 1),
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
}
