/**
 * A row of tabs with one page for each. Arrow keys, Home and End go from tab to tab. Knows nothing of the store.
 */

import { h, icon, refill } from "../core/dom.js";
import { setShown } from "./patch.js";
import { recall, remember } from "./section.js";

/** @typedef {{id: string, title: string, icon: string, node: HTMLElement, draw: () => void, tick?: () => void}} Page */

const MEMORY = "tab";

/** @type {Record<string, (at: number, last: number) => number>} */
const MOVES = {
  ArrowRight: (at, last) => (at === last ? 0 : at + 1),
  ArrowLeft: (at, last) => (at === 0 ? last : at - 1),
  Home: () => 0,
  End: (_at, last) => last,
};

export class Tabs {
  /** @type {Page} the one that is shown */
  current;
  #pages;
  #onchange;

  /**
   * @param {string} label
   * @param {Page[]} pages
   * @param {() => void} onchange  another page is shown
   */
  constructor(label, pages, onchange) {
    this.#pages = pages;
    this.#onchange = onchange;
    this.current = pages.find((page) => page.id === recall(MEMORY, "")) ?? pages[0];
    this.badges = new Map(pages.map((page) => [page.id, h("span", { class: "tab-badge", hidden: true })]));
    this.buttons = pages.map((page) => this.#button(page));
    this.frames = pages.map((page) => frameOf(page));
    const list = h("div", { class: "tabs", role: "tablist", aria: { label } }, this.buttons);
    list.addEventListener("keydown", (event) => this.#walk(event));
    this.nodes = [list, ...this.frames];
    this.#show();
  }

  /** @param {Page} page */
  #button(page) {
    const id = `panel-tab-${page.id}`;
    const aria = { controls: `panel-page-${page.id}` };
    const onclick = () => this.#choose(page);
    const props = { type: "button", class: "tab", role: "tab", id, aria, onclick };
    return h("button", props, icon(page.icon), page.title, this.badges.get(page.id));
  }

  /** @param {Page} page */
  #choose(page) {
    this.current = page;
    remember(MEMORY, page.id);
    this.#show();
    this.#onchange();
  }

  #show() {
    for (const [place, page] of this.#pages.entries()) {
      const isChosen = page === this.current;
      this.buttons[place].setAttribute("aria-selected", String(isChosen));
      this.buttons[place].tabIndex = isChosen ? 0 : -1;
      setShown(this.frames[place], isChosen);
    }
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const place = move(this.#pages.indexOf(this.current), this.#pages.length - 1);
    this.#choose(this.#pages[place]);
    this.buttons[place].focus();
  }

  /** Put something short on a tab; empty for nothing. @param {string} id @param {string} text @param {string} unseen */
  badge(id, text, unseen = "") {
    const badge = this.badges.get(id);
    if (badge === undefined || (badge.dataset.text ?? "") === text) return;
    badge.dataset.text = text;
    refill(badge, text, unseen && h("span", { class: "sr-only" }, ` ${unseen}`));
    setShown(badge, text !== "");
  }
}

/** @param {Page} page */
function frameOf(page) {
  const aria = { labelledby: `panel-tab-${page.id}` };
  return h("div", { class: "tab-page", role: "tabpanel", id: `panel-page-${page.id}`, tabindex: 0, aria }, page.node);
}
