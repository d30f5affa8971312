/**
 * What stands above the first message of a channel: what the place is, and for newcomers what to do in it.
 */

import { commandName } from "../commands/commandname.js";
import { h, icon } from "../core/dom.js";
import { iconOf, warningOf } from "./places.js";

/** @typedef {import("../core/store.js").Store} Store */

const FIRST = "imagine";

/** Say what this place is. @param {Store} store */
export function beginning(store) {
  const { place } = store;
  if (place === undefined) return null;
  const bot = store.world.bot.display_name;
  const name = store.nameOf(place);
  const words = {
    private: [name, `This is the beginning of your direct messages with ${name}.`],
    group: [name, "This is the beginning of the group."],
    dm: [bot, `This is the beginning of your direct messages with ${bot}. Nobody else sees them.`],
    thread: [place.name, "This is the beginning of the thread."],
    text: [`Welcome to #${place.name}`, place.topic ?? "This is the beginning of the channel."],
  }[place.kind];
  return h(
    "div",
    { class: "beginning" },
    h("span", { class: "beginning-icon" }, icon(iconOf(place))),
    h("h2", null, words[0]),
    h("p", null, words[1]),
  );
}

/**
 * Return the first minute's hint, for a place where nobody has used the bot yet.
 *
 * @param {Store} store
 */
export function firstHint(store) {
  if (!store.can("commands")) {
    return card(
      "bot",
      "Nothing here yet",
      `${store.me?.display_name ?? "This person"} may not use commands here. Switch the person at the lower left.`,
    );
  }
  const bot = store.world.bot.display_name;
  const warning = store.place ? warningOf(store.place) : null;
  if (warning)
    return card("lock", "Nothing here yet", [
      `${warning}. Try `,
      commandName(store, FIRST),
      ` to see what ${bot} does then, or go to another channel.`,
    ]);
  const button = h(
    "button",
    { type: "button", class: "button primary" },
    h("span", null, "Try ", commandName(store, FIRST)),
  );
  button.addEventListener("click", () => store.emit("start", { name: FIRST }));
  return card(
    "image",
    "Make your first picture",
    ["Type ", h("kbd", null, commandName(store, FIRST)), " and what you want to see, like a cat in a raincoat."],
    button,
  );
}

/** @param {string} name @param {string} title @param {any} text @param {Node} [button] */
function card(name, title, text, button) {
  return h(
    "div",
    { class: "hint-card" },
    icon(name),
    h("div", { class: "hint-words" }, h("h3", null, title), h("p", null, text)),
    button,
  );
}
