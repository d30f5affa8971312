/**
 * Covers over what somebody did not want to be seen at once. What a person has uncovered stays so when the message is
 * drawn anew: it is remembered by message and place in it. Knows nothing of what is underneath.
 */

import { h } from "../core/dom.js";

/** @type {Set<string>} */
const revealed = new Set();

/**
 * Cover something. Until it is uncovered nothing in it can be read, focused or pressed.
 *
 * @param {string|null} key  remembered under this; null: not at all
 * @param {"text"|"block"} look
 * @param {Node} content
 * @param {string} [what]  said to those who cannot see it
 * @returns {HTMLElement}
 */
export function spoiler(key, look, content, what = "Spoiler") {
  const tag = look === "text" ? "span" : "div";
  const inside = h(tag, { class: "spoiler-inside" }, content);
  if (key !== null && revealed.has(key)) return h(tag, { class: `spoiler is-${look} is-revealed` }, inside);
  inside.inert = true;

  const reveal = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
    if (key !== null) revealed.add(key);
    inside.inert = false;
    node.classList.add("is-revealed");
    for (const name of ["role", "aria-label", "title"]) node.removeAttribute(name);
    node.removeEventListener("click", reveal);
    node.removeEventListener("keydown", onkeydown);
    // The focus stays here, so that the next thing to be reached is what has been uncovered.
    node.setAttribute("tabindex", "-1");
    badge?.remove();
  };
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" || event.key === " ") reveal(event);
  };
  const badge = look === "block" ? h("span", { class: "spoiler-badge", aria: { hidden: "true" } }, "Spoiler") : null;
  const label = `${what}. Press to reveal.`;
  const props = {
    class: `spoiler is-${look}`,
    role: "button",
    tabindex: "0",
    title: "Reveal",
    aria: { label },
    onclick: reveal,
    onkeydown,
  };
  const node = h(tag, props, inside, badge);
  return node;
}
