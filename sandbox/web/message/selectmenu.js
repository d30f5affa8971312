/**
 * A select of any kind, in a message or in a modal: a face that shows what is chosen, and the list that it opens
 * (`selectlist.js`). Sends nothing: whoever put it there is told of the choice.
 */

import { h, icon, refill } from "../core/dom.js";
import { openPopover } from "../core/popover.js";
import { drawEmoji } from "./emoji.js";
import { choicesOf, defaultsOf } from "./selectchoices.js";
import { SelectList } from "./selectlist.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./selectchoices.js").Choice} Choice */

/**
 * @typedef {object} SelectOptions
 * @property {string} channelId  the place whose people, roles and channels can be chosen
 * @property {string} [label]  its name; otherwise its placeholder
 * @property {boolean} [disabled]
 * @property {boolean} [isBusy]  what was chosen last has no answer yet
 * @property {(values: string[]) => void} [onchange]
 *
 * @typedef {HTMLElement & {values: () => string[], setBusy: (isBusy: boolean) => void}} SelectElement
 */

/**
 * Make a select.
 *
 * @param {Store} store
 * @param {any} node  component of type 3, 5, 6, 7 or 8
 * @param {SelectOptions} options
 * @returns {SelectElement}
 */
export function selectMenu(store, node, options) {
  return new SelectMenu(store, node, options).element;
}

class SelectMenu {
  /** @type {ReturnType<typeof openPopover>|null} */
  #popover = null;
  #isBusy = false;

  /** @param {Store} store @param {any} node @param {SelectOptions} options */
  constructor(store, node, options) {
    this.store = store;
    this.node = node;
    this.options = options;
    this.chosen = defaultsOf(node);
    const label = options.label || node.placeholder || "Make a selection";
    this.face = h("button", {
      type: "button",
      class: "select-face",
      role: "combobox",
      disabled: options.disabled,
      aria: { label, haspopup: "listbox", expanded: "false" },
      onclick: () => this.#toggle(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    const values = () => [...this.chosen];
    const setBusy = (/** @type {boolean} */ isBusy) => this.#setBusy(isBusy);
    this.element = Object.assign(h("div", { class: "select" }, this.face), { values, setBusy });
    this.#setBusy(options.isBusy ?? false);
    this.#draw();
  }

  #draw() {
    const all = choicesOf(this.store, this.node, this.options.channelId);
    const shown = this.chosen
      .map((value) => all.find((choice) => choice.value === value))
      .filter((choice) => choice !== undefined);
    const text =
      shown.length === 0
        ? h("span", { class: "select-placeholder" }, this.node.placeholder ?? "Make a selection")
        : h(
            "span",
            { class: "select-values" },
            shown.map((choice) => chosenFace(choice, shown.length > 1)),
          );
    refill(this.face, text, h("span", { class: "spinner", aria: { hidden: "true" } }), icon("chevron"));
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#isBusy = isBusy;
    this.element?.classList.toggle("is-busy", isBusy);
    this.face.setAttribute("aria-busy", String(isBusy));
    if (isBusy) this.#popover?.close();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (!this.#popover) this.#open();
  }

  #toggle() {
    if (this.#popover) this.#popover.close();
    else this.#open();
  }

  #open() {
    if (this.#isBusy) return;
    const list = new SelectList({
      choices: choicesOf(this.store, this.node, this.options.channelId),
      chosen: this.chosen,
      // A select of a form that need not be filled in can be emptied, whatever its least is.
      least: this.node.required === false ? 0 : (this.node.min_values ?? 1),
      most: this.node.max_values ?? 1,
      label: this.face.getAttribute("aria-label") ?? "",
      ondone: (values) => this.#choose(values),
      onleave: () => this.#popover?.close(),
    });
    const onclose = () => {
      this.#popover = null;
      this.face.setAttribute("aria-expanded", "false");
      this.face.removeAttribute("aria-controls");
    };
    this.#popover = openPopover(this.face, list.element, { class: "select-popover", onclose });
    this.#popover.node.style.minWidth = `${this.face.offsetWidth}px`;
    this.#popover.place();
    this.face.setAttribute("aria-expanded", "true");
    this.face.setAttribute("aria-controls", list.id);
    list.focus();
  }

  /** @param {string[]} values */
  #choose(values) {
    const isSame = values.length === this.chosen.length && values.every((value) => this.chosen.includes(value));
    this.chosen = values;
    this.#draw();
    this.#popover?.close();
    if (!isSame || values.length > 0) this.options.onchange?.(this.element.values());
  }
}

/** @param {Choice} choice @param {boolean} isOneOfMany */
function chosenFace({ label, emoji, look }, isOneOfMany) {
  const mark = look === "channel" ? "#" : look === "role" || look === "person" ? "@" : "";
  return h(
    "span",
    { class: isOneOfMany ? "select-value is-chip" : "select-value" },
    emoji && drawEmoji(emoji),
    mark,
    label,
  );
}
