/**
 * The commands that the bot really registered, as a person may use them in a place: asked for once, and again when they
 * changed. Flattens sub-commands and finds commands by their names. Draws nothing.
 */

import { descriptionOf, nameOf } from "../core/locale.js";

/** @typedef {import("../core/types.js").Command} Command */
/** @typedef {import("../core/types.js").Option} Option */

/**
 * @typedef {object} Entry              a slash command, or one of its sub-commands, that can be run
 * @property {string} name              as registered, such as `settings speed`
 * @property {string} title             in the page's language
 * @property {string} description
 * @property {Option[]} options
 * @property {Command} command
 */

const SUB_COMMAND = 1;
const GROUP = 2;

class Registered {
  #store;
  /** @type {Map<string, Promise<Command[]>>} by person and channel */
  #asked = new Map();
  /** @type {Map<string, Command[]>} */
  #known = new Map();

  /** Grows when all is forgotten, so that an answer to an older question is not kept. */
  #round = 0;

  /** @param {import("../core/store.js").Store} store */
  constructor(store) {
    this.#store = store;
    store.on("commands world link restarted", () => this.#forget());
  }

  #forget() {
    this.#round += 1;
    this.#asked.clear();
    this.#known.clear();
  }

  get #key() {
    return `${this.#store.meId} ${this.#store.placeId}`;
  }

  /** What is known already for the present person and place, or null. @returns {Command[]|null} */
  get now() {
    return this.#known.get(this.#key) ?? null;
  }

  /** Ask what the present person may use here. @returns {Promise<Command[]>} */
  commands() {
    const key = this.#key;
    const asked = this.#asked.get(key) ?? this.#ask(key);
    this.#asked.set(key, asked);
    return asked;
  }

  /** @param {string} key */
  async #ask(key) {
    const round = this.#round;
    try {
      const { commands } = await this.#store.ask("commands");
      if (round === this.#round) this.#known.set(key, commands);
      return commands;
    } catch (error) {
      if (round === this.#round) this.#asked.delete(key);
      throw error;
    }
  }
}

/** @type {WeakMap<object, Registered>} */
const BY_STORE = new WeakMap();

/**
 * Return the one book of commands of a store.
 *
 * @param {import("../core/store.js").Store} store
 */
export function registeredOf(store) {
  const known = BY_STORE.get(store) ?? new Registered(store);
  BY_STORE.set(store, known);
  return known;
}

/**
 * Return what can be typed after a slash.
 *
 * @param {Command[]} commands
 * @returns {Entry[]} by their titles
 */
export function entriesOf(commands) {
  const slash = commands.filter((command) => command.type === 1);
  return slash.flatMap((command) => flatten(command, command, [])).toSorted((a, b) => a.title.localeCompare(b.title));
}

/** @param {Command} command @param {Command|Option} node @param {(Command|Option)[]} above @returns {Entry[]} */
function flatten(command, node, above) {
  const path = [...above, node];
  const subs = (node.options ?? []).filter((option) => option.type === SUB_COMMAND || option.type === GROUP);
  if (subs.length > 0) return subs.flatMap((sub) => flatten(command, sub, path));
  const name = path.map((step) => step.name).join(" ");
  return [
    { name, title: path.map(nameOf).join(" "), description: descriptionOf(node), options: node.options ?? [], command },
  ];
}

/**
 * Return the entries that fit what was typed after the slash: those that begin with it first, then those where a word
 * does, then those that contain it somewhere. Both the registered and the localized names count.
 *
 * @param {Entry[]} entries
 * @param {string} typed
 */
export function matching(entries, typed) {
  const wanted = typed.trim().toLowerCase();
  const rank = (/** @type {Entry} */ entry) =>
    Math.min(...[entry.title, entry.name].map((name) => rankOf(name, wanted)));
  return entries.filter((entry) => rank(entry) < 3).toSorted((a, b) => rank(a) - rank(b));
}

/** @param {string} name @param {string} wanted */
function rankOf(name, wanted) {
  const lower = name.toLowerCase();
  if (lower.startsWith(wanted)) return 0;
  if (lower.includes(` ${wanted}`)) return 1;
  return lower.includes(wanted) ? 2 : 3;
}
