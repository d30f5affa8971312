/**
 * Buttons under messages, in all of Discord's styles. What was pressed and has no answer yet is busy and takes no
 * second press; the bot decides about the rest.
 */

import { h, icon } from "../core/dom.js";
import { isWebUrl } from "./atoms.js";
import { drawEmoji, emojiName } from "./emoji.js";
import { go, placeOf } from "./jumps.js";

/** @typedef {import("./scene.js").Scene} Scene */

const LINK = 5;
const PREMIUM = 6;
/** @type {Record<number, string>} */
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };

/**
 * Draw a button.
 *
 * @param {Scene} scene
 * @param {any} node  as on Discord's wire
 * @returns {HTMLElement}
 */
export function drawButton(scene, node) {
  const look = `button is-${STYLES[node.style] ?? "secondary"}`;
  const name = node.label || (node.emoji ? emojiName(node.emoji) : "");
  const face = [node.emoji && drawEmoji(node.emoji), node.label && h("span", { class: "button-label" }, node.label)];
  const spoken = node.label ? {} : { title: name, aria: { label: name } };
  if (node.style === LINK) return linkButton(scene.store, node, look, face, name);
  if (node.style === PREMIUM)
    return h(
      "button",
      { type: "button", class: look, disabled: true, title: "Nothing can be bought here" },
      face,
      !name && "Premium",
    );
  const { store, message } = scene;
  const press = () => {
    if (store.isPending(message.id, node.custom_id)) return;
    void store.interact(
      "click",
      { message_id: message.id, channel_id: message.channel_id, custom_id: node.custom_id },
      name,
    );
  };
  const props = {
    type: "button",
    class: look,
    disabled: node.disabled,
    data: { customId: node.custom_id },
    ...spoken,
    onclick: press,
  };
  const button = h(
    "button",
    props,
    h("span", { class: "button-face" }, face),
    h("span", { class: "spinner", aria: { hidden: "true" } }),
  );
  setBusy(button, store.isPending(message.id, node.custom_id));
  return button;
}

/**
 * @param {import("../core/store.js").Store} store
 * @param {any} node
 * @param {string} look
 * @param {any[]} face
 * @param {string} name
 */
function linkButton(store, { url, disabled }, look, face, name) {
  const mark = icon("link");
  const place = disabled ? null : placeOf(store, url);
  if (place) {
    const onclick = () => go(store, place);
    return h("button", { type: "button", class: look, title: "Go there", aria: { label: name }, onclick }, face, mark);
  }
  if (disabled || !isWebUrl(url)) {
    const title = disabled ? null : "This address cannot be opened here";
    return h("button", { type: "button", class: look, disabled: true, title, aria: { label: name } }, face, mark);
  }
  return h(
    "a",
    {
      class: look,
      href: url,
      target: "_blank",
      rel: "noopener noreferrer",
      title: url,
      aria: { label: `${name} (opens ${new URL(url).host})` },
    },
    face,
    mark,
  );
}

/**
 * Show whether a button waits for its answer. It stays in the order of focus, so that the keyboard does not lose it.
 *
 * @param {HTMLElement} button
 * @param {boolean} isBusy
 */
export function setBusy(button, isBusy) {
  button.classList.toggle("is-busy", isBusy);
  for (const name of ["aria-busy", "aria-disabled"]) {
    if (isBusy) button.setAttribute(name, "true");
    else button.removeAttribute(name);
  }
}
