/**
 * The messages of a channel: draws what is new or changed and nothing else, loads what is older, shows where the new ones
 * begin. How a message looks is not its business.
 */

import { h, icon, refill } from "../core/dom.js";
import { renderMessage, updatePending } from "../message/message.js";
import { beginning, firstHint } from "./beginning.js";
import { spokenName } from "./places.js";
import { Pressing } from "./pressing.js";
import { Reading } from "./reading.js";
import { dayInWords, rowsOf } from "./rows.js";
import { Span } from "./span.js";
import { drawTail } from "./tail.js";
import { walkMessages } from "./walking.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").Message} Message */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {{node: HTMLElement, article: HTMLElement|null, row: Row}} Drawn */

const NEAR_TOP_PX = 1500;
const THINKING = 128;

export class MessageList {
  /** @type {Map<string, Drawn>} what stands in the page, by row */
  #drawn = new Map();
  /** @type {string|null} where the new ones begin */
  #newFrom = null;
  #news = 0;
  /** @type {Set<string>} messages that have a notice under them */
  #noticed = new Set();
  #isLoading = false;

  /**
   * @param {Store} store
   * @param {HTMLElement} host
   * @param {{actions: any}} wires
   */
  constructor(store, host, { actions }) {
    this.store = store;
    this.actions = actions;
    this.span = new Span(store);
    this.head = h("div", { class: "log-head" });
    this.rows = h("div", { class: "rows" });
    this.tail = h("div", { class: "log-tail" });
    this.content = h("div", { class: "message-scroll" }, this.head, this.rows, this.tail);
    this.log = h(
      "div",
      { class: "message-log", role: "log", id: "messages", tabindex: 0, aria: { label: "Messages" } },
      this.content,
    );
    this.newest = h("button", { type: "button", class: "to-newest", hidden: true, onclick: () => this.toNewest() });
    refill(host, this.log, this.newest);
    this.reading = new Reading(this.log, this.content, this.rows);
    this.pressing = new Pressing(this.log);
    this.reading.addEventListener("scroll", () => this.#moved());
    walkMessages(this.log, this.rows);
    this.#listen();
  }

  #listen() {
    const { store } = this;
    const isHere = (/** @type {string} */ channelId) => channelId === store.placeId;
    store.on("place", () => this.#enter());
    store.on("world commands", () => this.#draw({ all: true }));
    store.on("channel", ({ channelId }) => isHere(channelId) && this.#draw());
    store.on(
      "message",
      ({ message, isNew }) => isHere(message.channel_id) && store.sees(message) && this.#came(message, isNew),
    );
    store.on("gone", ({ channelId }) => isHere(channelId) && this.#draw());
    store.on("pending settled", ({ pending }) => isHere(pending.channelId) && this.#waits(pending));
    store.on("pending", ({ pending }) => isHere(pending.channelId) && pending.messageId === null && this.toNewest());
    store.on("notices", ({ channelId }) => isHere(channelId) && this.#noticesChanged());
    store.on("jump", ({ channelId, messageId }) => void this.#jump(channelId, messageId));
  }

  /** Go to the newest message. */
  toNewest() {
    this.#newFrom = null;
    this.#news = 0;
    this.#draw();
    this.reading.toBottom();
  }

  // What happens --------------------------------------------------------------------------------------------------

  /** Show another channel, or the same as somebody else. */
  #enter() {
    const { store } = this;
    this.#newFrom = store.rooms.newFrom(store.meId, store.placeId);
    this.#news = 0;
    this.span.begin();
    this.#drawn.clear();
    this.rows.replaceChildren();
    this.log.setAttribute("aria-label", store.place ? `Messages in ${spokenName(store, store.place)}` : "Messages");
    this.reading.isAtBottom = true;
    this.#draw();
    const news = this.#drawn.get("new");
    if (news !== undefined) this.reading.show(news.node, 0.3);
  }

  /** @param {Message} message @param {boolean} isNew */
  #came(message, isNew) {
    if (!isNew) return this.#touch([message.id]);
    const isMine = message.author.id === this.store.meId;
    const isSeen = this.reading.isAtBottom && !document.hidden;
    if (!isMine && !isSeen) {
      this.#newFrom ??= message.id;
      this.#news += 1;
    }
    this.#draw();
    if (isMine) this.toNewest();
    return undefined;
  }

  /** Draw some messages anew. @param {(string|null)[]} ids */
  #touch(ids) {
    this.#draw({ touched: new Set(ids) });
  }

  /** Something a person did waits for the bot, or does no longer. @param {import("../core/types.js").Pending} pending */
  #waits({ messageId }) {
    const article = this.#drawn.get(messageId ?? "")?.article;
    if (article) updatePending(this.store, article);
    else this.reading.keep(() => drawTail(this.store, this.tail));
  }

  #noticesChanged() {
    const now = new Set(this.store.noticesIn(this.store.placeId).flatMap((notice) => notice.messageId ?? []));
    const touched = [...new Set([...this.#noticed, ...now])];
    this.#noticed = now;
    this.#touch(touched);
  }

  /** The person moved: more may be wanted above, and what was new may be seen now. */
  #moved() {
    if (this.reading.isAtBottom) this.#news = 0;
    this.#drawNewest();
    this.#wantMore();
  }

  // Drawing -------------------------------------------------------------------------------------------------------

  /** @param {{all?: boolean, touched?: Set<string|null>}} [what]  which messages changed though they are the same objects */
  #draw({ all = false, touched = new Set() } = {}) {
    const { store } = this;
    const messages = store.messagesIn(store.placeId);
    const rows = rowsOf(this.span.of(messages), this.#newFrom);
    this.reading.keep(() => {
      this.#dropOthers(rows);
      /** @type {Element|null} */
      let cursor = this.rows.firstElementChild;
      for (const row of rows) {
        const node = this.#row(row, all || touched.has(row.message.id));
        if (node === cursor) cursor = cursor.nextElementSibling;
        else this.rows.insertBefore(node, cursor);
      }
      this.#drawHead(messages);
      drawTail(store, this.tail);
    });
    this.#drawNewest();
    this.#wantMore();
  }

  /** Take away the rows that are no more; the focus goes on to a neighbor. @param {Row[]} rows */
  #dropOthers(rows) {
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.#drawn) {
      if (keys.has(key)) continue;
      if (node.contains(document.activeElement)) this.log.focus({ preventScroll: true });
      node.remove();
      this.#drawn.delete(key);
    }
  }

  /** Return a row's node, drawn anew if it has to be. @param {Row} row @param {boolean} isTouched */
  #row(row, isTouched) {
    const drawn = this.#drawn.get(row.key);
    if (drawn === undefined) return this.#first(row);
    const isSame = drawn.row.message === row.message && drawn.row.isFollowing === row.isFollowing;
    if (drawn.article !== null && (!isSame || isTouched)) this.#again(drawn, row);
    return drawn.node;
  }

  /** @param {Row} row */
  #first(row) {
    const article = row.kind === "message" ? this.#article(row) : null;
    const node = row.kind === "message" ? h("div", { class: "message-row" }, article) : divider(row);
    this.#drawn.set(row.key, { node, article, row });
    return node;
  }

  /** @param {Drawn} drawn @param {Row} row */
  #again(drawn, row) {
    if (this.pressing.isIn(drawn.node)) return this.pressing.after(() => this.#touch([row.message.id]));
    // Progress that changes every few seconds would be read out each time; an answer that was thought about is news.
    if (!(drawn.row.message.flags & THINKING)) drawn.node.setAttribute("aria-live", "off");
    drawn.row = row;
    // The new drawing takes over what plays, is open or has the focus, so it has to stand in the page at once.
    const fresh = this.#article(row);
    drawn.article?.replaceWith(fresh);
    drawn.article = fresh;
    return undefined;
  }

  /** @param {Row} row */
  #article({ message, isFollowing }) {
    return renderMessage(this.store, message, { isFollowing, actions: this.actions });
  }

  /** @param {Message[]} messages */
  #drawHead(messages) {
    const { store } = this;
    const { isWhole } = this.span;
    const isFresh =
      isWhole && messages.length < 10 && messages.every((message) => message.author.id !== store.world.bot.id);
    const key = [
      isWhole,
      isFresh,
      store.meId,
      store.placeId,
      store.place?.topic,
      store.place?.note,
      store.can("commands"),
    ].join(" ");
    if (this.head.dataset.shows === key) return;
    this.head.dataset.shows = key;
    if (isWhole) refill(this.head, beginning(store), isFresh && firstHint(store));
    else refill(this.head, h("p", { class: "older" }, "Loading older messages…"));
  }

  #drawNewest() {
    this.newest.hidden = this.reading.isAtBottom;
    const text =
      this.#news > 0 ? `${this.#news} new ${this.#news === 1 ? "message" : "messages"}` : "Back to the newest";
    if (this.newest.dataset.text === text) return;
    this.newest.dataset.text = text;
    refill(this.newest, text, icon("arrow-down"));
  }

  // Older messages ------------------------------------------------------------------------------------------------

  /** Draw or load older messages while what is above the window is short. */
  #wantMore() {
    const isNear = () => this.log.scrollTop <= NEAR_TOP_PX && this.log.clientHeight > 0;
    if (this.#isLoading || !isNear()) return;
    this.#isLoading = true;
    requestAnimationFrame(async () => {
      const isMore = isNear() && (await this.span.more(() => this.#draw()));
      this.#isLoading = false;
      if (isMore) this.#wantMore();
    });
  }

  /** @param {string} channelId @param {string} messageId */
  async #jump(channelId, messageId) {
    const { store } = this;
    const isThere = await this.span.reach(channelId, messageId);
    if (store.placeId !== channelId) return undefined;
    if (!isThere) return store.toast("That message is not there anymore.");
    this.#draw();
    return this.#showRow(messageId);
  }

  /** @param {string} messageId */
  #showRow(messageId) {
    const drawn = this.#drawn.get(messageId);
    if (drawn === undefined) return;
    this.reading.show(drawn.node, 0.4);
    drawn.article?.focus({ preventScroll: true });
    drawn.node.classList.add("is-flashed");
    drawn.node.addEventListener("animationend", () => drawn.node.classList.remove("is-flashed"), { once: true });
  }
}

/** @param {Row} row */
function divider({ kind, message }) {
  if (kind === "new")
    return h(
      "div",
      { class: "day-divider is-new", role: "separator", aria: { label: "New messages" } },
      h("span", null, "New messages"),
    );
  return h(
    "div",
    { class: "day-divider", role: "separator", aria: { label: dayInWords(message) } },
    h("span", null, dayInWords(message)),
  );
}
