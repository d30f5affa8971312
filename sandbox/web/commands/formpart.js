/**
 * One field of a form with what stands around it: its label, its description, and what is wrong with it.
 */

import { h, refill } from "../core/dom.js";
import { formField, isLabeled } from "./formfields.js";

/** @typedef {import("./formfields.js").FormField} FormField */

const RADIO_GROUP = 21;
const CHECKBOX = 23;

/**
 * @typedef {object} PartFrame
 * @property {import("../core/store.js").Store} store
 * @property {string} channelId
 * @property {string} id
 * @property {string} label
 * @property {string|null} about
 */

export class FormPart {
  /**
   * Make a part, or null for a kind of field that this page does not know.
   *
   * @param {any} component
   * @param {PartFrame} frame
   */
  static of(component, frame) {
    const { store, channelId, id, label, about } = frame;
    const describedBy = [about && `${id}-about`, `${id}-wrong`].filter(Boolean).join(" ");
    const onchange = () => part?.complain(null);
    const field = formField(component, { store, channelId, label, id, describedBy, onchange });
    const part = field && new FormPart(component, field, frame, describedBy);
    return part;
  }

  /**
   * @param {any} component
   * @param {FormField} field
   * @param {PartFrame} frame
   * @param {string} describedBy
   */
  constructor(component, field, { id, label, about }, describedBy) {
    this.field = field;
    this.component = component;
    this.complaint = h("p", { id: `${id}-wrong`, class: "form-wrong", hidden: true });
    const isNamed = isLabeled(component);
    const name = h(isNamed ? "label" : "span", { class: "form-label", for: isNamed && id, id: `${id}-label` }, label);
    const isRequired = component.required !== false && component.type !== CHECKBOX;
    const star = isRequired && h("span", { class: "form-required", title: "Required", aria: { hidden: "true" } }, "*");
    const role = component.type === RADIO_GROUP ? "radiogroup" : "group";
    const group = isNamed ? {} : { role, aria: { labelledby: `${id}-label`, describedby: describedBy } };
    this.node = h(
      "div",
      { class: `form-field kind-${component.type}`, ...group },
      h("div", { class: "form-head" }, name, star),
      about && h("p", { class: "form-about", id: `${id}-about` }, about),
      field.node,
      this.complaint,
    );
  }

  /** Look whether the field can be sent; if not, say why. Return whether it can. */
  check() {
    const wrong = this.field.check();
    this.complain(wrong);
    return wrong === null;
  }

  /** @param {string|null} wrong */
  complain(wrong) {
    this.complaint.hidden = wrong === null;
    refill(this.complaint, wrong ?? "");
    this.node.classList.toggle("is-wrong", wrong !== null);
    for (const input of this.node.querySelectorAll("input, textarea, button[role=combobox]")) {
      if (wrong === null) input.removeAttribute("aria-invalid");
      else input.setAttribute("aria-invalid", "true");
    }
  }
}
