/**
 * The options of a command that are not filled in yet, as buttons behind its fields: each by its name when they are
 * few, all of them in a menu when they are many.
 */

import { h, refill } from "../core/dom.js";
import { descriptionOf, nameOf } from "../core/locale.js";
import { openMenu } from "./menuview.js";

/** @typedef {import("../core/types.js").Option} Option */

const FEW = 3;

/**
 * Offer options.
 *
 * @param {HTMLElement} place
 * @param {Option[]} options
 * @param {(option: Option) => void} onchoose
 */
export function offerOptions(place, options, onchoose) {
  if (options.length > FEW) refill(place, manyButton(options, onchoose));
  else
    refill(
      place,
      options.map((option) => oneButton(option, onchoose)),
    );
}

/** @param {Option} option @param {(option: Option) => void} onchoose */
function oneButton(option, onchoose) {
  const onclick = () => onchoose(option);
  const props = { type: "button", class: "option-offer", title: descriptionOf(option), onclick };
  return h("button", props, `+ ${nameOf(option)}`);
}

/** @param {Option[]} options @param {(option: Option) => void} onchoose */
function manyButton(options, onchoose) {
  const items = options.map((option) => ({
    label: nameOf(option),
    detail: descriptionOf(option),
    onpick: () => onchoose(option),
  }));
  const onclick = () => openMenu(button, "Options", [{ items }], { side: "above" });
  const props = { type: "button", class: "option-offer", aria: { haspopup: "menu" }, onclick };
  const button = h("button", props, `+${options.length} optional`);
  return button;
}
