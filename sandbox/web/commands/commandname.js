/**
 * A command's name in a text of the page: as it is registered in the language that is spoken, once that is known.
 */

import { h } from "../core/dom.js";
import { nameOf } from "../core/locale.js";
import { registeredOf } from "./registered.js";

/**
 * Write a slash command's name.
 *
 * @param {import("../core/store.js").Store} store
 * @param {string} name  as registered
 * @returns {HTMLElement}
 */
export function commandName(store, name) {
  const node = h("span", { class: "command-word" }, `/${name}`);
  const show = (/** @type {import("../core/types.js").Command[]} */ commands) => {
    const found = commands.find((command) => command.type === 1 && command.name === name);
    node.textContent = `/${found ? nameOf(found) : name}`;
  };
  const registered = registeredOf(store);
  if (registered.now !== null) show(registered.now);
  else if (store.place !== undefined) registered.commands().then(show, () => {}); // its plain name does as well
  return node;
}
