/**
 * What is open while a line of markdown is read, and what becomes of it. Knows nothing of which marks there are.
 *
 * @typedef {import("./inline.js").Inline} Inline
 */

/** What is open: the texts of marks, and `[` for a link; the first is the ground that all stands on. */
export class Frames {
  /** @type {{open: string, children: Inline[], hasLink: boolean}[]} */
  #frames = [{ open: "", children: [], hasLink: false }];

  /** @param {string} text */
  text(text) {
    const { children } = this.#frames[this.#frames.length - 1];
    const last = children.at(-1);
    if (last?.kind === "text") last.text += text;
    else if (text !== "") children.push({ kind: "text", text });
  }

  /** @param {Inline} node */
  add(node) {
    const isLink = node.kind === "address" || node.kind === "link";
    for (const frame of this.#frames) frame.hasLink ||= isLink;
    this.#frames[this.#frames.length - 1].children.push(node);
  }

  /** @param {string} open */
  open(open) {
    if (this.find(open) > 0) this.#giveUp(this.find(open));
    this.#frames.push({ open, children: [], hasLink: false });
  }

  /** Where something is open, 0 if it is not. @param {string} open */
  find(open) {
    return Math.max(
      0,
      this.#frames.findLastIndex((frame) => frame.open === open),
    );
  }

  /** What is open, outermost first. */
  opened() {
    return this.#frames.slice(1).map((frame) => frame.open);
  }

  /** Whether something stands between an opener and here. @param {number} at */
  hasContent(at) {
    return at < this.#frames.length - 1 || this.#frames[at].children.length > 0;
  }

  /** @param {number} at */
  hasLink(at) {
    return this.#frames[at].hasLink;
  }

  /** End a frame and return its children; what was opened inside it and not closed is text. @param {number} at */
  close(at) {
    while (this.#frames.length - 1 > at) this.#giveUp(this.#frames.length - 1);
    return /** @type {{children: Inline[]}} */ (this.#frames.pop()).children;
  }

  /** An opener was none: it is text, and its children stand where it stands. @param {number} at */
  #giveUp(at) {
    const [{ open, children, hasLink }] = this.#frames.splice(at, 1);
    const below = this.#frames[at - 1];
    below.hasLink ||= hasLink;
    for (const node of [/** @type {Inline} */ ({ kind: "text", text: open }), ...children]) {
      const last = below.children.at(-1);
      if (node.kind === "text" && last?.kind === "text") last.text += node.text;
      else below.children.push(node);
    }
  }

  finish() {
    while (this.#frames.length > 1) this.#giveUp(this.#frames.length - 1);
    return this.#frames[0].children;
  }
}
