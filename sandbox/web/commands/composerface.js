/**
 * What a person sees of the composer: the text box or a command's fields, the bar of a reply, files, the count of
 * characters, and why one cannot write. Decides nothing; what is done there is told to `composer.js`.
 */

import { h, icon, iconButton, refill } from "../core/dom.js";
import { fileChip } from "./files.js";
import { growing, write } from "./grow.js";
import { lengthOf } from "./rules.js";

/** @typedef {import("./drafts.js").Draft} Draft */

/** How many characters a message takes. */
export const LONGEST = 2000;
const COUNTED_FROM = 1800;
const CANNOT_SEND = "You cannot send messages here";

/**
 * @typedef {object} ComposerDeeds
 * @property {() => void} send
 * @property {(anchor: Element) => void} add    the plus
 * @property {() => void} cancelReply
 * @property {(file: File) => void} removeFile
 */

export class ComposerFace {
  /**
   * @param {import("../core/store.js").Store} store
   * @param {HTMLElement} above  the lists
   * @param {ComposerDeeds} deeds
   */
  constructor(store, above, deeds) {
    this.store = store;
    this.deeds = deeds;
    this.box = /** @type {HTMLTextAreaElement} */ (
      h("textarea", {
        rows: 1,
        class: "composer-text",
        autocomplete: "off",
        enterkeyhint: "send",
        aria: { autocomplete: "list" },
      })
    );
    this.boxPlace = growing(this.box, "composer-grow");
    this.reply = h("div", { class: "reply-bar", hidden: true });
    this.hintPlace = h("div", { class: "composer-hint-place" });
    this.chips = h("ul", { class: "file-chips", hidden: true, aria: { label: "Files to send" } });
    this.counter = h("span", { class: "composer-counter", role: "status" });
    this.note = h("p", { class: "composer-note", role: "status", hidden: true });
    this.inputPlace = h("div", { class: "composer-input" }, this.boxPlace);
    this.plus = /** @type {HTMLButtonElement} */ (
      h(
        "button",
        {
          type: "button",
          class: "icon-button composer-plus",
          title: "Add",
          aria: { label: "Add", haspopup: "menu" },
          onclick: () => deeds.add(this.plus),
        },
        icon("plus"),
      )
    );
    this.sender = /** @type {HTMLButtonElement} */ (iconButton("send", "Send", deeds.send, { class: "composer-send" }));
    const line = h("div", { class: "composer-line" }, this.plus, this.inputPlace, this.counter, this.sender);
    const frame = h("div", { class: "composer-frame" }, this.reply, this.hintPlace, this.chips, line);
    this.node = h("div", { class: "composer" }, above, this.note, frame);
  }

  /**
   * Show a draft.
   *
   * @param {Draft} draft
   * @returns {boolean} whether the focus was in what is not shown any more
   */
  draw(draft) {
    const shown = draft.row?.node ?? this.boxPlace;
    const isOther = this.inputPlace.firstElementChild !== shown;
    const hadFocus = isOther && this.inputPlace.contains(document.activeElement);
    if (isOther) refill(this.inputPlace, shown);
    refill(this.hintPlace, draft.row?.hint);
    this.plus.hidden = draft.row !== null;
    if (this.box.value !== draft.text) write(this.box, draft.text);
    this.name();
    this.#drawReply(draft.replyTo);
    this.chips.hidden = draft.files.length === 0;
    refill(
      this.chips,
      draft.files.map((file) => fileChip(file, () => this.deeds.removeFile(file))),
    );
    this.count(draft);
    return hadFocus;
  }

  /** Say where one writes, and whether one may. */
  name() {
    const { store, box } = this;
    const { place } = store;
    const name = place?.guild_id === null ? store.nameOf(place) : `#${place?.name ?? ""}`;
    const mayCommand = store.can("commands");
    const maySend = store.can("send");
    box.setAttribute("aria-label", `Message ${name}`);
    const hint = mayCommand ? "Type / for commands" : "";
    box.placeholder = maySend ? `Message ${name}${mayCommand ? ", or / for commands" : ""}` : hint;
    for (const control of [box, this.plus, this.sender]) control.disabled = !maySend && !mayCommand;
    const why = mayCommand ? `${CANNOT_SEND}, but commands work.` : `${CANNOT_SEND}.`;
    this.say(maySend || !place ? "" : why);
  }

  /** Put a sentence above the box; an empty one goes away. @param {string} text */
  say(text) {
    if (this.note.textContent !== text) refill(this.note, text);
    this.note.hidden = text === "";
  }

  /** Draw the eye to that sentence. */
  pointAtNote() {
    this.note.classList.remove("is-pointed-at");
    requestAnimationFrame(() => this.note.classList.add("is-pointed-at"));
  }

  /** @param {Draft["replyTo"]} replyTo */
  #drawReply(replyTo) {
    this.reply.hidden = replyTo === null;
    if (replyTo === null) return;
    const { author } = replyTo;
    const name = this.store.person(author.id)?.display_name ?? author.global_name ?? author.username;
    refill(
      this.reply,
      h("span", null, "Replying to ", h("strong", null, name)),
      iconButton("close", "Cancel reply", this.deeds.cancelReply),
    );
  }

  /** Count near the limit. @param {Draft} draft */
  count({ text, row }) {
    const length = row === null ? lengthOf(text) : 0;
    const left = LONGEST - length;
    const words = left < 0 ? `${-left} too many` : `${left} left`;
    refill(this.counter, length < COUNTED_FROM ? null : words);
    this.counter.classList.toggle("is-over", left < 0);
  }
}
