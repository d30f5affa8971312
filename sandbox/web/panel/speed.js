/**
 * The slider for the pace of the simulated jobs: from standing still over the usual pace to the most, in steps that
 * feel alike. Knows the store's catalog, panel and line.
 */

import { h, refill } from "../core/dom.js";
import { ask, Wish } from "./asking.js";
import { setAttr, setText } from "./patch.js";
import { foldable } from "./section.js";
import { rateText } from "./words.js";

const SEND_AFTER_MS = 150;
const LADDER = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const TEXT = "Slow the jobs down to watch them, or hurry them along.";

/** @param {{least: number, most: number}} rates @returns {number[]} */
function stepsBetween({ least, most }) {
  const steps = LADDER.filter((rate) => rate >= least && rate < most);
  if (steps[0] !== least) steps.unshift(least);
  return [...steps, most];
}

/** Return the place of the step that a rate is nearest to. @param {number[]} steps @param {number} rate */
export function nearest(steps, rate) {
  const distance = (/** @type {number} */ step) => Math.abs(Math.log((step + 0.01) / (rate + 0.01)));
  return steps.reduce((best, step, place) => (distance(step) < distance(steps[best]) ? place : best), 0);
}

/** @param {number} rate */
function spoken(rate) {
  if (rate === 0) return "held, jobs stand still";
  return rate === 1 ? "the usual pace" : `${rate} times the usual pace`;
}

export class SpeedSlider {
  #store;
  /** @type {Wish<number>} */
  #wish;
  /** @type {number[]} */
  #steps = [];
  #timer = 0;

  /** @param {import("../core/store.js").Store} store */
  constructor(store) {
    this.#store = store;
    this.#wish = new Wish(
      () => store.panel,
      () => this.draw(),
    );
    this.input = /** @type {HTMLInputElement} */ (h("input", { type: "range", id: "panel-speed", min: 0, step: 1 }));
    this.input.addEventListener("input", () => this.#moved());
    this.marks = h("div", { class: "speed-marks", aria: { hidden: "true" } });
    const label = h("label", { class: "sr-only", for: "panel-speed" }, "Speed of the simulated jobs");
    this.part = foldable("speed", "Speed", { text: TEXT }, h("div", { class: "speed" }, label, this.input, this.marks));
    this.node = this.part.node;
  }

  #moved() {
    this.#show(this.#steps[this.input.valueAsNumber]);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), SEND_AFTER_MS);
  }

  #send() {
    this.#timer = 0;
    const rate = this.#steps[this.input.valueAsNumber];
    void this.#wish.make(rate, () => ask(this.#store, "speed", { rate }));
  }

  draw() {
    if (this.#timer !== 0) return; // the person is still choosing
    this.#build();
    const rate = this.#wish.or(this.#store.panel.rate);
    const place = nearest(this.#steps, rate);
    if (this.input.valueAsNumber !== place) this.input.valueAsNumber = place;
    this.#show(rate);
  }

  #build() {
    const steps = stepsBetween(this.#store.catalog.rates);
    if (steps.join() === this.#steps.join()) return;
    this.#steps = steps;
    this.input.max = String(steps.length - 1);
    refill(this.marks, marksFor(steps));
  }

  /** @param {number} rate */
  #show(rate) {
    setText(this.part.note, rateText(rate));
    setAttr(this.input, "aria-valuetext", spoken(rate));
  }
}

/** @param {number[]} steps */
function marksFor(steps) {
  const last = steps.length - 1;
  const words = new Map([
    [0, rateText(steps[0])],
    [nearest(steps, 1), "usual"],
    [last, rateText(steps[last])],
  ]);
  return [...words].map(([place, word]) => {
    const mark = h("span", null, word);
    // The thumb's middle does not reach the ends of the track.
    mark.style.left = `calc(9px + (100% - 18px) * ${place / last})`;
    return mark;
  });
}
