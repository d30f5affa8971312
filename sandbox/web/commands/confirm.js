/**
 * Asks before something is lost. Knows nothing of what it is.
 */

import { h } from "../core/dom.js";

let number = 0;

/**
 * Ask the person; Escape means no.
 *
 * @param {{title: string, text: string, yes: string, no: string}} words
 * @returns {Promise<boolean>}
 */
export function confirmFirst({ title, text, yes, no }) {
  const id = `confirm-${++number}`;
  const { promise, resolve } = Promise.withResolvers();
  const stay = h("button", { type: "button", class: "button", onclick: () => dialog.close("") }, no);
  const go = h("button", { type: "button", class: "button danger", onclick: () => dialog.close("yes") }, yes);
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      "dialog",
      { class: "dialog confirm", role: "alertdialog", aria: { labelledby: id, describedby: `${id}-text` } },
      h("h2", { id, class: "dialog-title" }, title),
      h("p", { id: `${id}-text`, class: "confirm-text" }, text),
      h("div", { class: "dialog-buttons" }, stay, go),
    )
  );
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => {
    resolve(dialog.returnValue === "yes");
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  stay.focus();
  return promise;
}
