/**
 * Links to messages and channels. On Discord's wire they are addresses of discord.com; here they lead there inside the
 * page, and never to Discord.
 */

import { h, icon } from "../core/dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {{channelId: string, messageId: string|null}} Place */

const ADDRESS = /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/channels\/(?:\d+|@me)\/(\d+)(?:\/(\d+))?\/?$/i;

/**
 * Return where in the sandbox an address leads, or null if it leads elsewhere.
 *
 * @param {Store} store
 * @param {string} url
 * @returns {Place|null}
 */
export function placeOf(store, url) {
  const found = ADDRESS.exec(url);
  return found && store.channel(found[1]) ? { channelId: found[1], messageId: found[2] ?? null } : null;
}

/**
 * Go there.
 *
 * @param {Store} store
 * @param {Place} place
 */
export function go(store, { channelId, messageId }) {
  if (!store.can("view", channelId)) store.toast("You cannot see that channel.");
  else if (messageId === null) store.go(channelId);
  else store.jump(channelId, messageId);
}

/**
 * Draw a link that leads there.
 *
 * @param {Store} store
 * @param {Place} place
 * @param {Node[]|null} inside  its words; null: the names of the place
 * @returns {HTMLElement}
 */
export function jumpLink(store, place, inside) {
  const name = store.channel(place.channelId)?.name ?? "";
  const onclick = () => go(store, place);
  if (inside !== null)
    return h("button", { type: "button", class: "jump-link", title: `Go to #${name}`, onclick }, inside);
  const words = place.messageId === null ? name : `${name} › message`;
  return h("button", { type: "button", class: "mention is-channel", onclick }, icon("hash"), words);
}
