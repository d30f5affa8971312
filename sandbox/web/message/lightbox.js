/**
 * Pictures at the size of the window, one at a time: keys and swipes lead to the next, a click shows the real size.
 * Knows nothing of messages.
 */

import { h, icon, iconButton, refill } from "../core/dom.js";

/** @typedef {{url: string, alt: string, name: string}} Item */

const SWIPE = 60;

/**
 * Open pictures.
 *
 * @param {Item[]} items
 * @param {number} index  which one is shown first
 */
export function openLightbox(items, index) {
  if (items.length > 0) new Lightbox(items, index).open();
}

class Lightbox {
  #startX = 0;

  /** @param {Item[]} items @param {number} index */
  constructor(items, index) {
    this.items = items;
    this.index = index;
    this.stage = h("div", { class: "lightbox-stage" });
    this.caption = h("p", { class: "lightbox-caption", aria: { live: "polite" } });
    this.tools = h("div", { class: "lightbox-tools" });
    const isMany = items.length > 1;
    this.dialog = /** @type {HTMLDialogElement} */ (
      h(
        "dialog",
        {
          class: "lightbox",
          aria: { label: "Picture" },
          onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
          onclick: (/** @type {MouseEvent} */ event) => this.#clicked(event),
          onclose: () => this.dialog.remove(),
        },
        this.tools,
        isMany && iconButton("chevron", "Previous picture", () => this.#go(-1), { class: "lightbox-turn is-previous" }),
        this.stage,
        isMany && iconButton("chevron", "Next picture", () => this.#go(1), { class: "lightbox-turn is-next" }),
        this.caption,
      )
    );
    this.stage.addEventListener("pointerdown", (event) => {
      this.#startX = event.clientX;
    });
    this.stage.addEventListener("pointerup", (event) => this.#swiped(event));
  }

  open() {
    document.body.append(this.dialog);
    this.#draw();
    this.dialog.showModal();
    /** @type {HTMLElement|null} */ (this.tools.querySelector(".lightbox-close"))?.focus();
  }

  get #item() {
    return this.items[this.index];
  }

  #draw() {
    const { url, alt, name } = this.#item;
    this.stage.classList.remove("is-full");
    const img = h("img", { src: url, alt: alt || name, draggable: "false" });
    img.addEventListener("error", () =>
      refill(this.stage, h("p", { class: "lightbox-broken" }, icon("broken"), "Picture could not be loaded")),
    );
    const zoom = h(
      "button",
      {
        type: "button",
        class: "lightbox-zoom",
        aria: { label: `Full size: ${alt || name}`, pressed: "false" },
        onclick: () => this.#zoom(zoom),
      },
      img,
    );
    refill(this.stage, zoom);
    const count = this.items.length > 1 ? `${this.index + 1} of ${this.items.length}` : "";
    refill(this.caption, alt, count && h("span", { class: "lightbox-count" }, count));
    this.#drawTools(url, name);
  }

  /** @param {string} url @param {string} name */
  #drawTools(url, name) {
    const hadFocus = this.tools.contains(document.activeElement);
    refill(
      this.tools,
      h("span", { class: "lightbox-name" }, name),
      h(
        "a",
        {
          class: "icon-button",
          href: url,
          target: "_blank",
          rel: "noopener noreferrer",
          title: "Open original",
          aria: { label: "Open original" },
        },
        icon("link"),
      ),
      h(
        "a",
        { class: "icon-button", href: url, download: name, title: "Download", aria: { label: "Download" } },
        icon("download"),
      ),
      iconButton("close", "Close", () => this.dialog.close(), { class: "lightbox-close" }),
    );
    if (hadFocus) /** @type {HTMLElement|null} */ (this.tools.querySelector(".lightbox-close"))?.focus();
  }

  /** @param {HTMLElement} button */
  #zoom(button) {
    const isFull = this.stage.classList.toggle("is-full");
    button.setAttribute("aria-pressed", String(isFull));
    // Scrollable from its middle on.
    this.stage.scrollTo(
      (this.stage.scrollWidth - this.stage.clientWidth) / 2,
      (this.stage.scrollHeight - this.stage.clientHeight) / 2,
    );
  }

  /** @param {number} step */
  #go(step) {
    this.index = (this.index + step + this.items.length) % this.items.length;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.dialog.close();
      return;
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || this.items.length < 2 || this.stage.classList.contains("is-full")) return;
    event.preventDefault();
    this.#go(step);
  }

  /** A click beside the picture closes. @param {MouseEvent} event */
  #clicked(event) {
    if (event.target === this.dialog || event.target === this.stage) this.dialog.close();
  }

  /** @param {PointerEvent} event */
  #swiped(event) {
    const moved = event.clientX - this.#startX;
    if (
      event.pointerType === "mouse" ||
      this.items.length < 2 ||
      this.stage.classList.contains("is-full") ||
      Math.abs(moved) < SWIPE
    )
      return;
    this.#go(moved < 0 ? 1 : -1);
  }
}
