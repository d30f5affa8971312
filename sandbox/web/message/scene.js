/**
 * One drawing of a message: what its parts need to know, and what they take over from the drawing before, so that an
 * edit does not restart a video, load a picture again, close a list or lose the focus. Knows nothing of what is
 * drawn.
 */

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").Message} Message */

/**
 * @typedef {object} Actions  what others do with a message
 * @property {(message: Message) => void} reply
 * @property {(message: Message, anchor: Element|{x: number, y: number}) => void} menu
 * @property {(person: import("../core/types.js").Person, anchor: Element|{x: number, y: number}) => void} personMenu
 */

/** @type {Map<string, WeakRef<HTMLElement>>} the article that a message was drawn as last */
const drawn = new Map();
/** @type {WeakMap<HTMLElement, Map<string, {signature: string, node: HTMLElement}>>} what can be taken over from it */
const kept = new WeakMap();

export class Scene {
  /** @type {Map<string, {signature: string, node: HTMLElement}>} */
  #kept = new Map();
  #before;
  #focused;

  /** @param {Store} store @param {Message} message @param {Actions} actions */
  constructor(store, message, actions) {
    this.store = store;
    this.message = message;
    this.actions = actions;
    this.#before = drawn.get(message.id)?.deref();
    const active = /** @type {HTMLElement|null} */ (document.activeElement);
    this.#focused = active && this.#before?.isConnected && this.#before.contains(active) ? active : null;
  }

  /** The message as it is now: what was drawn may stand in the page for longer than it was true. */
  get current() {
    return this.store.message(this.message.id) ?? this.message;
  }

  /** @param {string} part  @returns {string} under what the state of a part of this message is remembered */
  key(part) {
    return `${this.message.id} ${part}`;
  }

  /**
   * Return the node that was drawn for a part last time if it says the same, else make it.
   *
   * @template {HTMLElement} T
   * @param {string} part
   * @param {unknown} says  all that its look depends on
   * @param {() => T} make  must not close over this scene's message: the node may outlive it
   * @returns {T}
   */
  keep(part, says, make) {
    const signature = JSON.stringify(says);
    const old = this.#before && kept.get(this.#before)?.get(part);
    const node = old?.signature === signature ? /** @type {T} */ (old.node) : make();
    this.#kept.set(part, { signature, node });
    return node;
  }

  /** The drawing is complete. @param {HTMLElement} article */
  finish(article) {
    drawn.set(this.message.id, new WeakRef(article));
    kept.set(article, this.#kept);
    const focused = this.#focused;
    // By then the list has put this article in the place of the one before.
    if (focused) queueMicrotask(() => refocus(article, focused));
  }
}

/** @param {HTMLElement} article @param {HTMLElement} focused */
function refocus(article, focused) {
  if (!article.isConnected || document.activeElement !== document.body) return;
  const same = focused.isConnected
    ? focused
    : [article, ...article.querySelectorAll("button, a, [tabindex]")].find(
        (node) => identity(node) === identity(focused),
      );
  /** @type {HTMLElement|undefined} */ (same)?.focus({ preventScroll: true });
}

/** @param {Element} node */
function identity(node) {
  const { customId, messageId } = /** @type {HTMLElement} */ (node).dataset;
  return `${node.tagName} ${customId ?? messageId ?? node.getAttribute("aria-label") ?? node.textContent}`;
}
