/**
 * "Easel is typing…", below where one writes. Goes away when the bot has written, or after a while.
 */

import { h, refill } from "../core/dom.js";

const LASTS_MS = 10_000;

/** @param {import("../core/store.js").Store} store @param {HTMLElement} host */
export function mountTyping(store, host) {
  /** @type {Map<string, number>} until when, by channel */
  const until = new Map();
  let timer = 0;
  const draw = () => {
    clearTimeout(timer);
    const left = (until.get(store.placeId) ?? 0) - Date.now();
    if (left <= 0) return refill(host);
    timer = setTimeout(draw, left);
    if (host.childElementCount > 0) return undefined;
    const dots = h("span", { class: "typing-dots", aria: { hidden: true } }, h("i", null), h("i", null), h("i", null));
    return refill(host, dots, h("p", null, h("strong", null, store.world.bot.display_name), " is typing…"));
  };
  store.on("typing", ({ channelId }) => {
    until.set(channelId, Date.now() + LASTS_MS);
    draw();
  });
  store.on("message", ({ message }) => {
    if (message.author.id === store.world.bot.id && until.delete(message.channel_id)) draw();
  });
  store.on("place", draw);
}
