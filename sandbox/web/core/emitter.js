/**
 * Events with a detail, in two short words: the base of what others listen to. Imports nothing.
 */

export class Emitter extends EventTarget {
  /** @param {string} name @param {any} [detail] */
  emit(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /**
   * Listen.
   *
   * @param {string} names  one or more, with blanks between
   * @param {(detail: any) => void} listener
   */
  on(names, listener) {
    for (const name of names.split(" "))
      this.addEventListener(name, (event) => listener(/** @type {CustomEvent} */ (event).detail));
  }
}
