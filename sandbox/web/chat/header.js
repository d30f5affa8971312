/**
 * What stands above the messages: where one is, what it is for, what does not work here, and the way to the panel.
 */

import { h, icon, iconButton, refill } from "../core/dom.js";
import { activeFaults } from "../panel/faults.js";
import { iconOf, warningOf } from "./places.js";

/** @typedef {import("../core/store.js").Store} Store */

/** @param {Store} store @param {HTMLElement} host @param {import("./drawers.js").Drawers} drawers */
export function mountHeader(store, host, drawers) {
  const menu = iconButton("menu", "Servers and channels", () => drawers.toggle("places"), { class: "only-narrow" });
  const place = h("div", { class: "place" });
  const count = h("span", { class: "badge", hidden: true, aria: { hidden: true } });
  const panel = h(
    "button",
    { type: "button", class: "panel-opener", aria: { controls: "panel" }, onclick: () => drawers.toggle("panel") },
    icon("panel"),
    h("span", null, "Behind the scenes"),
    count,
  );
  refill(host, menu, place, panel);

  store.on("world me place", () => refill(place, describe(store)));
  store.on("panel", () => countFaults(store, count, panel));
  const open = () => {
    panel.setAttribute("aria-expanded", String(drawers.isOpen("panel")));
    menu.setAttribute("aria-expanded", String(drawers.isOpen("places")));
  };
  drawers.addEventListener("change", open);
  open();
}

/** @param {Store} store */
function describe(store) {
  const { place } = store;
  if (place === undefined) return [];
  const warning = warningOf(place);
  const topic = place.guild_id === null ? `Only you and ${others(store, place)}` : place.topic;
  return [
    icon(iconOf(place)),
    h("h1", { class: "place-name" }, store.nameOf(place)),
    place.nsfw && h("span", { class: "chip", title: "Age-restricted" }, "18+"),
    warning !== null && h("span", { class: "place-note" }, icon("warning"), warning),
    topic && h("p", { class: "place-topic", title: topic }, topic),
  ];
}

/** Whom one talks with. @param {Store} store @param {import("../core/types.js").Channel} place */
function others(store, { kind, parties }) {
  if (kind === "dm") return store.world.bot.display_name;
  const names = parties.filter((id) => id !== store.meId).map((id) => store.person(id)?.display_name ?? "somebody");
  return new Intl.ListFormat("en").format(names);
}

/** @param {Store} store @param {HTMLElement} count @param {HTMLElement} panel */
function countFaults(store, count, panel) {
  const faults = activeFaults(store);
  count.hidden = faults === 0;
  count.textContent = String(faults);
  panel.title =
    faults === 0
      ? "What the bot and the services do"
      : `${faults} ${faults === 1 ? "fault is" : "faults are"} switched on`;
}
