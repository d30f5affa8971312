/**
 * What the keyboard does everywhere on the page, and the window that says so.
 */

import { h, iconButton } from "../core/dom.js";
import { everywhere } from "./places.js";

/** @typedef {import("../core/store.js").Store} Store */

const KEYS = [
  ["/", "Choose a command"],
  ["Alt + ↑ / ↓", "Go to the channel above or below"],
  ["Alt + Shift + ↑ / ↓", "Go to the unread channel above or below"],
  ["↑ / ↓", "In the messages: go from one to the next"],
  ["Home / End", "In the messages: the first and the newest"],
  ["Shift + F10", "On a message: what can be done with it"],
  ["Esc", "Back to the newest messages"],
  ["Ctrl + B", "Open or close “Behind the scenes”"],
  ["?  or  Ctrl + /", "This list"],
];

const WRITING = "input, textarea, select, [contenteditable=true], [contenteditable='']";
const OWN_KEYS = `${WRITING}, dialog, .popover, .panel, [role=listbox], [role=menu], [role=slider]`;

/**
 * @param {Store} store
 * @param {object} parts
 * @param {import("./messagelist.js").MessageList} parts.list
 * @param {{focus: () => void}} parts.composer
 * @param {import("./drawers.js").Drawers} parts.drawers
 */
export function mountShortcuts(store, { list, composer, drawers }) {
  const dialog = buildHelp();
  document.body.append(dialog);
  const help = () => {
    if (document.querySelector("dialog[open]") === null) dialog.showModal();
  };

  /** @param {KeyboardEvent} event @returns {boolean} whether the key did something */
  const press = (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      return step(store, event.key === "ArrowUp" ? -1 : 1, event.shiftKey);
    }
    if (event.ctrlKey || event.metaKey) return withControl(event, { help, drawers });
    if (event.altKey) return false;
    if (event.key === "Escape") return leave(drawers, list, composer);
    if (event.key === "?" && !target.closest(WRITING)) return help() ?? true;
    // Whoever just begins to write means the message, wherever they are; the key itself then lands in it.
    if (event.key.length === 1 && event.key !== " " && !target.closest(OWN_KEYS)) composer.focus();
    return false;
  };
  document.addEventListener("keydown", (event) => {
    if (
      !event.defaultPrevented &&
      !event.isComposing &&
      document.querySelector("dialog[open]") === null &&
      press(event)
    )
      event.preventDefault();
  });
  return { help };
}

/** @param {import("./drawers.js").Drawers} drawers @param {{toNewest: () => void}} list @param {{focus: () => void}} composer */
function leave(drawers, list, composer) {
  if (drawers.closeOver()) return true;
  list.toNewest();
  composer.focus();
  return true;
}

/** @param {KeyboardEvent} event @param {{help: () => void, drawers: import("./drawers.js").Drawers}} parts */
function withControl(event, { help, drawers }) {
  if (event.key === "/") help();
  else if (event.key === "b") drawers.toggle("panel");
  else return false;
  return true;
}

/** Go to a neighboring channel. @param {Store} store @param {1|-1} way @param {boolean} onlyUnread */
function step(store, way, onlyUnread) {
  const all = everywhere(store);
  const at = all.findIndex((channel) => channel.id === store.placeId);
  for (let tried = 1; tried <= all.length; tried += 1) {
    const next = all[(at + way * tried + all.length * tried) % all.length];
    if (onlyUnread && store.rooms.unread(store.meId, next.id).count === 0) continue;
    store.go(next.id);
    break;
  }
  return true;
}

function buildHelp() {
  const rows = KEYS.map(([keys, what]) =>
    h("div", { class: "key-row" }, h("dt", null, h("kbd", null, keys)), h("dd", null, what)),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      "dialog",
      { class: "help-dialog", aria: { label: "Keyboard shortcuts" } },
      h(
        "div",
        { class: "help-head" },
        h("h2", null, "Keyboard shortcuts"),
        iconButton("close", "Close", () => dialog.close()),
      ),
      h("dl", null, rows),
    )
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
