/**
 * The components of a message, classic rows and Components V2. One function per kind; kinds nobody knows yet are said
 * to be unknown instead of being left out.
 */

import { h } from "../core/dom.js";
import { drawFile } from "./attachments.js";
import { drawButton, setBusy } from "./buttons.js";
import { cssColor, thumbnail } from "./embeds.js";
import { markdown } from "./markdown.js";
import { mediaOf, sameness } from "./media.js";
import { mosaic } from "./mosaic.js";
import { selectMenu } from "./selectmenu.js";
import { spoiler } from "./spoilers.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {(scene: Scene, node: any, part: string) => Node} Draw */

/** @type {Record<number, Draw>} by Discord's type of component */
const KINDS = {
  1: drawRow,
  2: drawButton,
  3: drawSelect,
  5: drawSelect,
  6: drawSelect,
  7: drawSelect,
  8: drawSelect,
  9: drawSection,
  10: drawText,
  11: drawThumbnail,
  12: drawGallery,
  13: drawFileOf,
  14: drawSeparator,
  17: drawContainer,
};

/**
 * Draw the components of a message.
 *
 * @param {Scene} scene
 * @returns {HTMLElement|null}
 */
export function drawComponents(scene) {
  const { components } = scene.message;
  return components.length === 0 ? null : h("div", { class: "components" }, drawAll(scene, components, "component"));
}

/** @param {Scene} scene @param {any[]} nodes @param {string} part */
function drawAll(scene, nodes, part) {
  return nodes.map((node, at) => {
    const draw = KINDS[node.type];
    return draw
      ? draw(scene, node, `${part}.${at}`)
      : h("p", { class: "unknown-component" }, `This page does not know components of type ${node.type}.`);
  });
}

/** @type {Draw} */
function drawRow(scene, node, part) {
  return h("div", { class: "component-row" }, drawAll(scene, node.components, part));
}

/** @type {Draw} */
function drawSelect(scene, node, part) {
  const { store, message } = scene;
  const { id: messageId, channel_id: channelId } = message;
  const isBusy = store.isPending(messageId, node.custom_id);
  const face = node.placeholder || "Selection";
  const onchange = (/** @type {string[]} */ values) => {
    void store.interact(
      "choose",
      { message_id: messageId, channel_id: channelId, custom_id: node.custom_id, values },
      face,
    );
  };
  // What can be chosen depends on who looks.
  const select = scene.keep(part, [store.meId, channelId, node], () =>
    selectMenu(store, node, { channelId, disabled: node.disabled, onchange }),
  );
  select.dataset.customId = node.custom_id;
  select.setBusy(isBusy);
  return select;
}

/** @type {Draw} */
function drawSection(scene, node, part) {
  const accessory = node.accessory ? drawAll(scene, [node.accessory], `${part}.accessory`) : [];
  return h(
    "div",
    { class: "section" },
    h("div", { class: "section-text" }, drawAll(scene, node.components, part)),
    h("div", { class: "section-accessory" }, accessory),
  );
}

/** @type {Draw} */
function drawText(scene, node, part) {
  return h("div", { class: "markdown" }, markdown(scene.store, node.content, { scope: scene.key(part) }));
}

/** @type {Draw} */
function drawThumbnail(scene, node, part) {
  const small = thumbnail(scene, part, node.media, node.description ?? "");
  return node.spoiler ? spoiler(scene.key(part), "block", small, "Spoiler picture") : small;
}

/** @type {Draw} */
function drawGallery(scene, node, part) {
  return mosaic(
    scene,
    part,
    node.items.map((/** @type {any} */ item) => ({
      ...mediaOf(item.media, undefined, item),
      kind: mediaOf(item.media).kind === "video" ? "video" : "image",
    })),
  );
}

/** @type {Draw} */
function drawFileOf(scene, node, part) {
  const media = mediaOf(node.file, undefined, node);
  const file = { ...media, name: node.name ?? media.name, size: node.size };
  const card = scene.keep(part, sameness(file), () => drawFile(file));
  return file.isSpoiler ? spoiler(scene.key(part), "block", card, "Spoiler file") : card;
}

/** @type {Draw} */
function drawSeparator(_scene, { divider = true, spacing = 1 }) {
  return h("div", {
    class: `separator is-${spacing === 2 ? "large" : "small"} ${divider ? "has-line" : ""}`,
    role: divider ? "separator" : null,
  });
}

/** @type {Draw} */
function drawContainer(scene, node, part) {
  const box = h("div", { class: "container" }, drawAll(scene, node.components, part));
  if (typeof node.accent_color === "number") {
    box.classList.add("has-accent");
    box.style.borderInlineStartColor = cssColor(node.accent_color);
  }
  return node.spoiler ? spoiler(scene.key(part), "block", box) : box;
}

/**
 * Bring up to date which components of a drawn message wait for their answer, without drawing it anew.
 *
 * @param {import("../core/store.js").Store} store
 * @param {HTMLElement} article
 */
export function updatePending(store, article) {
  const { messageId = "" } = article.dataset;
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll("[data-custom-id]"))) {
    const isBusy = store.isPending(messageId, node.dataset.customId ?? "");
    if ("setBusy" in node) /** @type {import("./selectmenu.js").SelectElement} */ (node).setBusy(isBusy);
    else setBusy(node, isBusy);
  }
}
