/**
 * The channels of the server that one is in: their kinds, what is unread, where one is.
 */

import { h, icon, refill } from "../core/dom.js";
import { channelsOf, iconOf } from "./places.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").Channel} Channel */

/** @param {Store} store @param {HTMLElement} host */
export function mountChannels(store, host) {
  const title = h("h2", { class: "side-title" });
  const list = h("div", { class: "channel-list" });
  const nav = h("nav", { class: "channel-nav", aria: { label: "Channels" } }, title, list);
  refill(host, nav);
  const draw = () => {
    const guild = store.guild(store.place?.guild_id ?? "");
    const focused = /** @type {HTMLElement|null} */ (
      nav.contains(document.activeElement) ? document.activeElement : null
    )?.dataset.key;
    refill(title, guild?.name ?? "Direct messages");
    refill(
      list,
      h(
        "ul",
        { role: "list" },
        (guild ? channelsOf(store, guild.id) : store.conversations).map((channel) => entry(store, channel)),
      ),
    );
    if (focused !== undefined) /** @type {HTMLElement|null} */ (nav.querySelector(`[data-key="${focused}"]`))?.focus();
  };
  store.on("world me place unread", draw);
}

/** @param {Store} store @param {Channel} channel */
function entry(store, channel) {
  const { count, pings } = store.rooms.unread(store.meId, channel.id);
  const isHere = channel.id === store.placeId;
  const kind = channel.kind === "thread" ? " is-thread" : "";
  return h(
    "li",
    null,
    h(
      "button",
      {
        type: "button",
        class: `channel${kind}${count > 0 ? " is-unread" : ""}${channel.archived ? " is-archived" : ""}`,
        title: channel.note ?? channel.topic,
        aria: { current: isHere ? "page" : null, label: label(store, channel, count, pings) },
        data: { key: channel.id },
        onclick: () => store.go(channel.id),
      },
      icon(iconOf(channel)),
      h("span", { class: "channel-name" }, store.nameOf(channel)),
      channel.nsfw && h("span", { class: "chip" }, "18+"),
      channel.archived && h("span", { class: "chip" }, "archived"),
      pings > 0 && h("span", { class: "badge" }, pings > 99 ? "99+" : pings),
    ),
  );
}

/** What a screen reader says. @param {Store} store @param {Channel} channel @param {number} count @param {number} pings */
function label(store, channel, count, pings) {
  const parts = [store.nameOf(channel)];
  if (channel.kind === "thread") parts.push("thread");
  if (channel.nsfw) parts.push("age-restricted 18+");
  if (channel.archived) parts.push("archived");
  if (channel.note !== null) parts.push(channel.note);
  if (pings > 0) parts.push(`${pings} ${pings === 1 ? "mention" : "mentions"}`);
  else if (count > 0) parts.push("unread");
  return parts.join(", ");
}
