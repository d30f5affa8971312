/**
 * Small controls that several parts of the panel have: a switch with a title and a sentence, and the choices of how
 * often and how long. They know nothing of what they stand for.
 */

import { h } from "../core/dom.js";
import { setAttr } from "./patch.js";

/** How often something may happen; the empty value is "until it is switched off". */
const OFTEN = [
  ["1", "once"],
  ["2", "2 times"],
  ["5", "5 times"],
  ["", "until off"],
];

/**
 * Make a switch. It shows what it is told; pressing it only says so.
 *
 * @param {string} id  of the page's only element with it
 * @param {string} title
 * @param {string} text  a sentence, may be empty
 * @param {(isOn: boolean) => void} onpress
 */
export function titledSwitch(id, title, text, onpress) {
  const track = h("span", { class: "switch-track", aria: { hidden: "true" } }, h("span"));
  const titleNode = h("span", { class: "switch-title", id: `${id}-title` }, title);
  const textNode = text ? h("span", { class: "switch-text", id: `${id}-text` }, text) : null;
  const button = h(
    "button",
    {
      type: "button",
      class: "switch",
      role: "switch",
      id,
      aria: { checked: "false", labelledby: `${id}-title`, describedby: text ? `${id}-text` : null },
      onclick: () => onpress(button.getAttribute("aria-checked") !== "true"),
    },
    h("span", { class: "switch-words" }, titleNode, textNode),
    track,
  );
  return { node: button, draw: (/** @type {boolean} */ isOn) => setAttr(button, "aria-checked", String(isOn)) };
}

/**
 * Make the choice of how often something happens.
 *
 * @param {string} title  what happens
 * @param {number|null} usual  null: until it is switched off
 */
export function oftenChoice(title, usual) {
  const known = OFTEN.some(([value]) => value === String(usual ?? ""));
  const entries = known ? OFTEN : [...OFTEN, [String(usual), `${usual} times`]];
  const select = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      { aria: { label: `How often: ${title}` } },
      entries.map(([value, text]) => h("option", { value, selected: value === String(usual ?? "") }, text)),
    )
  );
  return { node: select, read: () => (select.value === "" ? null : Number(select.value)) };
}

/** Make the field for how long something takes. @param {string} title  what happens */
export function secondsField(title) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "number",
      min: 0,
      max: 3600,
      step: "any",
      inputmode: "decimal",
      placeholder: "usual",
      aria: { label: `Seconds: ${title}` },
    })
  );
  /** @returns {number|null} null: as long as usual */
  const read = () => (Number.isFinite(input.valueAsNumber) ? Math.min(3600, Math.max(0, input.valueAsNumber)) : null);
  return { node: h("span", { class: "seconds" }, input, h("span", { aria: { hidden: "true" } }, "seconds")), read };
}

/** @param {number|null} left  how often it still happens; null: until it is switched off */
export function leftText(left) {
  return left === null ? "on until switched off" : left === 1 ? "on, for the next one" : `on, for the next ${left}`;
}
