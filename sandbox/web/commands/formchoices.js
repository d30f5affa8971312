/**
 * Radio groups and groups of checkboxes in a form that a bot opened.
 */

import { h } from "../core/dom.js";
import { countWrong } from "./formrules.js";

/** @typedef {import("./formfields.js").FormField} FormField */

/**
 * Make a group.
 *
 * @param {any} component
 * @param {import("./formfields.js").FieldFrame} frame
 * @param {boolean} isRadio
 * @returns {FormField}
 */
export function choiceField(component, { id, describedBy, onchange }, isRadio) {
  const options = component.options ?? [];
  const inputs = options.map(
    (/** @type {any} */ option, /** @type {number} */ index) =>
      /** @type {HTMLInputElement} */ (
        h("input", {
          type: isRadio ? "radio" : "checkbox",
          name: id,
          id: `${id}-${index}`,
          checked: Boolean(option.default),
          onchange,
          aria: { describedby: option.description ? `${id}-${index}-about ${describedBy}` : describedBy },
        })
      ),
  );
  const rows = options.map((/** @type {any} */ option, /** @type {number} */ index) =>
    h(
      "div",
      { class: "form-choice" },
      inputs[index],
      h("label", { for: `${id}-${index}` }, option.label),
      option.description && h("span", { id: `${id}-${index}-about`, class: "form-choice-about" }, option.description),
    ),
  );
  /** @returns {string[]} */
  const chosen = () =>
    inputs.flatMap((/** @type {HTMLInputElement} */ input, /** @type {number} */ index) =>
      input.checked ? [options[index].value] : [],
    );
  const rules = isRadio ? { required: component.required } : { max_values: options.length, ...component };
  return {
    customId: component.custom_id,
    node: h("div", { class: "form-choices" }, rows),
    read: () => (isRadio ? (chosen()[0] ?? null) : chosen()),
    check: () => countWrong(chosen().length, rules, "choice"),
    focus: () => (inputs.find((/** @type {HTMLInputElement} */ input) => input.checked) ?? inputs[0])?.focus(),
    typed: () => 0,
  };
}
