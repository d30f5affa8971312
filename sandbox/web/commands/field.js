/**
 * An option of a chosen command as a field: a frame with the option's name, and in it a text or a number that is typed.
 * Fields that are picked from a list and files build upon it.
 */

import { h } from "../core/dom.js";
import { nameOf } from "../core/locale.js";
import { fit, growing, write } from "./grow.js";
import { readText, TEXT } from "./rules.js";

/** @typedef {import("../core/types.js").Option} Option */

/**
 * @typedef {object} RowContext         what a field may ask of the row it stands in
 * @property {import("../core/store.js").Store} store
 * @property {import("./listpanel.js").ListPanel} list
 * @property {string} channelId
 * @property {string} personId
 * @property {string} commandName       as registered
 * @property {(except: Field) => Record<string, any>} valuesSoFar
 * @property {(field: Field) => void} changed
 * @property {(field: Field) => void} onward  to the next field
 * @property {(field: Field) => void} remove
 * @property {(field: Field) => void} focused
 */

let number = 0;

/** Frame of every field. */
export class Field {
  /** @type {string|null} what is wrong with it, once that was looked for */
  wrong = null;

  /** @param {Option} option @param {RowContext} row */
  constructor(option, row) {
    this.option = option;
    this.row = row;
    this.id = `option-${++number}`;
    this.control = this.makeControl();
    this.control.id = this.id;
    this.control.setAttribute("aria-describedby", `${this.id}-about`);
    if (option.required) this.control.setAttribute("aria-required", "true");
    this.node = this.#frame();
    this.control.addEventListener("focus", () => row.focused(this));
  }

  #frame() {
    const { option } = this;
    const name = h("label", { class: "option-name", for: this.id }, nameOf(option));
    const remove =
      !option.required &&
      h(
        "button",
        {
          type: "button",
          class: "option-remove",
          tabindex: -1,
          title: `Remove ${nameOf(option)}`,
          aria: { label: `Remove ${nameOf(option)}` },
          onclick: () => this.row.remove(this),
        },
        "\u00d7",
      );
    this.about = h("span", { id: `${this.id}-about`, class: "sr-only" });
    return h(
      "div",
      { class: "option", onpointerdown: (/** @type {PointerEvent} */ event) => this.#aim(event) },
      name,
      this.face(),
      remove,
      this.about,
    );
  }

  /** A press on the frame's edge means the field. @param {PointerEvent} event */
  #aim(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("button, input, textarea, label")) return;
    event.preventDefault();
    this.focus();
  }

  /** Make what takes the focus. @returns {HTMLElement} */
  makeControl() {
    return h("span");
  }

  /** What stands in the frame. @returns {HTMLElement} */
  face() {
    return this.control;
  }

  focus() {
    this.control.focus();
  }

  get isEmpty() {
    return true;
  }

  /** Whether Backspace or an arrow would leave the field. @returns {boolean} */
  get isAtStart() {
    return this.isEmpty;
  }

  get isAtEnd() {
    return this.isEmpty;
  }

  /** As text, for a draft. */
  get text() {
    return "";
  }

  /** Fill it in. @param {string} _text */
  put(_text) {}

  /** Take over what the same option's field of another row holds. @param {Field} other */
  takeOver(other) {
    this.put(other.text);
  }

  /** Read a field that is not empty. @returns {{value: any}|{wrong: string}} */
  read() {
    return { wrong: "" };
  }

  /** Say what is wrong with it, or that nothing is. @param {string|null} wrong */
  mark(wrong) {
    this.wrong = wrong;
    this.node.classList.toggle("is-wrong", wrong !== null);
    if (wrong === null) this.control.removeAttribute("aria-invalid");
    else this.control.setAttribute("aria-invalid", "true");
  }
}

/** A text or a number. */
export class TextField extends Field {
  makeControl() {
    const props = {
      class: "option-input",
      autocomplete: "off",
      spellcheck: this.option.type === TEXT ? null : "false",
      enterkeyhint: "send",
    };
    const control = this.isLong
      ? h("textarea", { rows: 1, cols: 1, ...props })
      : h("input", { type: "text", size: 1, ...props, inputmode: this.inputMode });
    control.addEventListener("input", () => this.typed());
    return control;
  }

  get isLong() {
    return this.option.type === TEXT;
  }

  get inputMode() {
    if (this.option.type === TEXT || this.option.choices) return null;
    return this.option.type === 4 ? "numeric" : "decimal";
  }

  get input() {
    return /** @type {import("./grow.js").TextInput} */ (this.control);
  }

  face() {
    return growing(this.input, this.isLong ? "is-long" : "");
  }

  typed() {
    this.mark(null);
    this.row.changed(this);
  }

  get isEmpty() {
    return this.input.value === "";
  }

  get isAtStart() {
    return this.input.selectionStart === 0 && this.input.selectionEnd === 0;
  }

  get isAtEnd() {
    const { length } = this.input.value;
    return this.input.selectionStart === length && this.input.selectionEnd === length;
  }

  get text() {
    return this.input.value.trim();
  }

  /** @param {string} text */
  put(text) {
    write(this.input, text);
  }

  focus() {
    super.focus();
    fit(this.input);
  }

  /** @returns {{value: any}|{wrong: string}} */
  read() {
    return readText(this.option, this.text);
  }
}
