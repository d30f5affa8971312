/**
 * The parts beside the chat that come and go: the places on a phone, the panel everywhere. Knows how wide the window is,
 * keeps what is out of sight out of the keyboard's way too, and gives the focus back.
 */

const NARROW = "(max-width: 759px)";
const MEDIUM = "(max-width: 1179px)";
const ROOMY = "(min-width: 1280px)";
const KEPT = "easel.panel";

/** @typedef {"places"|"panel"} Drawer */

export class Drawers extends EventTarget {
  #narrow = matchMedia(NARROW);
  #medium = matchMedia(MEDIUM);
  #isPanelWanted = remembered() ?? matchMedia(ROOMY).matches;
  /** @type {Drawer|null} what lies over the chat */
  #over = null;
  /** @type {HTMLElement|null} */
  #before = null;

  /**
   * @param {HTMLElement} frame
   * @param {{places: HTMLElement, panel: HTMLElement, scrim: HTMLElement}} parts
   */
  constructor(frame, parts) {
    super();
    this.frame = frame;
    this.parts = parts;
    for (const query of [this.#narrow, this.#medium]) query.addEventListener("change", () => this.#show());
    parts.scrim.addEventListener("click", () => this.closeOver());
    this.#show();
  }

  /** Whether a part is in sight. @param {Drawer} name */
  isOpen(name) {
    if (this.#over === name) return true;
    return name === "places" ? !this.#narrow.matches : !this.#medium.matches && this.#isPanelWanted;
  }

  /** @param {Drawer} name */
  open(name) {
    if (this.isOpen(name)) return;
    if (name === "panel" && !this.#medium.matches) this.#want(true);
    else {
      this.#before = /** @type {HTMLElement|null} */ (document.activeElement);
      this.#over = name;
    }
    this.#show();
    if (this.#over === name) firstIn(this.parts[name])?.focus();
  }

  /** @param {Drawer} name */
  close(name) {
    if (this.#over === name) this.closeOver();
    else if (name === "panel") this.#want(false);
    this.#show();
  }

  /** @param {Drawer} name */
  toggle(name) {
    if (this.isOpen(name)) this.close(name);
    else this.open(name);
  }

  /** Take away what lies over the chat; return whether something did. */
  closeOver() {
    if (this.#over === null) return false;
    const hadFocus = this.parts[this.#over].contains(document.activeElement);
    this.#over = null;
    this.#show();
    if (hadFocus && this.#before?.isConnected) this.#before.focus({ preventScroll: true });
    return true;
  }

  /** @param {boolean} isWanted */
  #want(isWanted) {
    this.#isPanelWanted = isWanted;
    try {
      localStorage.setItem(KEPT, isWanted ? "open" : "closed");
    } catch {
      // A browser that keeps nothing forgets this as well.
    }
  }

  #show() {
    const { places, panel, scrim } = this.parts;
    if (!(this.#over === "places" ? this.#narrow : this.#medium).matches) this.#over = null;
    this.frame.dataset.over = this.#over ?? "";
    this.frame.dataset.panel = this.isOpen("panel") ? "open" : "closed";
    places.inert = !this.isOpen("places");
    panel.inert = !this.isOpen("panel");
    scrim.hidden = this.#over === null;
    this.dispatchEvent(new Event("change"));
  }
}

function remembered() {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept === null ? null : kept === "open";
  } catch {
    return null;
  }
}

/** @param {HTMLElement} part @returns {HTMLElement|null} */
function firstIn(part) {
  return part.querySelector("[aria-current] , button:not(:disabled), a[href], input:not(:disabled)");
}
