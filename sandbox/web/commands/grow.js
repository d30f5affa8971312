/**
 * A text input that grows with what is in it. Imports nothing of the commands.
 */

import { h } from "../core/dom.js";

/** @typedef {HTMLInputElement|HTMLTextAreaElement} TextInput */

/**
 * Wrap an input so that it is as large as its text (the text lies invisibly behind it, see `composer.css`).
 *
 * @param {TextInput} input
 * @param {string} [extra]  class
 */
export function growing(input, extra = "") {
  const node = h("span", { class: `grow ${extra}` }, input);
  input.addEventListener("input", () => fit(input));
  fit(input);
  return node;
}

/** Make the wrapper follow after the text was changed by the page. @param {TextInput} input */
export function fit(input) {
  const node = input.parentElement;
  if (node) node.dataset.text = `${input.value} `;
}

/** Put a text in and the caret behind it. @param {TextInput} input @param {string} text */
export function write(input, text) {
  input.value = text;
  input.setSelectionRange(text.length, text.length);
  fit(input);
}
