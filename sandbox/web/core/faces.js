/**
 * The faces of people, and the initials of servers, which have none.
 */

import { h } from "./dom.js";

/**
 * Make somebody's picture. Whoever shows it says what stands there when it cannot be loaded.
 *
 * @param {string} id
 * @param {number} size  in pixels, both ways
 * @param {string|null} [look]  its class
 */
export function portrait(id, size, look = null) {
  return h("img", { class: look, src: `/avatars/${id}.png`, alt: "", width: size, height: size, draggable: "false" });
}

/**
 * Make somebody's face. It says nothing to a screen reader: their name stands beside it.
 *
 * @param {string} id
 * @param {string} name
 */
export function face(id, name) {
  const img = portrait(id, 40, "face");
  img.addEventListener("error", () =>
    img.replaceWith(h("span", { class: "face", aria: { hidden: true } }, initial(name))),
  );
  return img;
}

/** Return a server's initials, two at most. @param {string} name */
export function initials(name) {
  return name.split(/\s+/).filter(Boolean).slice(0, 2).map(initial).join("");
}

/** @param {string} name */
function initial(name) {
  return (Array.from(name.trim())[0] ?? "?").toUpperCase();
}
