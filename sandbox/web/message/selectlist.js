/**
 * The list that a select opens: search in long ones, one choice at a time or several with "Done", all by keyboard too.
 * Knows nothing of selects, messages and the store.
 */

import { h, icon, refill } from "../core/dom.js";
import { drawEmoji } from "./emoji.js";

/** @typedef {import("./selectchoices.js").Choice} Choice */

/**
 * @typedef {object} ListOptions
 * @property {Choice[]} choices
 * @property {string[]} chosen
 * @property {number} least
 * @property {number} most
 * @property {string} label
 * @property {(values: string[]) => void} ondone
 * @property {() => void} onleave
 */

const LONG = 8;
const TYPING_MS = 700;
let number = 0;

export class SelectList {
  #active = 0;
  /** @type {Choice[]} */
  #shown;
  #typed = "";
  #typedAt = 0;

  /** @param {ListOptions} options */
  constructor(options) {
    this.options = options;
    this.id = `select-list-${++number}`;
    this.isMultiple = options.most > 1;
    this.chosen = new Set(options.chosen);
    this.#shown = options.choices;
    this.#active = Math.max(
      0,
      this.#shown.findIndex(({ value }) => this.chosen.has(value)),
    );
    this.list = h("div", {
      class: "select-list",
      id: this.id,
      role: "listbox",
      tabindex: "0",
      aria: { label: options.label, multiselectable: this.isMultiple ? "true" : null },
    });
    this.search = options.choices.length > LONG ? this.#makeSearch() : null;
    this.note = h("p", { class: "select-note", role: "status" });
    this.done = h("button", { type: "button", class: "button primary", onclick: () => this.#finish() }, "Done");
    const foot = this.isMultiple ? h("div", { class: "select-foot" }, this.note, this.done) : null;
    this.element = h(
      "div",
      { class: "select-panel", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) },
      this.search,
      this.list,
      foot,
    );
    this.#draw();
  }

  #makeSearch() {
    return h("input", {
      type: "text",
      class: "select-search",
      role: "combobox",
      placeholder: "Search",
      autocomplete: "off",
      spellcheck: "false",
      aria: { label: "Search", controls: this.id, expanded: "true", autocomplete: "list" },
      oninput: () => this.#filter(),
    });
  }

  focus() {
    (this.search ?? this.list).focus({ preventScroll: true });
    this.#showActive();
  }

  #filter() {
    const words = /** @type {HTMLInputElement} */ (this.search).value.trim().toLowerCase().split(/\s+/);
    this.#shown = this.options.choices.filter((choice) => {
      const text = `${choice.label} ${choice.description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    this.#active = 0;
    this.#draw();
  }

  #draw() {
    const rows = this.#shown.map((choice, at) => this.#row(choice, at));
    const nothing = this.options.choices.length === 0 ? "There is nothing to choose from here." : "Nothing found.";
    refill(
      this.list,
      rows.length > 0 ? rows : h("div", { class: "select-empty", role: "option", aria: { disabled: "true" } }, nothing),
    );
    this.#mark();
  }

  /** @param {Choice} choice @param {number} at */
  #row(choice, at) {
    const { label, description, emoji, look } = choice;
    const sign =
      look === "channel"
        ? h("span", { class: "select-sign" }, icon("hash"))
        : look === "option"
          ? null
          : h("span", { class: "select-sign" }, icon("person"));
    return h(
      "div",
      {
        class: "select-option",
        id: `${this.id}-${at}`,
        role: "option",
        onclick: () => this.#pick(at),
        onpointermove: () => this.#move(at, false),
      },
      emoji ? drawEmoji(emoji) : sign,
      h(
        "span",
        { class: "select-text" },
        h("span", { class: "select-label" }, label),
        description && h("span", { class: "select-description" }, description),
      ),
      h("span", { class: "select-check", aria: { hidden: "true" } }, icon("check")),
    );
  }

  /** Bring what is chosen, possible and active up to date. */
  #mark() {
    const { least, most } = this.options;
    const isFull = this.isMultiple && this.chosen.size >= most;
    for (const [at, choice] of this.#shown.entries()) {
      const row = this.list.children[at];
      const isChosen = this.chosen.has(choice.value);
      row.classList.toggle("is-active", at === this.#active);
      row.setAttribute("aria-selected", String(isChosen));
      row.setAttribute("aria-disabled", String(isFull && !isChosen));
    }
    const active = this.#shown.length > 0 ? `${this.id}-${this.#active}` : "";
    (this.search ?? this.list).setAttribute("aria-activedescendant", active);
    const fits = this.chosen.size >= least && this.chosen.size <= most;
    this.done.toggleAttribute("disabled", !fits);
    this.note.textContent = `${this.chosen.size} chosen · ${wanted(least, most)}`;
  }

  /** @param {number} at @param {boolean} scrolls */
  #move(at, scrolls = true) {
    if (at === this.#active || this.#shown.length === 0) return;
    this.#active = (at + this.#shown.length) % this.#shown.length;
    this.#mark();
    if (scrolls) this.#showActive();
  }

  #showActive() {
    this.list.children[this.#active]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} at */
  #pick(at) {
    const choice = this.#shown[at];
    if (!choice) return;
    this.#active = at;
    const { value } = choice;
    if (!this.isMultiple) {
      const isTakenBack = this.options.least === 0 && this.chosen.has(value);
      this.options.ondone(isTakenBack ? [] : [value]);
      return;
    }
    if (!this.chosen.delete(value) && this.chosen.size < this.options.most) this.chosen.add(value);
    this.#mark();
  }

  /** Values in the order in which they are listed. */
  #finish() {
    this.options.ondone(this.options.choices.map(({ value }) => value).filter((value) => this.chosen.has(value)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target === this.done) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isInList = event.target === this.list;
    if (step !== undefined) this.#move(this.#active + step);
    else if (event.key === "Home" && isInList) this.#move(0);
    else if (event.key === "End" && isInList) this.#move(this.#shown.length - 1);
    else if (event.key === "Enter" || (event.key === " " && isInList && !this.#isTyping(event)))
      this.#pick(this.#active);
    else if (event.key === "Tab" && !this.isMultiple) this.options.onleave();
    else return isInList ? this.#type(event) : undefined;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  #isTyping(event) {
    return this.#typed !== "" && event.timeStamp - this.#typedAt < TYPING_MS;
  }

  /** Letters lead to the next choice that begins with them. @param {KeyboardEvent} event */
  #type(event) {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    this.#typed = this.#isTyping(event) ? this.#typed + event.key : event.key;
    this.#typedAt = event.timeStamp;
    const typed = this.#typed.toLowerCase();
    const at = this.#shown.findIndex(({ label }) => label.toLowerCase().startsWith(typed));
    if (at >= 0) this.#move(at);
  }
}

/** How many may be chosen, in words. @param {number} least @param {number} most */
function wanted(least, most) {
  if (least === most) return `choose ${most}`;
  return least > 0 ? `${least} to ${most}` : `up to ${most}`;
}
