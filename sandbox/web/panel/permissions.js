/**
 * What the bot may do in the channel that the person looks at, as switches. Knows the store's places, catalog and line.
 */

import { h } from "../core/dom.js";
import { ask, Wish } from "./asking.js";
import { setShown, setText } from "./patch.js";
import { foldable } from "./section.js";
import { titledSwitch } from "./switch.js";

/** @typedef {import("../core/store.js").Store} Store */

/** The channel whose permissions count here: for a thread its parent. @param {Store} store */
function ruling(store) {
  const { place } = store;
  return place?.kind === "thread" && place.parent_id !== null ? (store.channel(place.parent_id) ?? place) : place;
}

/** @param {Store} store */
export function permissionSwitches(store) {
  const where = h("p", { class: "panel-text" });
  const rows = store.catalog.permissions.map((/** @type {{name: string, title: string}} */ one) =>
    permissionRow(store, one),
  );
  const list = h(
    "ul",
    { class: "faults", role: "list" },
    rows.map((/** @type {any} */ row) => row.node),
  );
  const part = foldable("permissions", "Permissions of the bot", { isOpen: false }, where, list);
  const draw = () => {
    const channel = ruling(store);
    const isRuled = channel !== undefined && channel.guild_id !== null && !channel.away;
    setText(where, whereText(store, channel));
    setShown(list, isRuled);
    if (!isRuled) setText(part.note, "");
    else {
      for (const row of rows) row.draw();
      setText(part.note, channel.denied.length === 0 ? "" : `${channel.denied.length} taken away`);
    }
  };
  return { node: part.node, draw };
}

/** @param {Store} store @param {import("../core/types.js").Channel|undefined} channel */
function whereText(store, channel) {
  const bot = store.world.bot.display_name;
  if (channel?.away)
    return `${bot} is not here: it answers those who have installed it for themselves, and can do nothing else.`;
  if (channel === undefined || channel.guild_id === null)
    return `In a direct message ${bot} may do everything. Go to a channel of a server to take something away.`;
  const named = `What ${bot} may do in #${channel.name}.`;
  return channel === store.place ? named : `${named} The thread you are in obeys the same.`;
}

/** @param {Store} store @param {{name: string, title: string}} permission */
function permissionRow(store, { name, title }) {
  /** @type {Map<string, Wish<boolean>>} a wish for each channel */
  const wishes = new Map();
  const wishFor = (/** @type {string} */ id) => {
    const wish =
      wishes.get(id) ??
      new Wish(
        () => store.world,
        () => draw(),
      );
    wishes.set(id, wish);
    return wish;
  };
  const turn = (/** @type {boolean} */ allowed) => {
    const channel = ruling(store);
    if (channel === undefined) return;
    void wishFor(channel.id).make(allowed, () => ask(store, "permission", { channel_id: channel.id, name, allowed }));
  };
  const control = titledSwitch(`permission-${name}`, title, "", turn);
  const draw = () => {
    const channel = ruling(store);
    if (channel !== undefined) control.draw(wishFor(channel.id).or(!channel.denied.includes(name)));
  };
  return { node: h("li", { class: "fault is-short" }, control.node), draw };
}
