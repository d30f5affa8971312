/**
 * The servers at the left edge, and the direct messages above them: with the bot, and of people among themselves.
 */

import { initials } from "../core/faces.js";
import { h, icon, refill } from "../core/dom.js";
import { channelsOf, unreadIn } from "./places.js";

/** @typedef {import("../core/store.js").Store} Store */

/** @param {Store} store @param {HTMLElement} host */
export function mountRail(store, host) {
  /** @type {Map<string, string>} the channel that was open last, by person and server, or no server */
  const last = new Map();
  const draw = () => {
    const focused = /** @type {HTMLElement|null} */ (
      host.contains(document.activeElement) ? document.activeElement : null
    )?.dataset.key;
    refill(host, h("ul", { role: "list" }, entries(store, last)));
    if (focused !== undefined) /** @type {HTMLElement|null} */ (host.querySelector(`[data-key="${focused}"]`))?.focus();
  };
  store.on("place", () => {
    if (store.place) last.set(`${store.meId} ${store.place.guild_id ?? ""}`, store.placeId);
  });
  store.on("world me place unread", draw);
}

/** @param {Store} store @param {Map<string, string>} last */
function entries(store, last) {
  const { conversations } = store;
  const isHere = (/** @type {string|null} */ guildId) => store.place !== undefined && store.place.guild_id === guildId;
  const guilds = store.world.guilds.filter((guild) => channelsOf(store, guild.id).length > 0);
  return [
    conversations.length > 0 &&
      entry(store, {
        key: "dm",
        face: icon("bot"),
        name: `Direct messages, with ${store.world.bot.display_name} and others`,
        isHere: isHere(null),
        channels: conversations,
        onclick: () => store.go(opened(store, last, "", conversations)),
      }),
    guilds.map((guild) => {
      const channels = channelsOf(store, guild.id);
      return entry(store, {
        key: guild.id,
        face: initials(guild.name),
        name: guild.name,
        isHere: isHere(guild.id),
        channels,
        onclick: () => store.go(opened(store, last, guild.id, channels)),
      });
    }),
  ];
}

/**
 * The channel of a server that the person was in last, or else its first.
 *
 * @param {Store} store
 * @param {Map<string, string>} last
 * @param {string} guildId  empty for direct messages
 * @param {import("../core/types.js").Channel[]} channels
 */
function opened(store, last, guildId, channels) {
  const wanted = last.get(`${store.meId} ${guildId}`) ?? "";
  return store.can("view", wanted) ? wanted : channels[0].id;
}

/**
 * @param {Store} store
 * @param {{key: string, face: Node|string, name: string, isHere: boolean, channels: import("../core/types.js").Channel[], onclick: () => void}} place
 */
function entry(store, { key, face, name, isHere, channels, onclick }) {
  const { count, pings } = unreadIn(store, channels);
  const said = pings > 0 ? `, ${pings} ${pings === 1 ? "mention" : "mentions"}` : count > 0 ? ", unread" : "";
  const button = h(
    "button",
    {
      type: "button",
      class: "rail-button",
      title: name,
      aria: { label: name + said, current: isHere ? "true" : null },
      data: { key },
      onclick,
    },
    h("span", { class: "rail-face" }, face),
    pings > 0 && h("span", { class: "badge" }, pings > 99 ? "99+" : pings),
  );
  return h("li", { class: `rail-item${isHere ? " is-here" : ""}${count > 0 ? " is-unread" : ""}` }, button);
}
