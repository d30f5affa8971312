/**
 * What was spent and asked so far, as a few figures with words. Draws what the panel tells.
 */

import { h } from "../core/dom.js";
import { setAttr, setText } from "./patch.js";
import { foldable } from "./section.js";
import { money, sentenceCase } from "./words.js";

const NAMES = ["spent", "charges", "refunded", "requests"];
const TEXT = "What the bot has asked of the simulated API. No real money is spent.";

export function figures() {
  const values = Object.fromEntries(NAMES.map((name) => [name, h("dd")]));
  const pairs = NAMES.map((name) => h("div", { data: { figure: name } }, h("dt", null, name), values[name]));
  const { node } = foldable("money", "So far", { text: TEXT }, h("dl", { class: "figures" }, pairs));

  /** @param {any} panel */
  const draw = (panel) => {
    const counts = /** @type {[string, number][]} */ (Object.entries(panel.requests));
    const parts = counts.map(([name, count]) => `${sentenceCase(name)}: ${count}`);
    setText(values.spent, money(panel.spent_usd));
    setText(values.charges, panel.charges);
    setText(values.refunded, money(panel.refunded_usd));
    setText(
      values.requests,
      counts.reduce((sum, [, count]) => sum + count, 0),
    );
    setAttr(values.requests, "title", parts.join("\n") || null);
  };
  return { node, draw };
}
