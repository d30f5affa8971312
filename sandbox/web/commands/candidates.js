/**
 * What can be picked for an option: its choices, or truth values, people, channels and roles of the world. Draws
 * nothing.
 */

import { nameOf } from "../core/locale.js";
import { CHANNEL, MENTIONABLE, PERSON, ROLE, TRUTH } from "./rules.js";

/** @typedef {import("../core/types.js").Option} Option */
/** @typedef {import("../core/store.js").Store} Store */

/**
 * @typedef {object} Candidate
 * @property {string} title             what the person sees and types
 * @property {string} [detail]
 * @property {string|number|boolean} value  what is sent
 * @property {string[]} names           what else finds it
 */

/** @type {Record<string, number[]>} */
const CHANNEL_TYPES = { text: [0], dm: [1], thread: [10, 11, 12] };

/**
 * Tell whether an option is picked from a list that the page knows by itself.
 *
 * @param {Option} option
 */
export function isPicked(option) {
  return Boolean(option.choices?.length) || [TRUTH, PERSON, CHANNEL, ROLE, MENTIONABLE].includes(option.type);
}

/**
 * Return what can be picked.
 *
 * @param {Store} store
 * @param {Option} option
 * @param {string} channelId  where
 * @returns {Candidate[]}
 */
export function candidatesFor(store, option, channelId) {
  if (option.choices?.length) return option.choices.map(choiceCandidate);
  const guild = store.guild(store.channel(channelId)?.guild_id ?? "");
  switch (option.type) {
    case TRUTH:
      return [truth("True", true), truth("False", false)];
    case PERSON:
      return people(store, channelId);
    case CHANNEL:
      return channels(store, guild?.channels ?? [], option.channel_types);
    case ROLE:
      return roles(guild);
    case MENTIONABLE:
      return [...people(store, channelId), ...roles(guild)];
    default:
      return [];
  }
}

/** @param {NonNullable<Option["choices"]>[number]} choice @returns {Candidate} */
function choiceCandidate(choice) {
  return { title: nameOf(choice), value: choice.value, names: [choice.name, String(choice.value)] };
}

/** @param {string} title @param {boolean} value @returns {Candidate} */
function truth(title, value) {
  return { title, value, names: [value ? "yes" : "no"] };
}

/** Whoever sees the place, and the bot. @param {Store} store @param {string} channelId @returns {Candidate[]} */
function people(store, channelId) {
  const here = store.world.people.filter((person) => store.can("view", channelId, person.id));
  const bot = store.world.bot;
  return [
    ...here.map(({ id, display_name: name, username }) => ({
      title: `@${name}`,
      detail: username,
      value: id,
      names: [name, username],
    })),
    { title: `@${bot.display_name}`, detail: "the bot", value: bot.id, names: [bot.display_name] },
  ];
}

/**
 * @param {Store} store
 * @param {import("../core/types.js").Channel[]} all
 * @param {number[]} [types]  Discord's
 * @returns {Candidate[]}
 */
function channels(store, all, types) {
  const fits = (/** @type {string} */ kind) =>
    !types?.length || CHANNEL_TYPES[kind]?.some((type) => types.includes(type));
  return all
    .filter((channel) => store.can("view", channel.id) && fits(channel.kind))
    .map(({ id, name, kind }) => ({
      title: `#${name}`,
      detail: kind === "thread" ? "thread" : "",
      value: id,
      names: [name],
    }));
}

/** @param {import("../core/types.js").Guild|undefined} guild @returns {Candidate[]} */
function roles(guild) {
  return (guild?.roles ?? []).map(({ id, name }) => ({
    title: `@${name}`.replace("@@", "@"),
    detail: "role",
    value: id,
    names: [name],
  }));
}

/**
 * Return those that fit what was typed, those that begin with it first.
 *
 * @param {Candidate[]} candidates
 * @param {string} typed
 */
export function fitting(candidates, typed) {
  const wanted = typed.trim().toLowerCase();
  const rank = (/** @type {Candidate} */ one) => {
    if (wordsOf(one).some((word) => word.startsWith(wanted))) return 0;
    return wordsOf(one).some((word) => word.includes(wanted)) ? 1 : 2;
  };
  return candidates.filter((one) => rank(one) < 2).toSorted((a, b) => rank(a) - rank(b));
}

/**
 * Return the one that was typed out.
 *
 * @param {Candidate[]} candidates
 * @param {string} typed
 */
export function exactly(candidates, typed) {
  const wanted = typed.trim().toLowerCase();
  return (
    candidates.find((one) => one.title.toLowerCase() === wanted) ??
    candidates.find((one) => wordsOf(one).includes(wanted))
  );
}

/** @param {Candidate} candidate */
export function wordsOf(candidate) {
  return [candidate.title, ...candidate.names].map((name) => name.toLowerCase());
}
