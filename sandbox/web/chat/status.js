/**
 * Lines that say what does not run: the sandbox itself, or the bot; each with what to do about it.
 */

import { h, icon, refill } from "../core/dom.js";

/** @typedef {import("../core/store.js").Store} Store */

const PATIENCE_MS = 2000;

/** Say it when the line to the sandbox is lost, and while it never came. @param {Store} store @param {HTMLElement} host */
export function mountLinkBar(store, host) {
  const show = () =>
    refill(
      host,
      icon("broken"),
      h(
        "p",
        null,
        "The sandbox is not running. Start it again with ",
        h("code", null, "make sandbox"),
        "; this page comes back by itself.",
      ),
    );
  const timer = setTimeout(show, PATIENCE_MS);
  store.on("link", ({ up }) => {
    clearTimeout(timer);
    if (up) refill(host);
    else show();
  });
}

/**
 * Say it when the bot is not there, and offer to start it.
 *
 * @param {Store} store
 * @param {HTMLElement} host
 * @param {() => void} openPanel
 */
export function mountBotLine(store, host, openPanel) {
  let shown = "";
  store.on("bot link", () => {
    const state = store.live.isUp ? describe(store) : null;
    const key = JSON.stringify(state);
    if (key === shown) return;
    shown = key;
    if (state === null) return refill(host);
    return refill(
      host,
      icon("bot"),
      h("p", null, state.text),
      state.canStart && starter(store),
      state.canStart && scenes(openPanel),
    );
  });
}

/** @param {Store} store @returns {{text: string, canStart: boolean}|null} */
function describe(store) {
  const { online, state, exit_code: code } = store.bot;
  const name = store.world.bot.display_name;
  if (state === "starting") return { text: `${name} is starting. This takes a few seconds…`, canStart: false };
  if (state === "killed")
    return { text: `${name} is offline: it was killed. What it was doing goes on when it is back.`, canStart: true };
  if (state === "stopped") {
    const why = code === null || code === 0 ? "it was stopped." : `it ended with exit code ${code}. Its log says why.`;
    return { text: `${name} is offline: ${why}`, canStart: true };
  }
  return online ? null : { text: `${name} has lost its line and is connecting again…`, canStart: false };
}

/** @param {Store} store */
function starter(store) {
  const button = h("button", { type: "button", class: "button primary" }, `Start ${store.world.bot.display_name}`);
  button.addEventListener("click", async () => {
    button.setAttribute("disabled", "");
    try {
      await store.live.ask("bot", { how: "start" });
    } catch (error) {
      store.complain(error);
    } finally {
      button.removeAttribute("disabled");
    }
  });
  return button;
}

/** @param {() => void} openPanel */
function scenes(openPanel) {
  return h("button", { type: "button", class: "button quiet", onclick: openPanel }, "Look behind the scenes");
}
