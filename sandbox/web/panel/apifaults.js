/**
 * The faults of the API as switches, in the groups of the catalog. Knows the store's catalog, panel and line.
 */

import { h } from "../core/dom.js";
import { ask, Wish } from "./asking.js";
import { FaultGroup } from "./faultgroup.js";
import { setShown, setText } from "./patch.js";
import { leftText, oftenChoice, secondsField, titledSwitch } from "./switch.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {{name: string, group: string, title: string, text: string, timed: boolean, times: number|null}} Fault */

/** @param {Store} store @param {Fault} fault @returns {import("./faultgroup.js").FaultRow} */
function faultRow(store, fault) {
  const { name, title } = fault;
  /** @type {Wish<boolean>} */
  const wish = new Wish(
    () => store.panel,
    () => draw(),
  );
  const often = oftenChoice(title, fault.times);
  const seconds = fault.timed ? secondsField(title) : null;
  const on = () => ask(store, "fault", { name, times: often.read(), seconds: seconds?.read() ?? null });
  const off = () => ask(store, "fault_off", { name });
  const control = titledSwitch(`fault-${name}`, title, fault.text, (isOn) => void wish.make(isOn, isOn ? on : off));
  const left = h("span", { class: "fault-left" });
  const settings = h("div", { class: "fault-settings" }, often.node, seconds?.node ?? null);
  const node = h("li", { class: "fault", data: { fault: name } }, control.node, settings, left);

  const draw = () => {
    const told = store.panel.faults.find((/** @type {any} */ one) => one.name === name && one.left !== 0);
    const isOn = wish.or(told !== undefined);
    control.draw(isOn);
    node.classList.toggle("is-on", isOn);
    setText(left, told ? leftText(told.left) : "on");
    setShown(left, isOn);
    setShown(settings, !isOn);
    return isOn ? 1 : 0;
  };
  return { node, draw, words: `${name} ${title} ${fault.text} ${fault.group}`.toLowerCase() };
}

/** Make one part for each group of the catalog, the first of them open. @param {Store} store */
export function apiFaultGroups(store) {
  /** @type {Map<string, Fault[]>} */
  const groups = new Map();
  for (const fault of store.catalog.faults) groups.set(fault.group, [...(groups.get(fault.group) ?? []), fault]);
  return [...groups].map(([title, faults], place) => {
    const id = `faults-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;
    return new FaultGroup(
      { id, title, isOpen: place === 0 },
      faults.map((fault) => faultRow(store, fault)),
    );
  });
}
