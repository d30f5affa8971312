/**
 * The bot's line to Discord and Discord's clock: the one can be cut, the other put forward. Knows the store's line.
 */

import { h } from "../core/dom.js";
import { ask, deedButton } from "./asking.js";
import { foldable } from "./section.js";

/** @typedef {import("../core/store.js").Store} Store */

const QUARTER_HOUR_S = 900;

const CUT =
  "The gateway is how the bot hears of commands and clicks. Cut, it connects again and takes up what it missed.";
const PASS =
  "Discord lets a bot change its answer to a command for 15 minutes. After that, a job that still runs has to show " +
  "its picture in another way.";

/** @param {Store} store */
export function discordLine(store) {
  const cut = async () => {
    if (await ask(store, "disconnect")) store.toast("The line is cut. The bot connects again by itself.");
  };
  const pass = async () => {
    if (await ask(store, "pass_time", { seconds: QUARTER_HOUR_S })) store.toast("15 minutes have passed at Discord.");
  };
  const deeds = [deed("Cut the gateway’s line", "broken", cut, CUT), deed("Let 15 minutes pass", "clock", pass, PASS)];
  return foldable("discord-line", "Line and clock", { isOpen: false }, deeds).node;
}

/** @param {string} label @param {string} iconName @param {() => Promise<void>} doing @param {string} text */
function deed(label, iconName, doing, text) {
  const id = `panel-${iconName}`;
  const button = deedButton(label, iconName, doing, { aria: { describedby: id } });
  return h("div", { class: "deed" }, button, h("p", { class: "panel-text", id }, text));
}
