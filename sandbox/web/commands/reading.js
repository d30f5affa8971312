/**
 * Reads a command that was typed or pasted as text, such as `/imagine prompt: a fox aspect: 16:9`, and writes it so.
 * Pure: knows neither the page nor the server.
 */

import { nameOf } from "../core/locale.js";

/** @typedef {import("./registered.js").Entry} Entry */
/** @typedef {import("../core/types.js").Option} Option */

const TEXT = 3;
const ATTACHMENT = 11;

/**
 * Find the command that a text begins with.
 *
 * @param {Entry[]} entries
 * @param {string} text
 * @returns {{entry: Entry, rest: string|null}|null} `rest` is null when not even a blank follows the name
 */
export function readCommand(entries, text) {
  if (!text.startsWith("/")) return null;
  const typed = text.slice(1);
  const fits = (/** @type {string} */ name) => {
    const head = typed.slice(0, name.length);
    return head.toLowerCase() === name.toLowerCase() && /^(\s|$)/.test(typed.slice(name.length));
  };
  const named = entries.flatMap((entry) => [entry.title, entry.name].map((name) => ({ entry, name })));
  const found = named.filter(({ name }) => fits(name)).toSorted((a, b) => b.name.length - a.name.length)[0];
  if (found === undefined) return null;
  const rest = typed.slice(found.name.length);
  return { entry: found.entry, rest: rest === "" ? null : rest.trimStart() };
}

/**
 * Sort what follows a command's name into its options: by `name: value`, or, when it does not begin so, all of it into
 * the first option that takes text.
 *
 * @param {Option[]} options
 * @param {string} rest
 * @returns {Map<string, string>} texts by registered option name
 */
export function readOptions(options, rest) {
  const marks = marksIn(options, rest);
  /** @type {Map<string, string>} */
  const values = new Map();
  if (rest.trim() === "") return values;
  if (marks.length === 0 || rest.slice(0, marks[0].start).trim() !== "") {
    const first = firstForText(options);
    if (first !== undefined) values.set(first.name, rest.trim());
    return values;
  }
  marks.forEach((mark, index) => values.set(mark.option.name, rest.slice(mark.end, marks[index + 1]?.start).trim()));
  return values;
}

/**
 * Return where free text goes.
 *
 * @param {Option[]} options
 */
export function firstForText(options) {
  return options.find((option) => option.type === TEXT) ?? options.find((option) => option.type !== ATTACHMENT);
}

/**
 * Find the names with a colon, each option once.
 *
 * @param {Option[]} options
 * @param {string} text
 */
function marksIn(options, text) {
  /** @type {{option: Option, start: number, end: number}[]} */
  const marks = [];
  for (const match of text.matchAll(/(?<=^|\s)([^\s:]+):/gu)) {
    const option = byName(options, match[1]);
    const isNew = option !== undefined && marks.every((mark) => mark.option !== option);
    if (isNew) marks.push({ option, start: match.index, end: match.index + match[0].length });
  }
  return marks;
}

/**
 * Find an option by either of its names.
 *
 * @param {Option[]} options
 * @param {string} name
 */
export function byName(options, name) {
  const wanted = name.toLowerCase();
  return options.find((option) => option.name === wanted || nameOf(option).toLowerCase() === wanted);
}

/**
 * Write a half-filled command as text that `readCommand` and `readOptions` read again.
 *
 * @param {Entry} entry
 * @param {{option: Option, text: string}[]} filled
 */
export function writeCommand(entry, filled) {
  const parts = filled.filter(({ text }) => text !== "").map(({ option, text }) => `${nameOf(option)}: ${text}`);
  return [`/${entry.title}`, ...parts].join(" ");
}
