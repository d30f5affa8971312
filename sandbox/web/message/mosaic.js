/**
 * One to ten pictures and videos side by side in a pleasing shape; a click on a picture opens it large. What the
 * shape is for each number lies in `message.css`.
 */

import { h } from "../core/dom.js";
import { openLightbox } from "./lightbox.js";
import { elsewhere, isOurs, pathOf, picture, sameness, video } from "./media.js";
import { spoiler } from "./spoilers.js";

/** @typedef {import("./media.js").Media} Media */
/** @typedef {import("./scene.js").Scene} Scene */

const MOST_WIDE = 520;
const MOST_HIGH = 350;
const LEAST = 48;

/**
 * Draw pictures and videos.
 *
 * @param {Scene} scene
 * @param {string} part  which mosaic of the message this is
 * @param {Media[]} items
 * @returns {HTMLElement}
 */
export function mosaic(scene, part, items) {
  const ours = items.filter((item) => isOurs(item.url));
  const cells = ours.map((item, at) => cell(scene, `${part} ${at}`, item, ours.length === 1));
  const onclick = (/** @type {MouseEvent} */ event) => {
    const open = /** @type {Element} */ (event.target).closest(".picture-open");
    if (open) openAt(ours, /** @type {HTMLElement} */ (open).dataset.path ?? "");
  };
  const grid = cells.length > 0 ? h("div", { class: `mosaic of-${Math.min(cells.length, 10)}`, onclick }, cells) : null;
  return h("div", { class: "media" }, grid, items.filter((item) => !isOurs(item.url)).map(elsewhere));
}

/** @param {Media[]} items @param {string} path */
function openAt(items, path) {
  const pictures = items.filter((item) => item.kind === "image");
  const at = pictures.findIndex((item) => pathOf(item.url) === path);
  openLightbox(
    pictures.map(({ url: one, alt, name }) => ({ url: one, alt, name })),
    Math.max(0, at),
  );
}

/** @param {Scene} scene @param {string} part @param {Media} item @param {boolean} isAlone */
function cell(scene, part, item, isAlone) {
  const shown = scene.keep(part, sameness(item), () => (item.kind === "video" ? video(item) : picture(item)));
  const inside = item.isSpoiler
    ? spoiler(scene.key(part), "block", shown, `Spoiler ${item.kind === "video" ? "video" : "picture"}`)
    : shown;
  const box = h("div", { class: "cell" }, inside);
  if (isAlone) measure(box, item, shown);
  return box;
}

/**
 * Give a picture that stands alone its own shape. Where nobody told it, a square waits for the picture itself to tell.
 *
 * @param {HTMLElement} box
 * @param {Media} item
 * @param {Element} shown
 */
function measure(box, item, shown) {
  const isTold = Boolean(item.width && item.height);
  const img = isTold ? null : shown.querySelector("img");
  const shape = () => fit(box, img ? { ...item, width: MOST_WIDE, height: heightOf(img) } : item);
  shape();
  img?.addEventListener("load", shape, { once: true });
}

/** How high a picture is when it is as wide as it may be. @param {HTMLImageElement} img */
function heightOf({ naturalWidth, naturalHeight }) {
  return naturalWidth === 0 ? MOST_WIDE : (MOST_WIDE * naturalHeight) / naturalWidth;
}

/** @param {HTMLElement} box @param {Media} item */
function fit(box, { kind, width, height }) {
  const [w, hh] = width && height ? [width, height] : kind === "video" ? [16, 9] : [4, 3];
  const most = width && height && kind === "image" ? width : MOST_WIDE;
  box.style.aspectRatio = `${w} / ${hh}`;
  box.style.width = `${Math.max(LEAST, Math.min(most, MOST_WIDE, (MOST_HIGH * w) / hh))}px`;
}
