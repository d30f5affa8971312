/**
 * Pictures, videos and sounds of a message, each in a box whose size is known before they are loaded, so that nothing
 * jumps. Only files of the sandbox itself are loaded; of everything else the page shows where it is.
 */

import { h, icon, refill } from "../core/dom.js";
import { fileSize } from "../core/size.js";
import { openPopover } from "../core/popover.js";
import { isWebUrl } from "./atoms.js";

/**
 * @typedef {object} Media
 * @property {"image"|"video"|"audio"|"file"} kind
 * @property {string} url
 * @property {string} name
 * @property {string} alt  empty: none was given
 * @property {boolean} isSpoiler
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [size]  bytes
 */

const EXTENSIONS = {
  image: /\.(?:png|jpe?g|gif|webp|avif|bmp)$/i,
  video: /\.(?:mp4|webm|mov|m4v)$/i,
  audio: /\.(?:mp3|ogg|wav|flac|m4a|opus)$/i,
};

/**
 * Return what kind of file something is.
 *
 * @param {string|undefined} contentType
 * @param {string} name
 * @returns {Media["kind"]}
 */
export function kindOf(contentType, name) {
  const kinds = /** @type {("image"|"video"|"audio")[]} */ (["image", "video", "audio"]);
  return (
    kinds.find((kind) => (contentType ? contentType.startsWith(`${kind}/`) : EXTENSIONS[kind].test(name))) ?? "file"
  );
}

/** Whether an address is one of the sandbox's files. @param {string} url */
export function isOurs(url) {
  return /^\/(?![/\\])/.test(url);
}

/**
 * What makes a file the same file. The server signs its address anew each time, which changes what is behind the `?`.
 *
 * @param {Media} media
 */
export function sameness(media) {
  return { ...media, url: pathOf(media.url) };
}

/** @param {string} url */
export function pathOf(url) {
  return isOurs(url) ? url.split("?")[0] : url;
}

/** The last part of an address, as a name. @param {string} url */
function nameIn(url) {
  const path = url.split(/[?#]/)[0];
  const last = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last) || "file";
  } catch {
    return last;
  }
}

/**
 * Read a media object of an embed or a component.
 *
 * @param {any} media  url, content_type, width, height
 * @param {Media["kind"]} [kind]  if the place decides it
 * @param {{description?: string, spoiler?: boolean}} [about]
 * @returns {Media}
 */
export function mediaOf(media, kind, about = {}) {
  const url = String(media?.url ?? "");
  const name = nameIn(url);
  const { width, height } = media ?? {};
  return {
    kind: kind ?? kindOf(media?.content_type, name),
    url,
    name,
    alt: about.description ?? "",
    isSpoiler: about.spoiler ?? false,
    width,
    height,
  };
}

const WORDS = { image: "Picture", video: "Video", audio: "Sound", file: "File" };

/** Say where something is that is not loaded. @param {Media} media */
export function elsewhere({ kind, url, alt }) {
  const place = URL.canParse(url) ? new URL(url).host : "";
  const text = `${WORDS[kind]} at ${place || "an address that cannot be opened"} (not loaded here)`;
  const inside = [icon("link"), h("span", null, text, alt && h("span", { class: "elsewhere-alt" }, alt))];
  if (!isWebUrl(url)) return h("span", { class: "elsewhere" }, inside);
  return h("a", { class: "elsewhere", href: url, target: "_blank", rel: "noopener noreferrer", title: url }, inside);
}

/**
 * Draw a picture as a button that whoever holds it makes open. Keeps its text at hand, and says so when it cannot load.
 *
 * @param {Media} media
 * @returns {HTMLElement}
 */
export function picture(media) {
  const box = h("div", { class: "picture" });
  drawPicture(box, media);
  return box;
}

/** @param {HTMLElement} box @param {Media} media */
function drawPicture(box, media) {
  const { url, alt, name, width, height } = media;
  const img = h("img", {
    src: url,
    alt: alt || name,
    width,
    height,
    loading: "lazy",
    decoding: "async",
    draggable: "false",
  });
  img.addEventListener("error", () => refill(box, broken(box, media)));
  const open = h(
    "button",
    { type: "button", class: "picture-open", title: "Open picture", data: { path: pathOf(url) } },
    img,
  );
  refill(box, open, alt && altBadge(alt));
}

/** @param {string} alt */
function altBadge(alt) {
  const onclick = () => {
    openPopover(badge, h("div", { class: "alt-text", role: "note", tabindex: "-1" }, alt), {
      side: "above",
      class: "alt-popover",
      takesFocus: false,
    });
  };
  const badge = h(
    "button",
    { type: "button", class: "alt-badge", title: alt, aria: { label: "Show description" }, onclick },
    "ALT",
  );
  return badge;
}

/** @param {HTMLElement} box @param {Media} media */
function broken(box, media) {
  const again = h(
    "button",
    { type: "button", class: "text-button", onclick: () => drawPicture(box, media) },
    "Try again",
  );
  return h(
    "div",
    { class: "picture-broken" },
    icon("broken"),
    h("span", { class: "picture-broken-alt" }, media.alt || media.name),
    h("span", null, "Picture could not be loaded"),
    again,
  );
}

/** @param {Media} media */
export function video({ url, alt, name, width, height }) {
  return h("video", {
    class: "video",
    src: url,
    controls: true,
    preload: "metadata",
    playsinline: true,
    width,
    height,
    aria: { label: alt || name },
  });
}

/** @param {Media} media */
export function audio({ url, name, alt, size }) {
  return h(
    "figure",
    { class: "audio" },
    h("figcaption", null, name, size !== undefined && h("span", { class: "file-size" }, fileSize(size))),
    h("audio", { src: url, controls: true, preload: "metadata", aria: { label: alt || name } }),
  );
}

/** @param {Media} media */
export function fileCard({ url, name, alt, size }) {
  const isLink = isOurs(url) || isWebUrl(url);
  const target = isOurs(url)
    ? { href: url, download: name }
    : { href: url, target: "_blank", rel: "noopener noreferrer" };
  const label = isLink
    ? h("a", { class: "file-name", ...target, aria: { label: `Download ${name}` } }, name)
    : h("span", { class: "file-name" }, name);
  const about = [size === undefined ? "" : fileSize(size), alt].filter(Boolean).join(" · ");
  return h(
    "div",
    { class: "file-card" },
    icon("file"),
    h("div", { class: "file-text" }, label, about && h("span", { class: "file-size" }, about)),
    isLink &&
      h(
        "a",
        { class: "icon-button", ...target, tabindex: "-1", title: "Download", aria: { hidden: "true" } },
        icon("download"),
      ),
  );
}
