/**
 * Embeds: cards with a colored edge, made of the fields that Discord knows. Texts are markdown, names and titles only
 * in one line.
 */

import { h } from "../core/dom.js";
import { isWebUrl } from "./atoms.js";
import { markdown } from "./markdown.js";
import { elsewhere, isOurs, mediaOf, picture, sameness } from "./media.js";
import { mosaic } from "./mosaic.js";
import { inWords } from "./timestamps.js";
import { openLightbox } from "./lightbox.js";

/** @typedef {import("./scene.js").Scene} Scene */

const SUPPRESSED = 1 << 2;
const IN_A_ROW = 3;

/**
 * Draw the embeds of a message, unless somebody took them away.
 *
 * @param {Scene} scene
 * @returns {HTMLElement[]}
 */
export function drawEmbeds(scene) {
  const { message } = scene;
  return (message.flags & SUPPRESSED) !== 0 ? [] : message.embeds.map((embed, at) => drawEmbed(scene, embed, at));
}

/**
 * Return a color as CSS has it.
 *
 * @param {number} color
 * @returns {string}
 */
export function cssColor(color) {
  return `#${color.toString(16).padStart(6, "0")}`;
}

/** @param {Scene} scene @param {any} embed @param {number} at */
function drawEmbed(scene, embed, at) {
  const part = `embed ${at}`;
  const text = (/** @type {string} */ content, /** @type {string} */ name, inline = false) =>
    markdown(scene.store, content, { inline, scope: scene.key(`${part} ${name}`) });
  const node = h(
    "div",
    { class: "embed" },
    h(
      "div",
      { class: "embed-text" },
      embed.provider?.name && h("div", { class: "embed-provider" }, embed.provider.name),
      embed.author && drawAuthor(embed.author),
      embed.title && h("div", { class: "embed-title" }, linked(embed.url, text(embed.title, "title", true))),
      embed.description && h("div", { class: "markdown" }, text(embed.description, "description")),
      embed.fields?.length > 0 && drawFields(embed.fields, text),
    ),
    embed.thumbnail &&
      h("div", { class: "embed-thumbnail" }, thumbnail(scene, `${part} thumbnail`, embed.thumbnail, "")),
    embed.image &&
      mosaic(scene, `${part} image`, [mediaOf(embed.image, "image", { description: embed.image.description })]),
    embed.video && mosaic(scene, `${part} video`, [mediaOf(embed.video, "video")]),
    drawFooter(embed),
  );
  if (typeof embed.color === "number") node.style.borderInlineStartColor = cssColor(embed.color);
  return node;
}

/** @param {string|undefined} url @param {Node|string} content */
function linked(url, content) {
  return url && isWebUrl(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, content) : content;
}

/** @param {any} author */
function drawAuthor({ name, url, icon_url: iconUrl }) {
  return h("div", { class: "embed-author" }, smallIcon(iconUrl), linked(url, String(name)));
}

/** An ornament: it is left out where it cannot be loaded. @param {string|undefined} url */
function smallIcon(url) {
  if (!url || !isOurs(url)) return null;
  const img = h("img", { class: "embed-icon", src: url, alt: "", loading: "lazy", width: 24, height: 24 });
  img.addEventListener("error", () => img.remove());
  return img;
}

/**
 * Draw fields, inline ones up to three side by side.
 *
 * @param {any[]} fields
 * @param {(content: string, name: string, inline?: boolean) => Node} text
 */
function drawFields(fields, text) {
  const widths = fieldWidths(fields);
  return h(
    "dl",
    { class: "embed-fields" },
    fields.map((field, at) =>
      h(
        "div",
        { class: `embed-field is-${widths[at]}` },
        h("dt", null, text(field.name, `name ${at}`, true)),
        h("dd", { class: "markdown" }, text(field.value, `field ${at}`)),
      ),
    ),
  );
}

/** How many share the line of each field. @param {any[]} fields */
function fieldWidths(fields) {
  /** @type {number[]} */
  const widths = [];
  for (let at = 0; at < fields.length;) {
    let end = at;
    while (end < fields.length && end - at < IN_A_ROW && fields[end].inline) end += 1;
    const size = Math.max(1, end - at);
    for (let n = 0; n < size; n += 1) widths.push(size);
    at += size;
  }
  return widths;
}

/** @param {any} embed */
function drawFooter({ footer, timestamp }) {
  if (!footer && !timestamp) return null;
  const when =
    timestamp &&
    h("time", { datetime: timestamp, title: inWords(new Date(timestamp), "F") }, inWords(new Date(timestamp), "s"));
  return h(
    "div",
    { class: "embed-footer" },
    smallIcon(footer?.icon_url),
    h("span", null, footer?.text, footer?.text && when && " • ", when),
  );
}

/**
 * Draw a small picture at the side of a text, which opens large.
 *
 * @param {Scene} scene
 * @param {string} part
 * @param {any} media
 * @param {string} description
 */
export function thumbnail(scene, part, media, description) {
  const item = mediaOf(media, "image", { description });
  if (!isOurs(item.url)) return elsewhere(item);
  const onclick = (/** @type {MouseEvent} */ event) => {
    if (/** @type {Element} */ (event.target).closest(".picture-open")) openLightbox([item], 0);
  };
  return h(
    "div",
    { class: "thumbnail", onclick },
    scene.keep(part, sameness(item), () => picture(item)),
  );
}
