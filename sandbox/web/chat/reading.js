/**
 * Keeps what one reads where it is, while things above and below it come, go and change their size. At the bottom it stays
 * at the bottom. Knows nothing of messages.
 */

const NEAR_BOTTOM = 32;
const KEPT = 6;
/** So many frames without a change of height, and the rows have taken their real size. */
const CALM_FRAMES = 3;

/** Tells `scroll` after the person moved. */
export class Reading extends EventTarget {
  isAtBottom = true;
  /** @type {{node: Element, top: number}[]} what is in sight, and where */
  #anchors = [];
  #top = 0;
  /** @type {{node: Element, top: number}|null} what was shown just now, until the rows around it have their size */
  #held = null;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} content  all that scrolls
   * @param {HTMLElement} rows  the part of it that one reads
   */
  constructor(scroller, content, rows) {
    super();
    this.scroller = scroller;
    this.rows = rows;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const resized = new ResizeObserver(() => this.restore());
    resized.observe(content);
    resized.observe(scroller);
  }

  /** Change the rows without moving what is read. @param {() => void} change */
  keep(change) {
    this.#note();
    change();
    this.restore();
  }

  /** Stand where one stood. */
  restore() {
    const { scroller } = this;
    if (this.isAtBottom) {
      scroller.scrollTop = scroller.scrollHeight;
      this.#top = scroller.scrollTop;
      return;
    }
    const anchor = [this.#held, ...this.#anchors].find((one) => one?.node.isConnected);
    if (!anchor) return;
    const moved = this.#topOf(anchor.node) - anchor.top;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
    this.#top = scroller.scrollTop;
  }

  toBottom() {
    this.isAtBottom = true;
    this.#held = null;
    this.restore();
    this.dispatchEvent(new Event("scroll"));
  }

  /** Show a row at some part of the height, and hold it there. @param {Element} row @param {number} share */
  show(row, share) {
    const { scroller } = this;
    const top = Math.max(8, (scroller.clientHeight - row.getBoundingClientRect().height) * share);
    this.isAtBottom = false;
    this.#anchors = [];
    this.#held = { node: row, top };
    this.restore();
    this.#settle(this.#held);
    this.dispatchEvent(new Event("scroll"));
  }

  /** Rows that come into sight take their real size: hold what was shown until they have. @param {object} held */
  #settle(held) {
    let height = -1;
    let calm = 0;
    const look = () => {
      if (this.#held !== held) return;
      this.restore();
      calm = this.scroller.scrollHeight === height ? calm + 1 : 0;
      height = this.scroller.scrollHeight;
      if (calm < CALM_FRAMES) return void requestAnimationFrame(look);
      this.#held = null;
      this.#scrolled();
    };
    requestAnimationFrame(look);
  }

  #scrolled() {
    const { scroller } = this;
    if (this.#held?.node.isConnected && scroller.scrollTop === this.#top) return;
    this.#held = null;
    const isNear = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM;
    // Only who goes up leaves the bottom. When the bottom went down, something grew just now, and `restore` follows it.
    const isLeftBehind = this.isAtBottom && !isNear && scroller.scrollTop >= this.#top;
    this.isAtBottom = isNear || isLeftBehind;
    if (isLeftBehind) this.restore();
    this.#top = scroller.scrollTop;
    this.#note();
    this.dispatchEvent(new Event("scroll"));
  }

  /** Remember the first rows in sight. */
  #note() {
    const rows = this.rows.children;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#topOf(rows[middle]) + rows[middle].clientHeight <= 0) low = middle + 1;
      else high = middle;
    }
    this.#anchors = Array.from({ length: Math.min(KEPT, rows.length - low) }, (_, at) => ({
      node: rows[low + at],
      top: this.#topOf(rows[low + at]),
    }));
  }

  /** @param {Element} row */
  #topOf(row) {
    return row.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
  }
}
