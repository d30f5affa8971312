/**
 * What people do that the bot must answer: sends it, waits, and tells what came of it. Draws nothing.
 */

import { Notices } from "./notices.js";
import { Pendings } from "./pendings.js";

/** @typedef {import("./types.js").Pending} Pending */

const MODAL_CALLBACK = 9;

export class Deeds {
  pendings = new Pendings();
  notices = new Notices();

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
  }

  /**
   * @param {Pending["verb"]} verb
   * @param {Record<string, any>} fields
   * @param {string} label
   * @returns {Promise<boolean>} whether it was sent
   */
  async interact(verb, fields, label) {
    const { store } = this;
    /** @type {Pending} */
    const pending = {
      id: null,
      verb,
      personId: fields.person_id ?? store.meId,
      channelId: fields.channel_id ?? store.placeId,
      label,
      messageId: fields.message_id ?? null,
      customId: fields.custom_id ?? null,
      opener: verb === "modal" ? fields.interaction_id : null,
    };
    this.dismissFailures(pending);
    this.pendings.add(pending);
    store.emit("pending", { pending });
    try {
      const { interaction_id: id } = await store.ask(verb, fields);
      const early = this.pendings.identify(pending, id);
      if (early !== undefined) this.#settle(pending, early);
      return true;
    } catch (error) {
      this.#drop(pending, error instanceof Error ? error.message : String(error));
      store.complain(error);
      return false;
    }
  }

  /** @param {any} told  `answered` or `failed`, as pushed */
  answered(told) {
    const pending = this.pendings.match(told);
    if (pending) this.#settle(pending, told);
  }

  /** Wait no longer for anything. */
  giveUp() {
    for (const pending of this.pendings.all) this.#drop(pending, "The sandbox went away before it answered.");
  }

  /** @param {Pending} pending @param {string} text */
  notify(pending, text) {
    this.notices.add(pending, text);
    this.store.emit("notices", { channelId: pending.channelId });
  }

  /** @param {string} id */
  dismissNotice(id) {
    const notice = this.notices.remove(id);
    if (notice) this.store.emit("notices", { channelId: notice.channelId });
  }

  /** Pressing again takes the old failure away. @param {Pending} pending */
  dismissFailures(pending) {
    if (pending.messageId === null) return;
    for (const notice of this.notices.under(pending.messageId)) this.dismissNotice(notice.id);
  }

  /** @param {Pending} pending @param {any} told */
  #settle(pending, told) {
    const failed = told.event === "failed" ? told.text : null;
    this.#drop(pending, failed);
    // A form says by itself, where it still stands open, that it failed.
    if (failed !== null && pending.verb !== "modal") this.notify(pending, failed);
    else if (told.callback === MODAL_CALLBACK) this.store.emit("modal", { pending, modal: told.modal });
  }

  /** @param {Pending} pending @param {string|null} failed  why, if it did */
  #drop(pending, failed) {
    this.pendings.remove(pending);
    this.store.emit("settled", { pending, failed });
  }
}
