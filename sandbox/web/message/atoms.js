/**
 * The smallest pieces of Discord's markdown, those that hold no other markup: mentions, times, emoji, code,
 * addresses. Text in, plain objects out; every pattern looks at a bounded stretch, so that no text can make it slow.
 * Imports nothing.
 *
 * @typedef {{kind: "text", text: string}} TextNode
 * @typedef {{kind: "break"}} BreakNode
 * @typedef {{kind: "code", text: string}} CodeNode
 * @typedef {{kind: "codeBlock", language: string, text: string}} CodeBlockNode
 * @typedef {{kind: "mention", what: "person"|"role"|"channel"|"command"|"all", id: string, name: string}} MentionNode
 * @typedef {{kind: "time", seconds: number, style: string}} TimeNode
 * @typedef {{kind: "emoji", name: string}} EmojiNode
 * @typedef {{kind: "address", url: string}} AddressNode
 * @typedef {TextNode|BreakNode|CodeNode|CodeBlockNode|MentionNode|TimeNode|EmojiNode|AddressNode} Atom
 */

const LONGEST_URL = 2048;
const FURTHEST_SECOND = 8_640_000_000_000;

/** @type {[RegExp, (found: RegExpExecArray) => Atom|null][]} */
const ANGLED = [
  [/<@!?(\d{1,20})>/y, ([, id]) => ({ kind: "mention", what: "person", id, name: "" })],
  [/<@&(\d{1,20})>/y, ([, id]) => ({ kind: "mention", what: "role", id, name: "" })],
  [/<#(\d{1,20})>/y, ([, id]) => ({ kind: "mention", what: "channel", id, name: "" })],
  [
    /<\/([-_'\p{L}\p{M}\p{N} ]{1,100}):(\d{1,20})>/uy,
    ([, name, id]) => ({ kind: "mention", what: "command", id, name }),
  ],
  [/<a?:(\w{2,32}):\d{1,20}>/y, ([, name]) => ({ kind: "emoji", name })],
  [/<t:(-?\d{1,16})(?::([tTdDfFRsS]))?>/y, ([, seconds, style]) => time(Number(seconds), style ?? "f")],
  [/<(https?:\/\/[^\s<>]{1,2048})>/iy, ([, url]) => (isWebUrl(url) ? { kind: "address", url } : null)],
];

/** @param {number} seconds @param {string} style @returns {Atom|null} */
function time(seconds, style) {
  return Math.abs(seconds) > FURTHEST_SECOND ? null : { kind: "time", seconds, style };
}

/**
 * Read what stands in `<` and `>`.
 *
 * @param {string} text
 * @param {number} at
 * @returns {{node: Atom, end: number}|null}
 */
export function readAngled(text, at) {
  for (const [pattern, make] of ANGLED) {
    const found = matchAt(pattern, text, at);
    const node = found && make(found);
    if (found && node) return { node, end: at + found[0].length };
  }
  return null;
}

/** Match a sticky pattern at one place. @param {RegExp} pattern @param {string} text @param {number} at */
export function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Whether an address is one that a link may lead to. @param {string} url */
export function isWebUrl(url) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return parsed !== null && (parsed.protocol === "http:" || parsed.protocol === "https:");
}

const TRAILING = /[.,:;!?"'\]]/;

/**
 * Read an address that stands in the text as it is. Closing marks after it are not part of it.
 *
 * @param {string} text
 * @param {number} at
 * @param {string[]} closers  what is open around it and would end it, such as `||`
 * @returns {{node: Atom, end: number}|null}
 */
export function readBareUrl(text, at, closers) {
  const found = matchAt(/https?:\/\/[^\s<>]{1,2048}/iy, text, at);
  if (!found) return null;
  let url = found[0].slice(0, LONGEST_URL);
  for (const closer of closers) {
    const cut = url.indexOf(closer);
    if (cut > 0) url = url.slice(0, cut);
  }
  let surplus = url.split(")").length - url.split("(").length;
  for (;;) {
    const last = url.at(-1) ?? "";
    if (last === ")" && surplus > 0) surplus -= 1;
    else if (!TRAILING.test(last)) break;
    url = url.slice(0, -1);
  }
  return isWebUrl(url) ? { node: { kind: "address", url }, end: at + url.length } : null;
}

const DESTINATION = new RegExp(
  String.raw`\(\s{0,8}(?:<(https?://[^\s<>]{1,2048})>|(https?://(?:[^\s()<>]|\([^\s()<>]{0,512}\)){1,2048}))` +
    String.raw`(?:\s{1,8}"([^"\n]{0,512})")?\s{0,8}\)`,
  "iy",
);

/**
 * Read where a masked link leads: `(url)`, `(<url>)`, `(url "title")`.
 *
 * @param {string} text
 * @param {number} at  of the `(`
 * @returns {{url: string, title: string, end: number}|null}
 */
export function readDestination(text, at) {
  const found = matchAt(DESTINATION, text, at);
  const url = found?.[1] ?? found?.[2];
  if (!found || url === undefined || !isWebUrl(url)) return null;
  return { url, title: found[3] ?? "", end: at + found[0].length };
}

/**
 * Finds the ends of code. Remembers what it did not find, so that a text of a thousand openers is not searched a
 * thousand times.
 */
export class CodeReader {
  /** @type {Set<number>} lengths of backtick runs that nothing closes any more */
  #unclosed = new Set();

  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  /**
   * Read code that begins with a run of backticks.
   *
   * @param {number} at
   * @param {number} run  1 and 2: inline, 3: a block
   * @returns {{node: CodeNode|CodeBlockNode, end: number}|null}
   */
  read(at, run) {
    if (run > 3 || this.#unclosed.has(run)) return null;
    const start = at + run;
    const close = run === 3 ? this.text.indexOf("```", start) : this.#closing(start, run);
    if (close < 0) this.#unclosed.add(run);
    const inside = close < 0 ? "" : this.text.slice(start, close);
    if (inside.trim() === "") return null;
    return { node: run === 3 ? block(inside) : { kind: "code", text: unpadded(inside) }, end: close + run };
  }

  /** @param {number} start @param {number} run */
  #closing(start, run) {
    const ticks = /`+/g;
    ticks.lastIndex = start;
    for (let found = ticks.exec(this.text); found; found = ticks.exec(this.text)) {
      if (found[0].length === run) return found.index;
    }
    return -1;
  }
}

/** Two backticks may be set off with blanks, so that the code can begin with one. @param {string} code */
function unpadded(code) {
  return code.startsWith(" `") || code.endsWith("` ") ? code.trim() : code;
}

/** @param {string} inside @returns {CodeBlockNode} */
function block(inside) {
  const newline = inside.indexOf("\n");
  const first = newline < 0 ? "" : inside.slice(0, newline);
  const isLanguage = /^[\w+\-.#]{1,32}$/.test(first) && inside.slice(newline).trim() !== "";
  const code = isLanguage ? inside.slice(newline + 1) : inside;
  return { kind: "codeBlock", language: isLanguage ? first : "", text: withoutOuterNewlines(code) };
}

/** @param {string} code */
function withoutOuterNewlines(code) {
  let start = 0;
  let end = code.length;
  while (code[start] === "\n") start += 1;
  while (end > start && code[end - 1] === "\n") end -= 1;
  return code.slice(start, end);
}
