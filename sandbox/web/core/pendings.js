/**
 * What people did that the bot has not answered yet. The answer may come before the server has told us the number of what
 * was asked, so early ones are kept until their question is known. Knows nothing of the server or the page.
 */

/** @typedef {import("./types.js").Pending} Pending */

export class Pendings {
  /** @type {Pending[]} */
  all = [];
  /** @type {Map<string, any>} answers that were faster than our own question's, by interaction id */
  #early = new Map();

  /** @param {Pending} pending */
  add(pending) {
    this.all = [...this.all, pending];
  }

  /**
   * Note the number that the server gave; return the answer that was faster, if one was.
   *
   * @param {Pending} pending
   * @param {string} id
   */
  identify(pending, id) {
    pending.id = id;
    const early = this.#early.get(id);
    this.#early.delete(id);
    return early;
  }

  /** Return what an answer belongs to; keep the answer if it may be an early one. @param {any} told */
  match(told) {
    const pending = this.all.find((one) => one.id === told.interaction_id);
    if (pending === undefined && this.all.some((one) => one.id === null)) this.#early.set(told.interaction_id, told);
    return pending;
  }

  /** @param {Pending} pending */
  remove(pending) {
    this.all = this.all.filter((one) => one !== pending);
    if (this.all.every((one) => one.id !== null)) this.#early.clear();
  }

  /** Whether a component waits. @param {string} messageId @param {string} customId @param {string} personId */
  has(messageId, customId, personId) {
    return this.all.some(
      (one) => one.messageId === messageId && one.customId === customId && one.personId === personId,
    );
  }
}
