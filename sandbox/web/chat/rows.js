/**
 * From messages to rows: where a day begins, where the new ones begin, which message goes on after another. Draws nothing.
 */

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
    if (message.id === newFrom) rows.push({ key: "new", kind: "new", message, isFollowing: false });
    const isFollowing = before !== null && !isNewDay && message.id !== newFrom && goesOn(before, message);
    rows.push({ key: message.id, kind: "message", message, isFollowing });
    before = message;
  }
  return rows;
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
