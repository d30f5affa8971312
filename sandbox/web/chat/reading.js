/**
 * Keeps what one reads where it is, while things above and below it come, go and change their size. At the bottom it stays
 * at the bottom. Knows nothing of messages.
 */

const NEAR_BOTTOM = 32;
const KEPT = 6;

/** Tells `scroll` after the person moved. */
export class Reading extends EventTarget {
  isAtBottom = true;
  /** @type {{node: Element, top: number}[]} what is in sight, and where */
  #anchors = [];
  #top = 0;

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
    const anchor = this.#anchors.find(({ node }) => node.isConnected);
    if (anchor === undefined) return;
    const moved = this.#topOf(anchor.node) - anchor.top;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
  }

  toBottom() {
    this.isAtBottom = true;
    this.restore();
    this.dispatchEvent(new Event("scroll"));
  }

  /** Show a row at some part of the height, and hold it there. @param {Element} row @param {number} share */
  show(row, share) {
    const { scroller } = this;
    const top = Math.max(8, (scroller.clientHeight - row.getBoundingClientRect().height) * share);
    this.isAtBottom = false;
    this.#anchors = [{ node: row, top }];
    // Rows that come into sight take their real size, which moves this one again: `restore` goes on from the anchor.
    this.restore();
    this.restore();
    this.dispatchEvent(new Event("scroll"));
  }

  #scrolled() {
    const { scroller } = this;
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
