/**
 * The messages of all channels, in order, and which of them nobody has read yet. Knows nothing of the server or the page.
 */

/** @typedef {import("./types.js").Message} Message */

/** @typedef {{messages: Message[], isLoaded: boolean, hasMore: boolean}} Room */

export class Rooms {
  /** @type {Map<string, Room>} */
  #rooms = new Map();
  /** @type {Map<string, Message>} */
  #byId = new Map();
  /** @type {Map<string, {count: number, pings: number, from: string|null}>} by person and channel */
  #unread = new Map();
  /** @type {Map<string, string|null>} where the news began, by person and channel */
  #newFrom = new Map();

  /** @param {string} channelId */
  #room(channelId) {
    const room = this.#rooms.get(channelId) ?? { messages: [], isLoaded: false, hasMore: true };
    this.#rooms.set(channelId, room);
    return room;
  }

  /** @param {string} channelId */
  messages(channelId) {
    return this.#rooms.get(channelId)?.messages ?? [];
  }

  /** @param {string} id */
  message(id) {
    return this.#byId.get(id);
  }

  /** @param {string} channelId */
  isLoaded(channelId) {
    return this.#rooms.get(channelId)?.isLoaded ?? false;
  }

  /** @param {string} channelId */
  hasMore(channelId) {
    return this.#rooms.get(channelId)?.hasMore ?? true;
  }

  /** The oldest message that came from the history, or null. @param {string} channelId */
  oldest(channelId) {
    return this.isLoaded(channelId)
      ? (this.messages(channelId).find((message) => message.ephemeral_to === null)?.id ?? null)
      : null;
  }

  /** Add a page of history. @param {string} channelId @param {Message[]} messages @param {boolean} more */
  addOlder(channelId, messages, more) {
    const room = this.#room(channelId);
    for (const message of messages) this.put(message);
    room.isLoaded = true;
    room.hasMore = more;
  }

  /** Add a message, or put it in the place of the one with its id. Return whether it is new. @param {Message} message */
  put(message) {
    const { messages } = this.#room(message.channel_id);
    const isNew = !this.#byId.has(message.id);
    this.#byId.set(message.id, message);
    const at = position(messages, message.id);
    messages.splice(at, isNew ? 0 : 1, message);
    return isNew;
  }

  /** @param {string} channelId @param {string} messageId */
  remove(channelId, messageId) {
    this.#byId.delete(messageId);
    const room = this.#room(channelId);
    room.messages = room.messages.filter((message) => message.id !== messageId);
  }

  /** Drop what the server can tell again; ephemeral messages only when `everything` is. @param {boolean} everything */
  forgetPublic(everything) {
    for (const [channelId, room] of this.#rooms) {
      const kept = everything ? [] : room.messages.filter((message) => message.ephemeral_to !== null);
      this.#rooms.set(channelId, { messages: kept, isLoaded: false, hasMore: true });
    }
    this.#byId = new Map(
      [...this.#rooms.values()].flatMap((room) => room.messages.map((message) => [message.id, message])),
    );
    if (!everything) return;
    this.#unread.clear();
    this.#newFrom.clear();
  }

  /** Note a new message as unread for somebody who sees the channel. @param {Message} message @param {string} personId */
  count(message, personId) {
    const isPrivate = message.ephemeral_to !== null && message.ephemeral_to !== personId;
    if (isPrivate || message.author.id === personId) return;
    const { count, pings, from } = this.unread(personId, message.channel_id);
    const pinged = message.pings.includes(personId) ? 1 : 0;
    this.#unread.set(`${personId} ${message.channel_id}`, {
      count: count + 1,
      pings: pings + pinged,
      from: from ?? message.id,
    });
  }

  /** What nobody has read yet; `from` is the first of it. @param {string} personId @param {string} channelId */
  unread(personId, channelId) {
    return this.#unread.get(`${personId} ${channelId}`) ?? { count: 0, pings: 0, from: null };
  }

  /** @param {string} personId @param {string} channelId */
  read(personId, channelId) {
    const key = `${personId} ${channelId}`;
    this.#newFrom.set(key, this.#unread.get(key)?.from ?? null);
    this.#unread.delete(key);
  }

  /** The first message that was new when somebody came here last, or null. @param {string} personId @param {string} channelId */
  newFrom(personId, channelId) {
    return this.#newFrom.get(`${personId} ${channelId}`) ?? null;
  }
}

/**
 * Where an id stands, or would stand, in a sorted list: ids are numbers too long for a Number, and grow.
 *
 * @param {Message[]} messages
 * @param {string} id
 */
function position(messages, id) {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareIds(messages[middle].id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {string} a @param {string} b */
export function compareIds(a, b) {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
