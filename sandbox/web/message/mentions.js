/**
 * Names for the ids in a text: people, roles, channels, commands. What is pressed here is acted on by the message
 * around it (`pointing.js`) or, for channels, by the store.
 */

import { h, icon } from "../core/dom.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./atoms.js").MentionNode} MentionNode */

/**
 * Find somebody by id, Easel included.
 *
 * @param {Store} store
 * @param {string} id
 * @returns {import("../core/types.js").Person|undefined}
 */
export function personOf(store, id) {
  const { bot } = store.world;
  if (id === bot.id) return { id, username: bot.display_name, display_name: bot.display_name };
  return store.person(id);
}

/** @param {Store} store @param {string} id */
function roleOf(store, id) {
  return store.world.guilds.flatMap((guild) => guild.roles).find((role) => role.id === id);
}

/**
 * Return what a mention says.
 *
 * @param {Store} store
 * @param {MentionNode} mention
 * @returns {string}
 */
export function mentionText(store, { what, id, name }) {
  switch (what) {
    case "person":
      return `@${personOf(store, id)?.display_name ?? "unknown person"}`;
    case "role":
      return `@${roleOf(store, id)?.name ?? "unknown role"}`;
    case "channel":
      return `#${store.channel(id)?.name ?? "unknown channel"}`;
    case "command":
      return `/${name}`;
    default:
      return `@${name}`;
  }
}

/**
 * Make the node of a mention.
 *
 * @param {Store} store
 * @param {MentionNode} mention
 * @returns {HTMLElement}
 */
export function drawMention(store, mention) {
  const text = mentionText(store, mention);
  const { what, id } = mention;
  if (what === "person" && personOf(store, id)) {
    return h(
      "button",
      { type: "button", class: id === store.meId ? "mention is-me" : "mention", data: { personId: id } },
      text,
    );
  }
  if (what === "command") return commandMention(store, text);
  if (what === "channel" && store.channel(id)) return channelMention(store, id, text);
  return h("span", { class: `mention is-${what}` }, text);
}

/** @param {Store} store @param {string} id @param {string} text */
function channelMention(store, id, text) {
  const isOpen = store.can("view", id);
  const name = text.slice(1);
  const look = [icon(isOpen ? "hash" : "lock"), name];
  if (!isOpen) return h("span", { class: "mention is-channel", title: "You cannot see this channel" }, look);
  return h(
    "button",
    { type: "button", class: "mention is-channel", aria: { label: `Channel ${name}` }, onclick: () => store.go(id) },
    look,
  );
}

/** @param {Store} store @param {string} text  such as `/imagine` */
function commandMention(store, text) {
  const start = () => store.emit("start", { name: text.slice(1) });
  return h("button", { type: "button", class: "mention is-command", onclick: start }, text);
}
