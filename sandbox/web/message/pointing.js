/**
 * Right-click, long press and clicks on names: what opens the menus of a message and of a person. Draws nothing; the
 * menus are the caller's.
 */

import { personOf } from "./mentions.js";

/** @typedef {import("./scene.js").Scene} Scene */

const LONG_PRESS_MS = 500;
const SLACK = 10;
/** Where the browser's own menu is of more use: links to copy, videos to save. */
const OWN_MENU = "a, video, audio, input, textarea";

/** @param {Scene} scene @param {Element} target */
function personAt({ store, message }, target) {
  const id = /** @type {HTMLElement|null} */ (target.closest("[data-person-id]"))?.dataset.personId;
  if (id === undefined) return undefined;
  const { author } = message;
  return (
    personOf(store, id) ??
    (id === author.id
      ? { id, username: author.username, display_name: author.global_name ?? author.username }
      : undefined)
  );
}

/** @param {Scene} scene @param {Element} target @param {Element|{x: number, y: number}} anchor */
function openMenu(scene, target, anchor) {
  const person = personAt(scene, target);
  if (person) scene.actions.personMenu(person, anchor);
  else scene.actions.menu(scene.current, anchor);
}

/**
 * Listen to what a pointer does to a message.
 *
 * @param {Scene} scene
 * @param {HTMLElement} article
 */
export function listen(scene, article) {
  article.addEventListener("click", (event) => {
    const named = /** @type {Element} */ (event.target).closest("[data-person-id]");
    const person = named && personAt(scene, named);
    if (named && person) scene.actions.personMenu(person, named);
  });
  const press = new LongPress((target, point) => openMenu(scene, target, point));
  article.addEventListener("contextmenu", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.closest(OWN_MENU)) return;
    event.preventDefault();
    // A phone tells of the same press twice; the menu key of a keyboard has no point.
    if (press.isOver) return;
    openMenu(
      scene,
      target,
      event.clientX === 0 && event.clientY === 0 ? target : { x: event.clientX, y: event.clientY },
    );
  });
  press.listen(article);
}

class LongPress {
  #timer = 0;
  #from = { x: 0, y: 0 };
  isOver = false;

  /** @param {(target: Element, point: {x: number, y: number}) => void} onpress */
  constructor(onpress) {
    this.onpress = onpress;
  }

  /** @param {HTMLElement} node */
  listen(node) {
    node.addEventListener("pointerdown", (event) => this.#down(event));
    node.addEventListener("pointermove", (event) => {
      if (Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y) > SLACK) clearTimeout(this.#timer);
    });
    for (const name of ["pointerup", "pointercancel", "pointerleave"])
      node.addEventListener(name, () => clearTimeout(this.#timer));
    // The finger that opened the menu does not press what is under it as well.
    node.addEventListener("click", (event) => this.#click(event), true);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.isOver = false;
    clearTimeout(this.#timer);
    const target = /** @type {Element} */ (event.target);
    if (event.pointerType !== "touch" || target.closest(OWN_MENU)) return;
    this.#from = { x: event.clientX, y: event.clientY };
    this.#timer = window.setTimeout(() => {
      this.isOver = true;
      this.onpress(target, this.#from);
    }, LONG_PRESS_MS);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (!this.isOver) return;
    this.isOver = false;
    event.preventDefault();
    event.stopPropagation();
  }
}
