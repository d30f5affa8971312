/**
 * Discord's markdown as nodes. Reading is done by `blocks.js` and `inline.js`; here the trees become elements, and
 * texts become text nodes, whatever is in them.
 */

import { h } from "../core/dom.js";
import { parseBlocks } from "./blocks.js";
import { isJumbo } from "./emoji.js";
import { parseInline } from "./inline.js";
import { jumpLink, placeOf } from "./jumps.js";
import { drawMention, mentionText } from "./mentions.js";
import { spoiler } from "./spoilers.js";
import { inWords, timestamp, whenWritten } from "./timestamps.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./blocks.js").Block} Block */
/** @typedef {import("./inline.js").Inline} Inline */

/**
 * Draw a text.
 *
 * @param {Store} store
 * @param {string} text
 * @param {object} [options]
 * @param {boolean} [options.inline]  one line: no headings, lists and quotes, and line breaks are blanks
 * @param {string|null} [options.scope]  under what revealed spoilers are remembered, such as a message's id
 * @returns {DocumentFragment}
 */
export function markdown(store, text, { inline = false, scope = null } = {}) {
  const fragment = document.createDocumentFragment();
  const drawing = new Drawing(store, inline, scope);
  if (inline) fragment.append(...drawing.inline(text));
  else if (isJumbo(text)) fragment.append(h("span", { class: "jumbo" }, ...drawing.inline(text)));
  else fragment.append(...drawing.blocks(parseBlocks(text)));
  return fragment;
}

class Drawing {
  #spoilers = 0;

  /** @param {Store} store @param {boolean} isInline @param {string|null} scope */
  constructor(store, isInline, scope) {
    this.store = store;
    this.isInline = isInline;
    this.scope = scope;
  }

  /** @param {Block[]} blocks @returns {Node[]} */
  blocks(blocks) {
    return blocks.flatMap((block) => this.#block(block));
  }

  /** @param {Block} block @returns {Node[]} */
  #block(block) {
    switch (block.kind) {
      case "heading":
        return [
          h(
            "div",
            { class: `heading is-${block.level}`, role: "heading", "aria-level": block.level + 2 },
            this.inline(block.text),
          ),
        ];
      case "small":
        return [h("div", { class: "subtext" }, this.inline(block.text))];
      case "quote":
        return [h("blockquote", null, this.blocks(block.blocks))];
      case "list":
        return [this.#list(block)];
      default:
        return this.inline(block.text);
    }
  }

  /** @param {import("./blocks.js").ListBlock} list */
  #list(list) {
    const items = list.items.map((blocks) => h("li", null, this.blocks(blocks)));
    return list.isOrdered ? h("ol", { start: list.start }, items) : h("ul", null, items);
  }

  /** @param {string} text @returns {Node[]} */
  inline(text) {
    return this.#nodes(parseInline(text));
  }

  /** @param {Inline[]} nodes @returns {Node[]} */
  #nodes(nodes) {
    // A code block stands on lines of its own: the breaks around it would be empty lines.
    const isBlock = (/** @type {Inline|undefined} */ node) => node?.kind === "codeBlock" && !this.isInline;
    const kept = nodes.filter(
      (node, at) => node.kind !== "break" || !(isBlock(nodes[at - 1]) || isBlock(nodes[at + 1])),
    );
    return kept.map((node) => this.#node(node));
  }

  /** @param {Inline} node @returns {Node} */
  #node(node) {
    switch (node.kind) {
      case "break":
        return this.isInline ? document.createTextNode(" ") : h("br", null);
      case "mark":
        return this.#mark(node);
      case "code":
        return h("code", null, node.text);
      case "codeBlock":
        return this.isInline ? h("code", null, node.text) : codeBlock(node);
      case "mention":
        return drawMention(this.store, node);
      case "time":
        return timestamp(new Date(node.seconds * 1000), node.style);
      case "emoji":
        return h("span", { class: "custom-emoji" }, `:${node.name}:`);
      case "address":
        return this.#link(node.url, "", null);
      case "link":
        return this.#link(node.url, node.title, this.#nodes(node.children));
      default:
        return document.createTextNode(node.text);
    }
  }

  /** @param {string} url @param {string} title @param {Node[]|null} inside  null: the address itself */
  #link(url, title, inside) {
    const place = placeOf(this.store, url);
    return place ? jumpLink(this.store, place, inside) : link(url, title, inside ?? [url]);
  }

  /** @param {import("./inline.js").MarkNode} node @returns {Node} */
  #mark({ mark, children }) {
    const inside = this.#nodes(children);
    if (mark !== "spoiler") return h(mark, null, inside);
    const key = this.scope === null ? null : `${this.scope} ${this.#spoilers++}`;
    const fragment = document.createDocumentFragment();
    fragment.append(...inside);
    const hasBlock = !this.isInline && children.some((child) => child.kind === "codeBlock");
    return spoiler(key, hasBlock ? "block" : "text", fragment);
  }
}

/** @param {string} url @param {string} title @param {(Node|string)[]} children */
function link(url, title, children) {
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", title: title || url }, children);
}

/** @param {import("./atoms.js").CodeBlockNode} node */
function codeBlock({ language, text }) {
  return h("pre", null, language && h("span", { class: "code-language" }, language), h("code", null, text));
}

/**
 * Return a text without its markup, for labels and previews of one line. Spoilers stay covered.
 *
 * @param {Store} store
 * @param {string} text
 * @returns {string}
 */
export function plainText(store, text) {
  return blocksText(store, parseBlocks(text)).replace(/\s+/g, " ").trim();
}

/** @param {Store} store @param {Block[]} blocks @returns {string} */
function blocksText(store, blocks) {
  const texts = blocks.map((block) => {
    if (block.kind === "quote") return blocksText(store, block.blocks);
    if (block.kind === "list") return block.items.map((item) => blocksText(store, item)).join(" ");
    return inlineText(store, parseInline(block.text));
  });
  return texts.join(" ");
}

/** @param {Store} store @param {Inline[]} nodes @returns {string} */
function inlineText(store, nodes) {
  return nodes.map((node) => nodeText(store, node)).join("");
}

/** In a text that is not renewed "3 seconds ago" would soon be wrong. @param {Date} date @param {string} style */
function timeText(date, style) {
  return style === "R" ? whenWritten(date) : inWords(date, style);
}

/** @param {Store} store @param {Inline} node @returns {string} */
function nodeText(store, node) {
  switch (node.kind) {
    case "break":
      return " ";
    case "mark":
      return node.mark === "spoiler" ? "(spoiler)" : inlineText(store, node.children);
    case "link":
      return inlineText(store, node.children);
    case "mention":
      return mentionText(store, node);
    case "time":
      return timeText(new Date(node.seconds * 1000), node.style);
    case "emoji":
      return `:${node.name}:`;
    case "address":
      return node.url;
    default:
      return node.text;
  }
}
