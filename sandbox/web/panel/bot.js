/**
 * The tab "Bot": its process, the buttons that end and start it, and its log. Puts its parts together.
 */

import { h } from "../core/dom.js";
import { botState } from "./botstate.js";
import { LogView } from "./log.js";
import { foldable } from "./section.js";

/** @param {import("../core/store.js").Store} store */
export function botTab(store) {
  const state = botState(store);
  const log = new LogView(store);
  const node = h(
    "div",
    { class: "panel-page" },
    h(
      "p",
      { class: "panel-text" },
      "The bot is a process of its own, as you would run it with a real token. What it must not forget is on disk.",
    ),
    state.node,
    foldable("log", "Log", { text: "What the bot writes down, newest at the end." }, log.node).node,
  );
  return {
    node,
    draw() {
      state.draw();
      log.draw();
    },
  };
}
