/**
 * The inline half of Discord's markdown: one walk over a text, left to right, that opens and closes marks. Text in, a
 * tree of plain objects out; draws nothing. What stays open at the end was no markup and is text.
 *
 * A mark can be open only once, so that the tree is never deeper than there are marks, and the walk stays linear.
 *
 * @typedef {import("./atoms.js").Atom} Atom
 * @typedef {"strong"|"em"|"u"|"s"|"spoiler"} Mark
 * @typedef {{kind: "mark", mark: Mark, children: Inline[]}} MarkNode
 * @typedef {{kind: "link", url: string, title: string, children: Inline[]}} LinkNode
 * @typedef {Atom|MarkNode|LinkNode} Inline
 */

import { CodeReader, matchAt, readAngled, readBareUrl, readDestination } from "./atoms.js";
import { Frames } from "./frames.js";

/** @type {Record<string, Mark>} */
const MARKS = { "**": "strong", "*": "em", _: "em", __: "u", "~~": "s", "||": "spoiler" };

/**
 * Read the inline markup of a text.
 *
 * @param {string} text
 * @returns {Inline[]}
 */
export function parseInline(text) {
  return new Walk(text).all();
}

const SPECIAL = /[\\`<@[\]*_~|\n]|https?:\/\//gi;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;

class Walk {
  #at = 0;
  #frames = new Frames();

  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.code = new CodeReader(text);
  }

  all() {
    const { text } = this;
    while (this.#at < text.length) {
      const found = matchAt(SPECIAL, text, this.#at);
      const next = found ? found.index : text.length;
      this.#frames.text(text.slice(this.#at, next));
      this.#at = next;
      if (found) this.#special(found[0]);
    }
    return this.#frames.finish();
  }

  /** @param {string} found */
  #special(found) {
    if (found === "\n") this.#node({ kind: "break" }, this.#at + 1);
    else if (found === "\\") this.#escape();
    else if (found === "`") this.#backticks();
    else if (found === "[") this.#bracket();
    else if (found === "]") this.#unbracket();
    else if ("*_~|".includes(found)) this.#marks(found);
    else this.#atom(found);
  }

  /** @param {Inline} node @param {number} end */
  #node(node, end) {
    this.#frames.add(node);
    this.#at = end;
  }

  /** @param {number} length */
  #literal(length) {
    this.#frames.text(this.text.slice(this.#at, this.#at + length));
    this.#at += length;
  }

  #escape() {
    const escaped = this.text[this.#at + 1] ?? "";
    if (!ESCAPABLE.test(escaped)) return this.#literal(1);
    this.#frames.text(escaped);
    this.#at += 2;
  }

  #backticks() {
    const run = this.#run("`");
    const found = this.code.read(this.#at, run);
    if (found) this.#node(found.node, found.end);
    else this.#literal(run);
  }

  #bracket() {
    this.#frames.open("[");
    this.#at += 1;
  }

  #unbracket() {
    const at = this.#frames.find("[");
    const leads = at > 0 && this.text[this.#at + 1] === "(" ? readDestination(this.text, this.#at + 1) : null;
    if (!leads || this.#frames.hasLink(at) || !this.#frames.hasContent(at)) return this.#literal(1);
    const children = this.#frames.close(at);
    this.#node({ kind: "link", url: leads.url, title: leads.title, children }, leads.end);
  }

  /** Addresses, mentions, times, emoji. @param {string} found */
  #atom(found) {
    if (found === "@") return this.#everybody();
    const closers = this.#frames.opened().map((open) => (open === "[" ? "](" : open));
    const read = found === "<" ? readAngled(this.text, this.#at) : readBareUrl(this.text, this.#at, closers);
    if (read) this.#node(read.node, read.end);
    else this.#literal(found.length);
  }

  #everybody() {
    const found = matchAt(/@(everyone|here)\b/y, this.text, this.#at);
    if (!found) return this.#literal(1);
    this.#node({ kind: "mention", what: "all", id: "", name: found[1] }, this.#at + found[0].length);
  }

  /** How often a character stands here in a row. @param {string} character */
  #run(character) {
    let end = this.#at;
    while (this.text[end] === character) end += 1;
    return end - this.#at;
  }

  /** @param {string} character */
  #marks(character) {
    const run = this.#run(character);
    if (character === "~" || character === "|") {
      for (let left = run; left > 0; left -= 2) {
        if (left > 1 && (character === "|" || run === 2)) this.#mark(character + character);
        else this.#literal(Math.min(left, 2));
      }
      return;
    }
    if (run > 3) return this.#literal(run);
    for (let left = run; left > 0;) {
      const size = left === 2 || (left === 3 && !this.#isInnermost(character)) ? 2 : 1;
      this.#mark(character.repeat(size));
      left -= size;
    }
  }

  /** Of `***`, the single one closes first if it was opened last. @param {string} character */
  #isInnermost(character) {
    return this.#frames.find(character) > this.#frames.find(character + character);
  }

  /** @param {string} open */
  #mark(open) {
    const before = this.text[this.#at - 1] ?? " ";
    const after = this.text[this.#at + open.length] ?? " ";
    const { canOpen, canClose } = flanks(open, before, after);
    const at = this.#frames.find(open);
    if (at > 0 && canClose && this.#frames.hasContent(at)) {
      const children = this.#frames.close(at);
      this.#node({ kind: "mark", mark: MARKS[open], children }, this.#at + open.length);
    } else if (canOpen) {
      this.#frames.open(open);
      this.#at += open.length;
    } else this.#literal(open.length);
  }
}

/**
 * Single stars keep blanks out (`2 * 3 * 4`), single underscores words in (`snake_case_name`); double marks take all.
 *
 * @param {string} open
 * @param {string} before
 * @param {string} after
 */
function flanks(open, before, after) {
  if (open === "*") return { canOpen: !/\s/.test(after), canClose: !/\s/.test(before) };
  if (open === "_")
    return { canOpen: !WORD.test(before) && !/\s/.test(after), canClose: !WORD.test(after) && !/\s/.test(before) };
  return { canOpen: true, canClose: true };
}
