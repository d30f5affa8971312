/**
 * Which channels a person sees, in which order, and what is unread in them. Draws nothing.
 */

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").Channel} Channel */

/**
 * Return the channels of a server that the person sees: each with its threads below it. Archived threads are left out,
 * except where the person is.
 *
 * @param {Store} store
 * @param {string} guildId
 * @returns {Channel[]}
 */
export function channelsOf(store, guildId) {
  const seen = (store.guild(guildId)?.channels ?? []).filter((channel) => store.can("view", channel.id));
  const threads = seen.filter(
    (channel) => channel.kind === "thread" && (!channel.archived || channel.id === store.placeId),
  );
  const tops = seen.filter((channel) => channel.kind !== "thread");
  const orphans = threads.filter((thread) => !tops.some((top) => top.id === thread.parent_id));
  return [...tops.flatMap((top) => [top, ...threads.filter((thread) => thread.parent_id === top.id)]), ...orphans];
}

/** Return all that the person sees, as one goes through them by keyboard. @param {Store} store @returns {Channel[]} */
export function everywhere(store) {
  return [...store.conversations, ...store.world.guilds.flatMap((guild) => channelsOf(store, guild.id))];
}

/** @param {Store} store @param {Channel[]} channels @param {string} [personId] */
export function unreadIn(store, channels, personId = store.meId) {
  const all = channels.map((channel) => store.rooms.unread(personId, channel.id));
  return { count: all.reduce((sum, one) => sum + one.count, 0), pings: all.reduce((sum, one) => sum + one.pings, 0) };
}

/** What keeps the bot from working in a channel, or null: that it is for adults does not. @param {Channel} channel */
export function warningOf(channel) {
  const isForAdultsOnly = channel.nsfw && channel.denied.length === 0 && !channel.archived;
  return isForAdultsOnly ? null : channel.note;
}

/** Which icon a channel has. @param {Channel} channel */
export function iconOf(channel) {
  if (channel.kind === "dm") return "at";
  if (channel.guild_id === null) return "person";
  if (channel.kind === "thread") return "thread";
  if (channel.nsfw) return "moon";
  return channel.note === null || channel.away ? "hash" : "lock";
}

/** A channel's name as people say it. @param {Store} store @param {Channel} channel */
export function spokenName(store, channel) {
  return channel.kind === "text" ? `#${channel.name}` : store.nameOf(channel);
}
