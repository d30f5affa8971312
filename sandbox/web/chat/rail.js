/**
 * The servers at the left edge, and the direct messages with the bot above them.
 */

import { initials } from "../core/faces.js";
import { h, icon, refill } from "../core/dom.js";
import { channelsOf, unreadIn } from "./places.js";

/** @typedef {import("../core/store.js").Store} Store */

/** @param {Store} store @param {HTMLElement} host */
export function mountRail(store, host) {
  /** @type {Map<string, string>} the channel that was open last, by person and server */
  const last = new Map();
  const draw = () => {
    const focused = /** @type {HTMLElement|null} */ (
      host.contains(document.activeElement) ? document.activeElement : null
    )?.dataset.key;
    refill(host, h("ul", { role: "list" }, entries(store, last)));
    if (focused !== undefined) /** @type {HTMLElement|null} */ (host.querySelector(`[data-key="${focused}"]`))?.focus();
  };
  store.on("place", () => {
    const guildId = store.place?.guild_id;
    if (guildId) last.set(`${store.meId} ${guildId}`, store.placeId);
  });
  store.on("world me place unread", draw);
}

/** @param {Store} store @param {Map<string, string>} last */
function entries(store, last) {
  const dm = store.world.dms[store.meId];
  const isHere = (/** @type {string|null} */ guildId) => store.place !== undefined && store.place.guild_id === guildId;
  const guilds = store.world.guilds.filter((guild) => channelsOf(store, guild.id).length > 0);
  return [
    dm &&
      entry(store, {
        key: "dm",
        face: icon("bot"),
        name: `Direct messages with ${store.world.bot.display_name}`,
        isHere: isHere(null),
        channels: [dm],
        onclick: () => store.go(dm.id),
      }),
    guilds.map((guild) => {
      const channels = channelsOf(store, guild.id);
      const wanted = last.get(`${store.meId} ${guild.id}`) ?? "";
      const target = store.can("view", wanted) ? wanted : channels[0].id;
      return entry(store, {
        key: guild.id,
        face: initials(guild.name),
        name: guild.name,
        isHere: isHere(guild.id),
        channels,
        onclick: () => store.go(target),
      });
    }),
  ];
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
