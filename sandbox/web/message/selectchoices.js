/**
 * What there is to choose in a select: its own options, or the people, roles and channels of the place it stands in.
 * Draws nothing.
 *
 * @typedef {{value: string, label: string, description: string, emoji: {id?: string|null, name: string}|null,
 *   look: "option"|"person"|"role"|"channel"}} Choice
 */

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").Guild} Guild */

const STRING = 3;
export const PERSON = 5;
export const ROLE = 6;
export const MENTIONABLE = 7;
export const CHANNEL = 8;

/** @type {Record<string, number[]>} Discord's numbers for what the sandbox has */
const CHANNEL_TYPES = { text: [0], thread: [10, 11, 12], dm: [1] };

/**
 * Return what can be chosen.
 *
 * @param {Store} store
 * @param {any} node  the select, as on Discord's wire
 * @param {string} channelId  where it stands
 * @returns {Choice[]}
 */
export function choicesOf(store, node, channelId) {
  const guild = store.guild(store.channel(channelId)?.guild_id ?? "");
  switch (node.type) {
    case PERSON:
      return people(store, guild, channelId);
    case ROLE:
      return roles(guild);
    case MENTIONABLE:
      return [...people(store, guild, channelId), ...roles(guild)];
    case CHANNEL:
      return channels(store, guild, node.channel_types);
    default:
      return (node.options ?? []).map(option);
  }
}

/** @param {any} node @returns {Choice} */
function option({ value, label, description, emoji }) {
  return { value, label, description: description ?? "", emoji: emoji ?? null, look: "option" };
}

/** @param {Store} store @param {Guild|undefined} guild @param {string} channelId @returns {Choice[]} */
function people(store, guild, channelId) {
  const { bot } = store.world;
  const isHere = (/** @type {string} */ id) =>
    guild ? guild.channels.some((channel) => store.can("view", channel.id, id)) : store.can("view", channelId, id);
  const here = store.world.people.filter(({ id }) => isHere(id));
  const isBotHere = store.channel(channelId)?.away === false;
  const all = [...here, ...(isBotHere ? [{ id: bot.id, username: "", display_name: bot.display_name }] : [])];
  return all.map(({ id, username, display_name: label }) => ({
    value: id,
    label,
    description: username,
    emoji: null,
    look: "person",
  }));
}

/** @param {Guild|undefined} guild @returns {Choice[]} */
function roles(guild) {
  return (guild?.roles ?? []).map(({ id, name }) => ({
    value: id,
    label: name,
    description: "",
    emoji: null,
    look: "role",
  }));
}

/** @param {Store} store @param {Guild|undefined} guild @param {number[]|undefined} types @returns {Choice[]} */
function channels(store, guild, types) {
  const fits = (/** @type {string} */ kind) =>
    !types?.length || CHANNEL_TYPES[kind].some((type) => types.includes(type));
  const shown = (guild?.channels ?? []).filter(({ id, kind }) => store.can("view", id) && fits(kind));
  return shown.map(({ id, name, parent_id: parent }) => {
    const above = parent ? store.channel(parent)?.name : undefined;
    return { value: id, label: name, description: above ? `in #${above}` : "", emoji: null, look: "channel" };
  });
}

/**
 * Return what is chosen from the start.
 *
 * @param {any} node
 * @returns {string[]}
 */
export function defaultsOf(node) {
  if (node.type !== STRING) return (node.default_values ?? []).map((/** @type {{id: string}} */ { id }) => id);
  return (node.options ?? [])
    .filter((/** @type {any} */ one) => one.default)
    .map((/** @type {any} */ one) => one.value);
}
