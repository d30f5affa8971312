/**
 * Whether somebody presses something in a list right now. What is replaced between press and release is never clicked, so
 * whoever draws asks first and draws later.
 */

export class Pressing {
  /** @type {Node|null} */
  #target = null;
  /** @type {(() => void)|null} */
  #later = null;

  /** @param {HTMLElement} list */
  constructor(list) {
    list.addEventListener("pointerdown", (event) => {
      this.#target = /** @type {Node} */ (event.target);
    });
    // The click comes right after the release: what waited goes after it.
    for (const name of ["pointerup", "pointercancel", "blur"])
      addEventListener(name, () => setTimeout(() => this.#release()), true);
  }

  /** Whether something in this element is being pressed. @param {Element} element */
  isIn(element) {
    return this.#target !== null && element.contains(this.#target);
  }

  /** Do something as soon as nothing is pressed; only the last thing asked for. @param {() => void} later */
  after(later) {
    this.#later = later;
  }

  #release() {
    this.#target = null;
    const later = this.#later;
    this.#later = null;
    later?.();
  }
}
