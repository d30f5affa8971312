/**
 * Which part of a channel is drawn: the newest messages at first, and more of the older ones as somebody goes up. Takes
 * them from what is loaded, and loads a page where that ends. Draws nothing.
 */

import { compareIds } from "../core/rooms.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").Message} Message */

const FIRST_ROWS = 60;
const MORE_ROWS = 50;
const MOST_PAGES = 60;

export class Span {
  /** @type {string|null} the oldest message that is drawn; null: all that are loaded */
  #from = null;

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
  }

  /** Begin with the newest of the place that one is in. */
  begin() {
    const { store } = this;
    const messages = store.messagesIn(store.placeId);
    this.#from = messages.at(-FIRST_ROWS)?.id ?? null;
  }

  /** Return what is to be drawn of a channel's messages. @param {Message[]} messages */
  of(messages) {
    const from = this.#from;
    return from === null ? messages : messages.filter((message) => compareIds(message.id, from) >= 0);
  }

  /** Whether it goes up to the channel's very first message. */
  get isWhole() {
    const { rooms, placeId } = this.store;
    return this.#from === null && rooms.isLoaded(placeId) && !rooms.hasMore(placeId);
  }

  /**
   * Go one page up.
   *
   * @param {() => void} draw  called when more is to be drawn of what is loaded; what gets loaded is told by the store
   * @returns {Promise<boolean>} whether there may be still more
   */
  async more(draw) {
    const { store } = this;
    const { placeId, rooms } = store;
    if (!rooms.isLoaded(placeId)) return false;
    if (this.#from === null) return rooms.hasMore(placeId) && store.live.isUp && store.loadOlder(placeId);
    this.#upTo(this.#from);
    draw();
    return true;
  }

  /**
   * Go up until a message is in.
   *
   * @param {string} channelId
   * @param {string} messageId
   * @returns {Promise<boolean>} whether it is
   */
  async reach(channelId, messageId) {
    const { store } = this;
    for (
      let page = 0;
      page < MOST_PAGES && store.placeId === channelId && store.message(messageId) === undefined;
      page += 1
    ) {
      if (!store.rooms.hasMore(channelId) || !store.live.isUp) break;
      // A channel that was just entered loads its first page already; asking again waits for that one.
      await store.loadOlder(channelId);
    }
    if (!store.messagesIn(channelId).some((message) => message.id === messageId)) return false;
    if (this.#from !== null && compareIds(messageId, this.#from) < 0) this.#upTo(messageId);
    return true;
  }

  /** Draw a page more than up to a message. @param {string} messageId */
  #upTo(messageId) {
    const messages = this.store.messagesIn(this.store.placeId);
    const at = messages.findIndex((message) => compareIds(message.id, messageId) >= 0);
    this.#from = at > MORE_ROWS ? messages[at - MORE_ROWS].id : null;
  }
}
