/**
 * What a client says by itself and no server knows, such as "The application did not respond". Knows nothing of the page.
 */

/** @typedef {import("./types.js").Notice} Notice */
/** @typedef {import("./types.js").Pending} Pending */

export class Notices {
  /** @type {Notice[]} */
  #all = [];
  #number = 0;

  /** @param {Pending} pending  what the person did @param {string} text  what came of it */
  add({ channelId, personId, messageId, label }, text) {
    this.#all.push({ id: `n${++this.#number}`, channelId, personId, messageId, title: label, text });
  }

  /** @param {string} channelId @param {string} personId */
  in(channelId, personId) {
    return this.#all.filter((notice) => notice.channelId === channelId && notice.personId === personId);
  }

  /** The notices that belong under a message. @param {string} messageId */
  under(messageId) {
    return this.#all.filter((notice) => notice.messageId === messageId);
  }

  /** Take one away; return it if it was there. @param {string} id */
  remove(id) {
    const notice = this.#all.find((one) => one.id === id);
    this.#all = this.#all.filter((one) => one !== notice);
    return notice;
  }

  clear() {
    this.#all = [];
  }
}
