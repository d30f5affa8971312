/**
 * A part of the panel that folds, remembered for as long as the browser's tab lives. Imports only the DOM builder.
 */

import { h, icon } from "../core/dom.js";

const KEY = "easel.panel.";

/** @param {string} name @param {string} usual */
export function recall(name, usual) {
  try {
    return sessionStorage.getItem(KEY + name) ?? usual;
  } catch {
    return usual; // a browser that keeps nothing: the panel works all the same
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    sessionStorage.setItem(KEY + name, value);
  } catch {
    // as above
  }
}

/**
 * Make a part with a heading that folds it.
 *
 * @param {string} id
 * @param {string} title
 * @param {{isOpen?: boolean, text?: string}} options  text: a sentence on what the part is for
 * @param {...any} children
 */
export function foldable(id, title, { isOpen = true, text = "" }, ...children) {
  const bodyId = `panel-part-${id}`;
  const note = h("span", { class: "fold-note" });
  const button = h(
    "button",
    { type: "button", class: "fold-head", aria: { controls: bodyId } },
    icon("chevron"),
    h("span", null, title),
    note,
  );
  const body = h("div", { id: bodyId, class: "fold-body" }, text && h("p", { class: "panel-text" }, text), children);
  const node = h("section", { class: "fold" }, h("h3", null, button), body);
  let isForced = false;

  const draw = () => {
    const isShown = isForced || isOpen;
    button.setAttribute("aria-expanded", String(isShown));
    body.hidden = !isShown;
  };
  isOpen = recall(`fold.${id}`, isOpen ? "1" : "0") === "1";
  button.addEventListener("click", () => {
    isOpen = !(isForced || isOpen);
    isForced = false;
    remember(`fold.${id}`, isOpen ? "1" : "0");
    draw();
  });
  draw();
  return {
    node,
    body,
    note,
    /** Show it whatever was chosen, as a search does. @param {boolean} isWanted */
    force(isWanted) {
      isForced = isWanted;
      draw();
    },
  };
}
