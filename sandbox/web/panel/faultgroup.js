/**
 * A folding group of faults, in which a search can leave only some. Knows its rows by their words, and that they can
 * be drawn.
 */

import { h } from "../core/dom.js";
import { setShown, setText } from "./patch.js";
import { foldable } from "./section.js";

/** @typedef {{node: HTMLElement, words: string, draw: () => number}} FaultRow  draw: returns how many are on */

export class FaultGroup {
  /**
   * @param {{id: string, title: string, isOpen: boolean, text?: string}} about
   * @param {FaultRow[]} rows
   * @param {HTMLElement|null} tool  stands above the rows while some are on
   */
  constructor({ id, title, isOpen, text }, rows, tool = null) {
    const nodes = rows.map((row) => row.node);
    this.rows = rows;
    this.tool = tool;
    this.part = foldable(id, title, { isOpen, text }, tool, h("ul", { class: "faults", role: "list" }, nodes));
    this.node = this.part.node;
  }

  draw() {
    const on = this.rows.reduce((sum, row) => sum + row.draw(), 0);
    setText(this.part.note, on === 0 ? "" : `${on} on`);
    if (this.tool) setShown(this.tool, on > 0);
  }

  /**
   * Show only what has all of these words; everything if there are none.
   *
   * @param {string[]} words
   * @returns {number} how many are shown
   */
  find(words) {
    const fitting = this.rows.filter((row) => words.every((word) => row.words.includes(word)));
    for (const row of this.rows) setShown(row.node, fitting.includes(row));
    setShown(this.node, fitting.length > 0);
    this.part.force(words.length > 0 && fitting.length > 0);
    return fitting.length;
  }
}
