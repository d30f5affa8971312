/**
 * Sends what the composer holds: a message, or a command with its files. What cannot be sent goes back to its draft.
 */

import { giveBack } from "./drafts.js";
import { upload } from "./files.js";

/** @typedef {import("./drafts.js").Draft} Draft */
/** @typedef {import("../core/store.js").Store} Store */

/**
 * Send a draft's text and files as a message. The draft is free at once for the next one.
 *
 * @param {Store} store
 * @param {Draft} draft
 * @returns {Promise<boolean>} whether it was sent; if not, it is in the draft again and the person was told
 */
export async function sendMessage(store, draft) {
  const unsent = { text: draft.text, files: draft.files, replyTo: draft.replyTo };
  const place = { person_id: store.meId, channel_id: store.placeId };
  const content = withMentions(store, unsent.text.trim());
  Object.assign(draft, { text: "", files: [], replyTo: null, isPlain: false });
  try {
    const files = await Promise.all(unsent.files.map(upload));
    await store.ask("say", { ...place, content, files, reply_to: unsent.replyTo?.id ?? null });
    return true;
  } catch (error) {
    giveBack(draft, unsent);
    store.complain(error);
    return false;
  }
}

/**
 * Send a draft's command, whose fields were checked.
 *
 * @param {Store} store
 * @param {Draft} draft
 * @param {Record<string, any>} values  by option name; `File`s are sent first
 * @returns {Promise<boolean>} as `sendMessage`
 */
export async function sendCommand(store, draft, values) {
  const row = /** @type {import("./commandrow.js").CommandRow} */ (draft.row);
  const place = { person_id: row.personId, channel_id: row.channelId };
  Object.assign(draft, { row: null, last: row });
  let isSent = false;
  try {
    const pairs = await Promise.all(
      Object.entries(values).map(async ([name, value]) => [name, value instanceof File ? await upload(value) : value]),
    );
    isSent = await store.interact(
      "slash",
      { ...place, name: row.entry.name, options: Object.fromEntries(pairs) },
      `/${row.entry.title}`,
    );
  } catch (error) {
    store.complain(error);
  }
  if (!isSent) keep(store, draft, row);
  return isSent;
}

/** @param {Store} store @param {Draft} draft @param {import("./commandrow.js").CommandRow} row */
function keep(store, draft, row) {
  if (draft.row === null && draft.text === "") draft.row = row;
  else store.toast(`Your /${row.entry.title} is kept: press the up arrow in the empty text box.`);
}

/**
 * Write the people who are named in a text as Discord's mentions.
 *
 * @param {Store} store
 * @param {string} text
 */
function withMentions(store, text) {
  const { people, bot } = store.world;
  const named = [...people, { ...bot, username: bot.display_name }]
    .flatMap(({ id, display_name: shown, username }) => [
      { id, name: shown },
      { id, name: username },
    ])
    .filter(({ name }) => name !== "")
    .toSorted((a, b) => b.name.length - a.name.length);
  return named.reduce((written, { id, name }) => {
    const pattern = new RegExp(
      `(?<![\\p{L}\\p{N}<])@${name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?![\\p{L}\\p{N}_])`,
      "gu",
    );
    return written.replaceAll(pattern, `<@${id}>`);
  }, text);
}
