/**
 * From messages to rows: where a day begins, where the new ones begin, which message goes on after another. Draws nothing.
 */

import { compareIds } from "../core/rooms.js";

/** @typedef {import("../core/types.js").Message} Message */
/** @typedef {{key: string, kind: "day"|"new"|"message", message: Message, isFollowing: boolean}} Row */

const TOGETHER_MS = 7 * 60_000;
const PLAIN = 0;

/**
 * @param {Message[]} messages  oldest first
 * @param {string|null} newFrom  id of the first new one
 * @returns {Row[]}
 */
export function rowsOf(messages, newFrom) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {Message|null} */
  let before = null;
  for (const message of messages) {
    const isNewDay = before === null || dayOf(before) !== dayOf(message);
    // Named after its first message: when earlier ones come, it is another row, and what one reads does not hang on it.
    if (isNewDay) rows.push({ key: `day ${message.id}`, kind: "day", message, isFollowing: false });
    const isNew = newFrom !== null && beginsNew(before, message, newFrom);
    if (isNew) rows.push({ key: "new", kind: "new", message, isFollowing: false });
    const isFollowing = before !== null && !isNewDay && !isNew && goesOn(before, message);
    rows.push({ key: message.id, kind: "message", message, isFollowing });
    before = message;
  }
  return rows;
}

/**
 * Whether the new ones begin with a message: it is the first of them, or the next when that was deleted since.
 *
 * @param {Message|null} before
 * @param {Message} message
 * @param {string} newFrom
 */
function beginsNew(before, message, newFrom) {
  if (message.id === newFrom) return true;
  return before !== null && compareIds(before.id, newFrom) < 0 && compareIds(message.id, newFrom) > 0;
}

/** Whether a message needs no name above it. @param {Message} before @param {Message} message */
function goesOn(before, message) {
  const gap = Date.parse(message.timestamp) - Date.parse(before.timestamp);
  return (
    message.type === PLAIN &&
    message.author.id === before.author.id &&
    message.ephemeral_to === before.ephemeral_to &&
    gap < TOGETHER_MS
  );
}

/** @param {Message} message */
function dayOf(message) {
  return new Date(message.timestamp).toDateString();
}

const DAY = new Intl.DateTimeFormat("en-US", { weekday: "long", month: "long", day: "numeric", year: "numeric" });

/** @param {Message} message */
export function dayInWords(message) {
  return DAY.format(new Date(message.timestamp));
}
