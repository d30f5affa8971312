/**
 * What was drawn, step by step, so that it can be taken back and done again. Imports nothing.
 */

export class History {
  /** @type {import("./paint.js").Step[]} */
  #done = [];
  /** @type {import("./paint.js").Step[]} */
  #undone = [];
  #kept = true;

  /** The steps that count, oldest first. */
  get steps() {
    return this.#done;
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Whether nothing would be lost if the page were left: nothing is drawn, or it was sent. */
  get isKept() {
    return this.#kept;
  }

  /** @param {import("./paint.js").Step} step */
  add(step) {
    this.#done.push(step);
    this.#undone = [];
    this.#kept = false;
  }

  undo() {
    const step = this.#done.pop();
    if (step !== undefined) this.#undone.push(step);
    this.#kept = this.#done.length === 0;
  }

  redo() {
    const step = this.#undone.pop();
    if (step !== undefined) this.#done.push(step);
    this.#kept = this.#done.length === 0;
  }

  /** Note that everything was sent. */
  keep() {
    this.#kept = true;
  }
}
