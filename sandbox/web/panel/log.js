/**
 * What the bot logs: its last lines, following the end unless the person has scrolled up. Draws what the store's log
 * tells.
 */

import { h, iconButton } from "../core/dom.js";
import { copyButton } from "./copy.js";
import { isProblem, readLine } from "./loglines.js";
import { setShown } from "./patch.js";
import { recall, remember } from "./section.js";
import { titledSwitch } from "./switch.js";

/** @typedef {import("../core/store.js").Store} Store */

const NEAR_END_PX = 24;

export class LogView {
  #store;
  /** @type {string[]|null} what is drawn */
  #drawn = null;
  #level = "";
  #follows = true;
  #onlyProblems = recall("log.problems", "0") === "1";

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    // Not spoken as it comes: it would drown the chat, which speaks. It can be read line by line.
    this.list = h("div", { class: "log", role: "log", tabindex: 0, aria: { label: "Log of the bot", live: "off" } });
    this.none = h("p", { class: "panel-empty" });
    this.end = iconButton("arrow-down", "Go to the newest line", () => this.#goToEnd(), {
      class: "log-end",
      hidden: true,
    });
    this.filter = titledSwitch("panel-problems", "Only problems", "", (isOn) => this.#choose(isOn));
    this.filter.draw(this.#onlyProblems);
    const copy = copyButton("Copy the log", () => this.#text());
    this.node = h(
      "div",
      { class: "log-frame" },
      h("div", { class: "log-tools" }, this.filter.node, copy),
      this.none,
      this.list,
      this.end,
    );
    this.list.classList.toggle("is-problems", this.#onlyProblems);
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  /** Add what came since, or begin anew if that cannot be told. */
  draw() {
    const lines = this.#store.log;
    if (lines !== this.#drawn) {
      const kept = this.#drawn === null ? -1 : overlap(this.#drawn, lines);
      if (kept <= 0) {
        this.list.replaceChildren();
        this.#level = "";
      } else while (this.list.children.length > kept) this.list.firstElementChild?.remove();
      this.#append(lines.slice(Math.max(0, kept)));
      this.#drawn = lines;
    }
    this.#drawEmpty();
    if (this.#follows) this.#goToEnd();
  }

  /** @param {string[]} lines */
  #append(lines) {
    const nodes = lines.map((raw) => {
      const line = readLine(raw, this.#level);
      this.#level = line.level;
      return h(
        "div",
        { class: `log-line${isProblem(line.level) ? " is-problem" : ""}`, data: { level: line.level, raw } },
        line.time && h("span", { class: "log-time" }, line.time, " "),
        line.time && h("span", { class: "log-level" }, line.level, " "),
        line.source && h("span", { class: "log-source" }, line.source, " "),
        line.text,
      );
    });
    this.list.append(...nodes);
  }

  #drawEmpty() {
    const isEmpty = this.#drawn === null || this.#drawn.length === 0;
    const hasNone = isEmpty || (this.#onlyProblems && this.list.querySelector(".is-problem") === null);
    this.none.textContent = isEmpty ? "The bot has not said anything yet." : "No problems so far.";
    setShown(this.none, hasNone);
    setShown(this.list, !hasNone);
  }

  /** @param {boolean} isOn */
  #choose(isOn) {
    this.#onlyProblems = isOn;
    remember("log.problems", isOn ? "1" : "0");
    this.filter.draw(isOn);
    this.list.classList.toggle("is-problems", isOn);
    this.#follows = true;
    this.draw();
  }

  #scrolled() {
    if (!this.list.checkVisibility()) return; // being hidden is no scrolling
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    this.#follows = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    setShown(this.end, !this.#follows);
  }

  #goToEnd() {
    const hadFocus = document.activeElement === this.end;
    this.#follows = true;
    this.list.scrollTop = this.list.scrollHeight;
    setShown(this.end, false);
    if (hadFocus) this.list.focus({ preventScroll: true });
  }

  /** What is shown now. */
  #text() {
    const lines = /** @type {HTMLElement[]} */ ([...this.list.children]);
    return lines
      .filter((line) => !this.#onlyProblems || line.classList.contains("is-problem"))
      .map((line) => line.dataset.raw)
      .join("\n");
  }
}

/**
 * Return how many of the old lines begin the new ones: as the log is cut at its beginning, the end of the old is the
 * beginning of the new. 0 if they have nothing in common.
 *
 * @param {string[]} old
 * @param {string[]} lines
 */
function overlap(old, lines) {
  for (let kept = Math.min(old.length, lines.length); kept > 0; kept -= 1) {
    const from = old.length - kept;
    if (
      lines[0] === old[from] &&
      lines[kept - 1] === old.at(-1) &&
      old.every((line, place) => place < from || line === lines[place - from])
    )
      return kept;
  }
  return 0;
}
