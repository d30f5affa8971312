/**
 * The fields of a form that a bot opened: one maker per kind of component. Each can be read, checked and focused;
 * nothing here sends anything.
 */

import { h } from "../core/dom.js";
import { selectMenu } from "../message/selectmenu.js";
import { choiceField } from "./formchoices.js";
import { formFiles } from "./formfiles.js";
import { countWrong, textWrong } from "./formrules.js";
import { lengthOf } from "./rules.js";

/**
 * @typedef {object} FormField
 * @property {string} customId
 * @property {HTMLElement} node         the control, without label and complaint
 * @property {() => any} read           what is sent; `File`s are sent first
 * @property {() => string|null} check  a sentence about what is wrong
 * @property {() => void} focus
 * @property {() => number} typed       how much would be lost, in characters
 */

/**
 * @typedef {object} FieldFrame         what a field is told of the frame around it
 * @property {import("../core/store.js").Store} store
 * @property {string} channelId
 * @property {string} label
 * @property {string} id                for the control that the label names
 * @property {string} describedBy       ids of description and complaint
 * @property {() => void} onchange
 */

export const TEXT_INPUT = 4;
const SELECTS = [3, 5, 6, 7, 8];
const FILES = 19;
const RADIO_GROUP = 21;
const CHECKBOX_GROUP = 22;
const CHECKBOX = 23;
const PARAGRAPH = 2;
const FILE_WORTH = 100;
const COUNTED_SHARE = 0.8;

/**
 * Make a field.
 *
 * @param {any} component
 * @param {FieldFrame} frame
 * @returns {FormField|null} null for a kind that this page does not know
 */
export function formField(component, frame) {
  if (component.type === TEXT_INPUT) return textInput(component, frame);
  if (SELECTS.includes(component.type)) return select(component, frame);
  if (component.type === FILES) return files(component, frame);
  if ([RADIO_GROUP, CHECKBOX_GROUP].includes(component.type))
    return choiceField(component, frame, component.type === RADIO_GROUP);
  return component.type === CHECKBOX ? checkbox(component, frame) : null;
}

/** Tell whether one label names the whole control, as `for` does. @param {any} component */
export function isLabeled(component) {
  return [TEXT_INPUT, CHECKBOX].includes(component.type);
}

/** @param {any} component @param {FieldFrame} frame @returns {FormField} */
function textInput(component, { id, describedBy, onchange }) {
  const { custom_id: customId, placeholder, value, min_length: least = 0, max_length: most = 4000 } = component;
  const isRequired = component.required !== false;
  const isLong = component.style === PARAGRAPH;
  const props = {
    id,
    class: "form-text",
    placeholder: placeholder ?? null,
    value: value ?? "",
    autocomplete: "off",
    aria: { describedby: describedBy, required: isRequired ? "true" : null },
  };
  const input = /** @type {import("./grow.js").TextInput} */ (
    isLong ? h("textarea", { rows: 4, ...props }) : h("input", { type: "text", ...props })
  );
  const counter = h("span", { class: "form-counter", aria: { hidden: "true" } });
  const count = () => {
    const length = lengthOf(input.value);
    const isNear = length > most * COUNTED_SHARE || (length > 0 && length < least) || most <= 100;
    counter.textContent = isNear ? `${length}/${most}` : "";
    counter.classList.toggle("is-over", length > most);
  };
  input.addEventListener("input", () => {
    count();
    onchange();
  });
  count();
  const check = () => textWrong(input.value, { isRequired, least, most });
  const typed = () => (input.value === (value ?? "") ? 0 : lengthOf(input.value));
  return {
    customId,
    node: h("div", { class: "form-text-place" }, input, counter),
    read: () => input.value,
    check,
    focus: () => input.focus(),
    typed,
  };
}

/** @param {any} component @param {FieldFrame} frame @returns {FormField} */
function select(component, { store, channelId, label, onchange }) {
  const menu = selectMenu(store, component, { channelId, label, disabled: false, isBusy: false, onchange });
  const check = () => countWrong(menu.values().length, component, "choice");
  const focus = () => /** @type {HTMLElement|null} */ (menu.querySelector("button, [tabindex]"))?.focus();
  return { customId: component.custom_id, node: menu, read: () => menu.values(), check, focus, typed: () => 0 };
}

/** @param {any} component @param {FieldFrame} frame @returns {FormField} */
function files(component, { id, label, describedBy, onchange }) {
  const most = component.max_values ?? 1;
  const field = formFiles({ id, label, describedBy, most, onchange });
  const check = () => countWrong(field.files().length, { min_values: 1, max_values: 1, ...component }, "file");
  return {
    customId: component.custom_id,
    node: field.node,
    read: field.files,
    check,
    focus: field.focus,
    typed: () => field.files().length * FILE_WORTH,
  };
}

/** @param {any} component @param {FieldFrame} frame @returns {FormField} */
function checkbox(component, { id, describedBy, onchange }) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", {
      id,
      type: "checkbox",
      class: "form-checkbox",
      checked: Boolean(component.default),
      onchange,
      aria: { describedby: describedBy },
    })
  );
  return {
    customId: component.custom_id,
    node: input,
    read: () => input.checked,
    check: () => null,
    focus: () => input.focus(),
    typed: () => 0,
  };
}
