/**
 * What the page knows: the world, the messages, who the person is and where. Draws nothing; views listen and ask.
 *
 * Messages of everybody come in; `messagesIn` shows only what the present person may see, so that switching people
 * shows each their own view. Events, each with `detail`:
 *
 * * `world` (places or rights changed), `me`, `place` (person or channel switched), `link` {up}, `restarted`
 * * `jump` {channelId, messageId}: show this message
 * * `channel` {channelId}: read its messages anew; `message` {message, isNew}: one came or changed; `gone` {channelId, messageId}
 * * `pending` {pending} and `settled` {pending, failed}: something a person did waits for the bot, or does no longer
 *   (`failed`: a sentence, or null when it was answered)
 * * `mention` {personId}: name this person in what is being written; `start` {name}: begin this command
 * * `modal` {pending, modal}: the bot opened a form for what this page's person did
 * * `notices` {channelId}; `toast` {text, kind}
 * * `typing` {channelId}; `commands`; `bot`; `panel`; `log` {lines}; `unread`
 * * `language`: Discord speaks another one, and so do the commands
 */

import { Deeds } from "./deeds.js";
import { Live, Offline } from "./live.js";
import { chooseLocale, spokenLocale } from "./locale.js";
import { Rooms } from "./rooms.js";
import { Whereabouts } from "./whereabouts.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Pending} Pending */

const LOG_LINES = 500;
const PAGE = 50;

export class Store extends Whereabouts {
  live = new Live();
  /** @type {import("./types.js").BotState} */
  bot = { online: false, state: "starting", pid: null, exit_code: null, starts: 0 };
  /** @type {any} */
  catalog = { faults: [], discord_faults: [], routes: [], permissions: [], rates: { least: 0, most: 10 } };
  /** @type {any} */
  panel = {
    tasks: [],
    faults: [],
    discord_faults: [],
    requests: {},
    rate: 1,
    spent_usd: 0,
    refunded_usd: 0,
    charges: 0,
  };
  /** @type {string[]} */
  log = [];
  rooms = new Rooms();
  #deeds = new Deeds(this);
  /** @type {Map<string, string>} the channel that each person was in last */
  #lastPlace = new Map();
  /** @type {Map<string, Promise<boolean>>} pages of history that are on their way, by channel */
  #loading = new Map();
  /** @type {Set<string>} messages that were dismissed, by id */
  #dismissed = new Set();
  #isLooking = true;

  constructor() {
    super();
    this.live.addEventListener("up", () => void this.#hello());
    this.live.addEventListener("down", () => this.emit("link", { up: false }));
    this.live.addEventListener("told", (event) => this.#told(/** @type {CustomEvent} */ (event).detail));
  }

  // Who and where -------------------------------------------------------------------------------------------------

  /** Become somebody else, in the channel they were in last. @param {string} personId */
  be(personId) {
    if (personId === this.meId) return;
    this.#lastPlace.set(this.meId, this.placeId);
    this.settle(personId, this.placeId);
    this.emit("me");
    this.go(this.nearest(this.#lastPlace.get(personId) ?? ""));
  }

  /** Go to a channel that the person sees. @param {string} channelId */
  go(channelId) {
    if (!this.can("view", channelId)) return;
    this.placeId = channelId;
    this.#read();
    this.emit("place");
    if (!this.rooms.isLoaded(channelId)) void this.loadOlder(channelId);
  }

  /** Say whether somebody looks at the page: while nobody does, what comes in stays unread. @param {boolean} isLooking */
  look(isLooking) {
    this.#isLooking = isLooking;
    if (isLooking) this.#read();
  }

  #read() {
    if (this.#isLooking) this.rooms.read(this.meId, this.placeId);
    this.emit("unread");
  }

  // Messages ------------------------------------------------------------------------------------------------------

  /** Return what the person sees in a channel, oldest first. @param {string} channelId @returns {Message[]} */
  messagesIn(channelId) {
    return this.rooms.messages(channelId).filter((message) => this.sees(message));
  }

  /** @param {Message} message */
  sees(message) {
    if (this.#dismissed.has(message.id)) return false;
    return message.ephemeral_to === null || message.ephemeral_to === this.meId;
  }

  /**
   * Hide a message that only this person sees. As at Discord, only this page forgets it: the bot may still change it.
   *
   * @param {Message} message
   */
  dismiss({ id, channel_id: channelId }) {
    this.#dismissed.add(id);
    this.emit("gone", { channelId, messageId: id });
  }

  /** @param {string} id */
  message(id) {
    return this.rooms.message(id);
  }

  /** Load what came before the oldest message here; return whether there is still more. @param {string} channelId */
  loadOlder(channelId) {
    const started = this.#loading.get(channelId);
    if (started !== undefined) return started;
    const loading = this.#loadPage(channelId).finally(() => this.#loading.delete(channelId));
    this.#loading.set(channelId, loading);
    return loading;
  }

  /** @param {string} channelId */
  async #loadPage(channelId) {
    const before = this.rooms.oldest(channelId);
    try {
      const page = await this.live.ask("history", { person_id: this.meId, channel_id: channelId, before, limit: PAGE });
      this.rooms.addOlder(channelId, page.messages, page.more);
      this.emit("channel", { channelId });
      return page.more;
    } catch (error) {
      if (!(error instanceof Offline)) this.complain(error); // the bar says so already, and all is loaded anew
      return false;
    }
  }

  /** Go where a message is and ask the list to show it. @param {string} channelId @param {string} messageId */
  jump(channelId, messageId) {
    if (channelId !== this.placeId) this.go(channelId);
    this.emit("jump", { channelId, messageId });
  }

  /** Let Discord speak another language, or with null the browser's. @param {string|null} locale */
  async speak(locale) {
    chooseLocale(locale);
    this.emit("language");
    this.emit("commands");
    try {
      await this.live.ask("language", { locale: spokenLocale() });
    } catch (error) {
      if (!(error instanceof Offline)) this.complain(error); // the next hello says it
    }
  }

  // What a person does --------------------------------------------------------------------------------------------

  /**
   * Ask the sandbox for something as the present person, here.
   *
   * @param {string} verb
   * @param {Record<string, any>} [fields]
   */
  ask(verb, fields = {}) {
    return this.live.ask(verb, { person_id: this.meId, channel_id: this.placeId, ...fields });
  }

  /**
   * Do what the bot must answer: a command, a click, a choice, a modal. Shows by itself what goes wrong.
   *
   * @param {Pending["verb"]} verb
   * @param {Record<string, any>} fields  as in the protocol
   * @param {string} label
   * @returns {Promise<boolean>} whether it was sent
   */
  interact(verb, fields, label) {
    return this.#deeds.interact(verb, fields, label);
  }

  /** What waits for the bot, of everybody. */
  get pendings() {
    return this.#deeds.pendings.all;
  }

  /** Whether a component waits for its answer. @param {string} messageId @param {string} customId */
  isPending(messageId, customId) {
    return this.#deeds.pendings.has(messageId, customId, this.meId);
  }

  // What the client says by itself ----------------------------------------------------------------------------------

  /** Tell the person what came of what they did. @param {Pending} pending @param {string} text */
  notify(pending, text) {
    this.#deeds.notify(pending, text);
  }

  /** What the present person was told in a channel. @param {string} channelId */
  noticesIn(channelId) {
    return this.#deeds.notices.in(channelId, this.meId);
  }

  /** @param {string} id */
  dismissNotice(id) {
    this.#deeds.dismissNotice(id);
  }

  /** Take the old failure away when something is tried again. @param {Pending} pending */
  dismissFailures(pending) {
    this.#deeds.dismissFailures(pending);
  }

  /** Tell the person what went wrong. @param {unknown} error */
  complain(error) {
    this.toast(error instanceof Error ? error.message : String(error), "error");
  }

  /** @param {string} text @param {"info"|"error"|"success"} [kind] */
  toast(text, kind = "info") {
    this.emit("toast", { text, kind });
  }

  // What the sandbox tells ------------------------------------------------------------------------------------------

  async #hello() {
    try {
      const { world, catalog, panel, bot, log } = await this.live.ask("hello", { locale: spokenLocale() });
      const isAnother = this.world.run !== "" && this.world.run !== world.run;
      Object.assign(this, { world, catalog, panel, bot, log });
      this.#renew(isAnother);
    } catch (error) {
      this.complain(error);
    }
  }

  /** Begin, or go on after the line was lost: what was missed is loaded anew. @param {boolean} isAnother */
  #renew(isAnother) {
    this.rooms.forgetPublic(isAnother);
    this.#deeds.giveUp();
    if (isAnother) {
      this.#deeds.notices.clear();
      this.emit("restarted");
    }
    if (this.me === undefined) this.settle(this.world.me, this.placeId);
    this.emit("link", { up: true });
    for (const name of ["world", "me", "commands", "bot", "panel", "log"]) this.emit(name);
    this.go(this.nearest(this.placeId, this.world.start));
  }

  /** @param {any} told */
  #told(told) {
    switch (told.event) {
      case "message":
        return this.#message(told.message);
      case "message_gone":
        return this.#gone(told.channel_id, told.message_id);
      case "answered":
      case "failed":
        return this.#deeds.answered(told);
      case "typing":
        return this.emit("typing", { channelId: told.channel_id });
      case "world":
        return this.#world(told.world);
      case "bot":
      case "panel":
        /** @type {any} */ (this)[told.event] = told[told.event];
        return this.emit(told.event);
      case "log":
        this.log = [...this.log, ...told.lines].slice(-LOG_LINES);
        return this.emit("log", { lines: told.lines });
      case "commands":
        return this.emit("commands");
    }
  }

  /** @param {Message} message */
  #message(message) {
    const isNew = this.rooms.put(message);
    if (isNew) this.#count(message);
    this.emit("message", { message, isNew });
    if (isNew) this.emit("unread");
  }

  /** Note a new message as unread for everybody who sees it and does not look. @param {Message} message */
  #count(message) {
    for (const { id } of this.world.people) {
      const isLooking = this.#isLooking && id === this.meId && message.channel_id === this.placeId;
      if (!isLooking && this.can("view", message.channel_id, id)) this.rooms.count(message, id);
    }
  }

  /** @param {string} channelId @param {string} messageId */
  #gone(channelId, messageId) {
    this.rooms.remove(channelId, messageId);
    this.emit("gone", { channelId, messageId });
  }

  /** @param {import("./types.js").World} world */
  #world(world) {
    this.world = world;
    this.emit("world");
    if (!this.can("view", this.placeId)) this.go(this.nearest());
  }
}
