/**
 * Asks the sandbox for what the panel's controls stand for, and shows meanwhile what the person chose.
 * Knows the line and the store's complaints, and nothing of what is asked.
 */

import { h, icon } from "../core/dom.js";
import { setAttr } from "./patch.js";

/** @typedef {import("../core/store.js").Store} Store */

/** How long a choice outlives its answer at most. The event that tells the truth comes sooner, if anything changed. */
const LONGEST_MS = 1500;

/**
 * Ask, and tell the person if it was refused.
 *
 * @param {Store} store
 * @param {string} verb
 * @param {Record<string, any>} [fields]
 * @returns {Promise<boolean>} whether it was done
 */
export async function ask(store, verb, fields = {}) {
  try {
    await store.live.ask(verb, fields);
    return true;
  } catch (error) {
    store.complain(error);
    return false;
  }
}

/**
 * What a person just chose. It stands for the truth until the sandbox has told what became of it, so that a switch
 * does not jump back in between.
 *
 * @template T
 */
export class Wish {
  /** @type {T|undefined} */
  #value;
  #open = 0;
  #answeredAt = 0;
  /** @type {unknown} */
  #seen;
  #source;
  #redraw;

  /**
   * @param {() => unknown} source  what the sandbox told last; another object each time
   * @param {() => void} redraw  the wish began or ended: show `or(…)`
   */
  constructor(source, redraw) {
    this.#source = source;
    this.#redraw = redraw;
  }

  /**
   * Ask for a value and take it for true meanwhile.
   *
   * @param {T} value
   * @param {() => Promise<boolean>} asking
   */
  async make(value, asking) {
    this.#value = value;
    this.#open += 1;
    this.#redraw();
    const isDone = await asking();
    this.#open -= 1;
    if (this.#open > 0) return;
    this.#seen = this.#source();
    this.#answeredAt = performance.now();
    if (!isDone) this.#value = undefined;
    this.#redraw();
    if (isDone) setTimeout(this.#redraw, LONGEST_MS + 1);
  }

  /** @param {T} told @returns {T} */
  or(told) {
    const isOver = this.#source() !== this.#seen || performance.now() - this.#answeredAt > LONGEST_MS;
    if (this.#open === 0 && isOver) this.#value = undefined;
    return this.#value === undefined ? told : this.#value;
  }
}

/**
 * Make a button that asks for something, and cannot be pressed twice meanwhile. It keeps the focus.
 *
 * @param {string} label
 * @param {string|null} iconName
 * @param {() => Promise<unknown>} deed
 * @param {Record<string, any>} [props]
 */
export function deedButton(label, iconName, deed, { class: extra = "", ...props } = {}) {
  const button = h(
    "button",
    { type: "button", class: `button ${extra}`, ...props },
    iconName ? icon(iconName) : null,
    label,
  );
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    setBusy(button, true);
    await deed();
    setBusy(button, false);
  });
  return button;
}

/** @param {HTMLElement} button @param {boolean} isBusy */
function setBusy(button, isBusy) {
  setAttr(button, "aria-busy", isBusy ? "true" : null);
  setAttr(button, "aria-disabled", isBusy ? "true" : null);
}
