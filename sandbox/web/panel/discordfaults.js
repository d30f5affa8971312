/**
 * Faults of Discord that strike certain requests of the bot. They are armed one by one, the same one also for several
 * places, and disarmed together. Knows the store's catalog, panel and line.
 */

import { h, icon } from "../core/dom.js";
import { ask, deedButton } from "./asking.js";
import { FaultGroup } from "./faultgroup.js";
import { setShown, setText } from "./patch.js";
import { leftText, oftenChoice, secondsField } from "./switch.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {{name: string, title: string, text: string, timed: boolean, times: number|null}} Fault */

const ABOUT = {
  id: "discord-faults",
  title: "Discord misbehaves",
  isOpen: false,
  text: "An armed fault strikes the bot’s next request that fits, and is gone once it has struck often enough.",
};

/** Faults of the gateway strike its line, not a request. @param {string} name */
function hasPlace(name) {
  return !name.startsWith("gateway");
}

/** @param {Store} store @param {string} title  what happens */
function routeChoice(store, title) {
  /** @type {{route: string|null, title: string}[]} */
  const routes = store.catalog.routes;
  const options = routes.map((one) => h("option", { value: one.route ?? "" }, one.title));
  const label = `Where: ${title}`;
  const select = /** @type {HTMLSelectElement} */ (h("select", { class: "fault-where", aria: { label } }, options));
  return { node: select, read: () => select.value || null };
}

/** @param {Store} store @param {any} armed */
function armedText(store, { name, route, left }) {
  if (!hasPlace(name)) return leftText(left);
  const known = store.catalog.routes.find((/** @type {any} */ one) => one.route === route);
  return `${known?.title ?? route}: ${leftText(left)}`;
}

/** What is armed of a fault, as lines. @param {Store} store @param {string} name */
function armedLines(store, name) {
  const node = h("ul", { class: "armed", role: "list" });
  const draw = () => {
    const armed = store.panel.discord_faults.filter((/** @type {any} */ one) => one.name === name && one.left !== 0);
    while (node.children.length > armed.length) node.lastElementChild?.remove();
    while (node.children.length < armed.length) node.append(h("li", null, icon("bolt"), h("span")));
    for (const [place, one] of armed.entries()) {
      setText(/** @type {Element} */ (node.children[place].lastElementChild), armedText(store, one));
    }
    setShown(node, armed.length > 0);
    return armed.length;
  };
  return { node, draw };
}

/** @param {Store} store @param {Fault} fault @returns {import("./faultgroup.js").FaultRow} */
function faultRow(store, { name, title, text, timed, times }) {
  const often = oftenChoice(title, times);
  const seconds = timed ? secondsField(title) : null;
  const where = hasPlace(name) ? routeChoice(store, title) : null;
  const titleId = `discord-${name}`;
  const fields = () => ({ times: often.read(), seconds: seconds?.read() ?? null, status: null });
  const armIt = () => ask(store, "discord_fault", { name, route: where?.read() ?? null, ...fields() });
  const arm = deedButton("Arm", "bolt", armIt, { aria: { describedby: titleId } });
  const titleNode = h("span", { class: "switch-title", id: titleId }, title);
  const words = h("div", { class: "fault-words" }, titleNode, h("span", { class: "switch-text" }, text));
  const settings = h("div", { class: "fault-settings" }, where?.node ?? null, often.node, seconds?.node ?? null, arm);
  const armed = armedLines(store, name);
  const node = h("li", { class: "fault", data: { fault: name } }, words, settings, armed.node);

  const draw = () => {
    const count = armed.draw();
    node.classList.toggle("is-on", count > 0);
    return count;
  };
  return { node, draw, words: `discord ${name} ${title} ${text}`.toLowerCase() };
}

/** Make the part with Discord's faults. @param {Store} store */
export function discordFaultGroup(store) {
  const props = { class: "discord-calm" };
  const calm = deedButton("Disarm all of these", "close", () => ask(store, "discord_calm"), props);
  const rows = store.catalog.discord_faults.map((/** @type {Fault} */ fault) => faultRow(store, fault));
  return new FaultGroup(ABOUT, rows, calm);
}
