/**
 * What a person began to write, by person and channel, so that it is still there when they come back. Lives as long as
 * the page. Knows neither the page's nodes nor the server.
 */

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {File[]} files
 * @property {import("../core/types.js").Message|null} replyTo
 * @property {import("./commandrow.js").CommandRow|null} row    a chosen command, half filled in
 * @property {import("./commandrow.js").CommandRow|null} last   the command that was sent last
 * @property {boolean} isPlain  the text begins with a slash, but the person left the command's fields on purpose
 */

export class Drafts {
  /** @type {Map<string, Draft>} */
  #drafts = new Map();

  /** @param {string} personId @param {string} channelId @returns {Draft} */
  of(personId, channelId) {
    const key = `${personId} ${channelId}`;
    const draft = this.#drafts.get(key) ?? {
      text: "",
      files: [],
      replyTo: null,
      row: null,
      last: null,
      isPlain: false,
    };
    this.#drafts.set(key, draft);
    return draft;
  }

  /** A message is gone: nobody replies to it any more. @param {string} messageId */
  forgetReplies(messageId) {
    for (const draft of this.#drafts.values()) if (draft.replyTo?.id === messageId) draft.replyTo = null;
  }

  /** Another sandbox: its ids mean nothing any more, texts do. */
  startAnew() {
    for (const draft of this.#drafts.values()) Object.assign(draft, { replyTo: null, row: null, last: null });
  }
}

/**
 * Put back what could not be sent, before what was written since.
 *
 * @param {Draft} draft
 * @param {{text: string, files: File[], replyTo: Draft["replyTo"]}} unsent
 */
export function giveBack(draft, { text, files, replyTo }) {
  draft.text = [text, draft.text].filter((part) => part !== "").join("\n");
  draft.files = [...files, ...draft.files];
  draft.replyTo ??= replyTo;
}
