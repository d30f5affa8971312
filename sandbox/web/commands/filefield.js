/**
 * An option that takes a file: picked, pasted or dropped onto it.
 */

import { h, icon, refill } from "../core/dom.js";
import { nameOf } from "../core/locale.js";
import { Field } from "./field.js";
import { fileChip, filesOf, pickFiles, takeDrops } from "./files.js";

export class FileField extends Field {
  /** @type {File|null} */
  file = null;

  makeControl() {
    const pick = async () => {
      const [file] = await pickFiles();
      if (file) this.take(file);
    };
    return h(
      "button",
      { type: "button", class: "option-file", aria: { label: nameOf(this.option) }, onclick: pick },
      icon("image"),
      "Choose a file, paste or drop it here",
    );
  }

  face() {
    this.shown = h("ul", { class: "option-chips", hidden: true, aria: { label: `File for ${nameOf(this.option)}` } });
    const face = h("span", { class: "option-file-face" }, this.control, this.shown);
    takeDrops(face, ([file]) => this.take(file));
    face.addEventListener("paste", (event) => {
      const [file] = filesOf(/** @type {ClipboardEvent} */ (event).clipboardData);
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      this.take(file);
    });
    return face;
  }

  /** @param {File|null} file */
  take(file) {
    this.file = file;
    const shown = /** @type {HTMLElement} */ (this.shown);
    refill(shown, file && fileChip(file, () => this.#drop()));
    shown.hidden = file === null;
    this.control.hidden = file !== null;
    this.mark(null);
    this.row.changed(this);
  }

  /** @param {import("./field.js").Field} other */
  takeOver(other) {
    if (other instanceof FileField && other.file !== null) this.take(other.file);
  }

  #drop() {
    this.take(null);
    this.focus();
  }

  focus() {
    const remove = /** @type {HTMLElement|null} */ (this.node.querySelector(".file-chip-remove"));
    (this.file === null ? this.control : remove)?.focus();
  }

  get isEmpty() {
    return this.file === null;
  }

  /** @returns {{value: any}|{wrong: string}} */
  read() {
    return { value: this.file };
  }
}
