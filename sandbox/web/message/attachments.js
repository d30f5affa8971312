/**
 * The files of a message: pictures and videos together first, then sounds, then everything else as cards.
 */

import { h } from "../core/dom.js";
import { audio, elsewhere, fileCard, isOurs, kindOf, sameness } from "./media.js";
import { mosaic } from "./mosaic.js";
import { spoiler } from "./spoilers.js";

/** @typedef {import("./media.js").Media} Media */
/** @typedef {import("./scene.js").Scene} Scene */

const SPOILER = 1 << 5;

/** @param {import("../core/types.js").Attachment} attachment @returns {Media} */
function mediaOf(attachment) {
  const { url, filename: name, size, description, content_type: type, width, height, flags = 0 } = attachment;
  const isSpoiler = (flags & SPOILER) !== 0 || name.startsWith("SPOILER_");
  return { kind: kindOf(type, name), url, name, alt: description ?? "", isSpoiler, width, height, size };
}

/**
 * Draw the files of a message.
 *
 * @param {Scene} scene
 * @returns {HTMLElement|null}
 */
export function drawAttachments(scene) {
  const all = scene.message.attachments.map(mediaOf);
  if (all.length === 0) return null;
  const seen = all.filter(({ kind }) => kind === "image" || kind === "video");
  const others = all.filter(({ kind }) => kind === "audio" || kind === "file");
  const rest = others.map((file, at) => covered(scene, `file ${at}`, file));
  return h("div", { class: "attachments" }, seen.length > 0 && mosaic(scene, "attachments", seen), rest);
}

/** @param {Scene} scene @param {string} part @param {Media} file */
function covered(scene, part, file) {
  const node = scene.keep(part, sameness(file), () => drawFile(file));
  return file.isSpoiler ? spoiler(scene.key(part), "block", node, "Spoiler file") : node;
}

/**
 * Draw a file that is neither a picture nor a video.
 *
 * @param {Media} file
 * @returns {HTMLElement}
 */
export function drawFile(file) {
  if (file.kind !== "audio") return fileCard(file);
  return isOurs(file.url) ? audio(file) : elsewhere(file);
}
