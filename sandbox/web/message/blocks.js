/**
 * The block half of Discord's markdown: which lines are quotes, headings, small print, lists. Text in, a tree of plain
 * objects out; what is in a line is read by `inline.js`. One walk over the lines; quotes do not nest, lists ten deep.
 *
 * @typedef {{kind: "text", text: string}} TextBlock
 * @typedef {{kind: "heading", level: number, text: string}} HeadingBlock
 * @typedef {{kind: "small", text: string}} SmallBlock
 * @typedef {{kind: "quote", blocks: Block[]}} QuoteBlock
 * @typedef {{kind: "list", isOrdered: boolean, start: number, items: Block[][]}} ListBlock
 * @typedef {TextBlock|HeadingBlock|SmallBlock|QuoteBlock|ListBlock} Block
 */

const QUOTED = /^ {0,3}> ?(.*)$/;
const QUOTE_LINE = /^ {0,3}> /;
const QUOTE_REST = /^ {0,3}>>> /;
const HEADING = /^(#{1,3})[ \t]+(\S[\s\S]*)$/;
const SMALL = /^-#[ \t]+(\S[\s\S]*)$/;
const ITEM = /^( {0,60})(?:[-*]|(\d{1,9})\.) +(?=\S)/;
const CONTINUED = /^ {2,}\S/;
const DEEPEST = 10;

/**
 * Read the blocks of a text.
 *
 * @param {string} text
 * @param {boolean} [isQuoted]  inside a quote, where no other begins
 * @returns {Block[]}
 */
export function parseBlocks(text, isQuoted = false) {
  /** @type {Block[]} */
  const blocks = [];
  const lines = new Lines(text);
  while (!lines.isDone) {
    const block = (isQuoted ? null : readQuote(lines)) ?? readLine(lines) ?? readList(lines);
    if (block) blocks.push(block);
    else addText(blocks, lines.take());
  }
  return blocks;
}

/** @param {Block[]} blocks @param {string} line */
function addText(blocks, line) {
  const last = blocks.at(-1);
  if (last?.kind === "text") last.text += `\n${line}`;
  else blocks.push({ kind: "text", text: line });
}

/** The lines of a text, of which one that opens a code block goes on to the block's end. */
class Lines {
  #at = 0;
  #fence = 0;

  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.fences = fencesIn(text);
  }

  get isDone() {
    return this.#at > this.text.length;
  }

  /** The present line, only up to its own end. */
  get line() {
    return this.text.slice(this.#at, this.#newline(this.#at));
  }

  /** Take the present line, as written. */
  takePhysical() {
    const end = this.#newline(this.#at);
    const line = this.text.slice(this.#at, end);
    this.#at = end + 1;
    return line;
  }

  /** Take the present line, with the code blocks that begin in it. */
  take() {
    let end = this.#newline(this.#at);
    while (this.#fence < this.fences.length && this.fences[this.#fence].start < this.#at) this.#fence += 1;
    while (this.#fence < this.fences.length && this.fences[this.#fence].start < end) {
      end = this.#newline(this.fences[this.#fence].end);
      this.#fence += 1;
    }
    const line = this.text.slice(this.#at, end);
    this.#at = end + 1;
    return line;
  }

  takeRest() {
    const rest = this.text.slice(this.#at);
    this.#at = this.text.length + 1;
    return rest;
  }

  /** @param {number} from */
  #newline(from) {
    const at = this.text.indexOf("\n", from);
    return at < 0 ? this.text.length : at;
  }
}

/** @param {string} text */
function fencesIn(text) {
  const fences = [];
  for (let start = text.indexOf("```"); start >= 0;) {
    const close = text[start - 1] === "\\" ? -1 : text.indexOf("```", start + 3);
    if (close < 0 && text[start - 1] !== "\\") break;
    if (close >= 0) fences.push({ start, end: close + 3 });
    start = text.indexOf("```", (close < 0 ? start : close) + 3);
  }
  return fences;
}

/** @param {Lines} lines @returns {Block|null} */
function readQuote(lines) {
  if (QUOTE_REST.test(lines.line))
    return { kind: "quote", blocks: parseBlocks(lines.takeRest().replace(QUOTE_REST, ""), true) };
  if (!QUOTE_LINE.test(lines.line)) return null;
  const quoted = [];
  while (!lines.isDone && QUOTE_LINE.test(`${lines.line} `)) quoted.push(QUOTED.exec(lines.takePhysical())?.[1] ?? "");
  return { kind: "quote", blocks: parseBlocks(quoted.join("\n"), true) };
}

/** Headings and small print. @param {Lines} lines @returns {Block|null} */
function readLine(lines) {
  if (HEADING.test(lines.line)) {
    const found = HEADING.exec(lines.take());
    return found && { kind: "heading", level: found[1].length, text: found[2] };
  }
  if (!SMALL.test(lines.line)) return null;
  const found = SMALL.exec(lines.take());
  return found && { kind: "small", text: found[1] };
}

/** @param {Lines} lines @returns {Block|null} */
function readList(lines) {
  const first = ITEM.exec(lines.line);
  if (!first) return null;
  const root = newList(first);
  const open = [{ indent: first[1].length, list: root }];
  while (!lines.isDone) {
    const item = ITEM.exec(lines.line);
    if (item && isSameList(root, item, open[0].indent)) addItem(open, item, lines.take().slice(item[0].length));
    else if (!item && CONTINUED.test(lines.line))
      addText(/** @type {Block[]} */ (open[open.length - 1].list.items.at(-1)), lines.take().trimStart());
    else break;
  }
  return root;
}

/** @param {RegExpExecArray} item @returns {ListBlock} */
function newList(item) {
  return { kind: "list", isOrdered: item[2] !== undefined, start: Number(item[2] ?? 1), items: [] };
}

/**
 * A bullet after numbers, at the margin, begins another list.
 *
 * @param {ListBlock} root
 * @param {RegExpExecArray} item
 * @param {number} margin
 */
function isSameList(root, item, margin) {
  return item[1].length > margin || root.isOrdered === (item[2] !== undefined);
}

/** @param {{indent: number, list: ListBlock}[]} open @param {RegExpExecArray} item @param {string} text */
function addItem(open, item, text) {
  const indent = item[1].length;
  while (open.length > 1 && indent < open[open.length - 1].indent) open.pop();
  const innermost = open[open.length - 1];
  const parent = innermost.list.items.at(-1);
  if (parent && indent > innermost.indent && open.length < DEEPEST) {
    const list = newList(item);
    parent.push(list);
    open.push({ indent, list });
  }
  open[open.length - 1].list.items.push([{ kind: "text", text }]);
}
