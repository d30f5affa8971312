/**
 * A button that copies a text and says that it did. Imports only the DOM builder.
 */

import { h, icon } from "../core/dom.js";

const SAID_MS = 1500;

/** @param {string} label @param {() => string} read  the text, when it is wanted */
export function copyButton(label, read) {
  const said = h("span", { class: "copy-said", role: "status" });
  let timer = 0;
  const say = (/** @type {string} */ text) => {
    said.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => said.replaceChildren(), SAID_MS);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(read());
      say("Copied");
    } catch {
      say("The browser does not allow it");
    }
  };
  return h(
    "span",
    { class: "copy" },
    said,
    h(
      "button",
      { type: "button", class: "icon-button", title: label, aria: { label }, onclick: () => void copy() },
      icon("copy"),
    ),
  );
}
