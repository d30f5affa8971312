/**
 * The list above the composer: commands, choices, suggestions. The focus stays in the text that is being typed; the
 * list says which of its entries is meant. Knows nothing of what is listed.
 */

import { h, refill } from "../core/dom.js";

/** @typedef {{title: string, detail?: string, aside?: string}} Row */

let number = 0;

export class ListPanel {
  /** @type {HTMLElement|null} whose list it is */
  owner = null;
  /** @type {Row[]} */
  #rows = [];
  /** @type {HTMLElement[]} */
  #options = [];
  #active = -1;
  /** @type {(row: any) => void} */
  #onpick = () => {};
  #id = `list-${++number}`;

  constructor() {
    this.node = h("div", { class: "list-panel", hidden: true });
    // The focus has to stay where one types.
    this.node.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get isOpen() {
    return this.owner !== null;
  }

  /** Whether an entry is meant. */
  get hasActive() {
    return this.#active >= 0;
  }

  /**
   * Show a list.
   *
   * @template {Row} R
   * @param {HTMLElement} owner  the input it belongs to
   * @param {object} shown
   * @param {string} shown.label  the listbox's name
   * @param {R[]} shown.rows
   * @param {number} [shown.active]  which is meant at first; -1 for none
   * @param {Node|string|null} [shown.head]
   * @param {string|null} [shown.note]  a sentence below
   * @param {(row: R) => void} [shown.onpick]
   */
  show(owner, { label, rows, active = 0, head = null, note = null, onpick = () => {} }) {
    if (this.owner !== owner) this.close();
    this.owner = owner;
    this.#rows = rows;
    this.#onpick = onpick;
    this.#options = rows.map((row, index) => this.#option(row, index));
    refill(
      this.node,
      head && h("div", { class: "list-head" }, head),
      rows.length > 0 &&
        // In the order of Tab, because a long list scrolls and the arrow keys are not everybody's way to scroll it.
        h("div", { role: "listbox", class: "list-rows", id: this.#id, tabindex: 0, aria: { label } }, this.#options),
      note && h("p", { class: "list-note", role: "status" }, note),
    );
    this.node.hidden = false;
    owner.setAttribute("aria-controls", this.#id);
    if (owner.getAttribute("role") === "combobox") owner.setAttribute("aria-expanded", String(rows.length > 0));
    this.#mean(Math.min(active, rows.length - 1));
  }

  /** @param {Row} row @param {number} index */
  #option(row, index) {
    const pick = () => this.#pick(index);
    const mean = () => index !== this.#active && this.#mean(index);
    return h(
      "div",
      { role: "option", id: `${this.#id}-${index}`, class: "list-row", onclick: pick, onpointermove: mean },
      h("span", { class: "list-row-title" }, row.title),
      row.detail && h("span", { class: "list-row-detail" }, row.detail),
      row.aside && h("span", { class: "list-row-aside" }, row.aside),
    );
  }

  /** @param {number} index */
  #mean(index) {
    this.#active = index;
    this.#options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.#options[index];
    if (option) {
      this.owner?.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.owner?.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  #pick(index) {
    const row = this.#rows[index];
    const onpick = this.#onpick;
    this.close();
    onpick(row);
  }

  /** Pick the entry that is meant. Return whether there was one. */
  pick() {
    if (!this.isOpen || this.#active < 0) return false;
    this.#pick(this.#active);
    return true;
  }

  close() {
    if (this.owner === null) return;
    this.owner.removeAttribute("aria-activedescendant");
    this.owner.removeAttribute("aria-controls");
    if (this.owner.getAttribute("role") === "combobox") this.owner.setAttribute("aria-expanded", "false");
    this.owner = null;
    this.#rows = [];
    this.#options = [];
    this.#active = -1;
    this.node.hidden = true;
    this.node.replaceChildren();
  }

  /**
   * Take a key that was pressed in the owner.
   *
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it was for the list
   */
  take(event) {
    if (!this.isOpen || event.isComposing) return false;
    const count = this.#rows.length;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowDown" && isPlain && count > 0) this.#mean((this.#active + 1) % count);
    else if (event.key === "ArrowUp" && isPlain && count > 0)
      this.#mean((Math.max(this.#active, 0) - 1 + count) % count);
    else if (event.key !== "Enter" || !isPlain || !this.pick()) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
