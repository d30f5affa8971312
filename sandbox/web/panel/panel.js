/**
 * The side panel "Behind the scenes": what happens behind the chat, and what can be made to go wrong there. Draws only
 * while it can be seen, at most once a frame, and only the tab that is shown.
 */

import { h, iconButton } from "../core/dom.js";
import { botTab } from "./bot.js";
import { activeFaults, FaultsTab } from "./faults.js";
import { jobsTab } from "./jobs.js";
import { Tabs } from "./tabs.js";

/** @typedef {import("../core/store.js").Store} Store */

const TICK_MS = 1000;
const CONCERNS = "panel bot log world me place link restarted";

/**
 * Fill the panel's place. Whoever owns the place names it, and shows and hides it.
 *
 * @param {Store} store
 * @param {HTMLElement} host
 * @param {{onclose?: () => void}} [options]  onclose: takes the panel away; without it the panel has no button for that
 */
export function mountPanel(store, host, { onclose } = {}) {
  let isAsked = false;
  const faults = new FaultsTab(store);
  const pages = [
    { id: "jobs", title: "Jobs", icon: "image", ...jobsTab(store) },
    { id: "faults", title: "Faults", icon: "bolt", node: faults.node, draw: () => faults.draw() },
    { id: "bot", title: "Bot", icon: "bot", ...botTab(store) },
  ];
  const row = new Tabs("Behind the scenes", pages, () => draw());
  const panel = h("div", { class: "scenes" }, header(onclose), row.nodes);
  host.append(panel);

  const draw = () => {
    isAsked = false;
    drawBadges(store, row);
    row.current.draw();
  };
  const ask = () => {
    if (isAsked || !isSeen(panel)) return;
    isAsked = true;
    requestAnimationFrame(draw);
  };
  store.on(CONCERNS, ask);
  // What was told while nobody looked is drawn when somebody does.
  new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && ask()).observe(panel);
  setInterval(() => isSeen(panel) && row.current.tick?.(), TICK_MS);
}

/** @param {(() => void)|undefined} onclose */
function header(onclose) {
  const close = onclose && iconButton("close", "Close", onclose);
  return h("div", { class: "scenes-head" }, h("h2", null, "Behind the scenes"), close);
}

/** @param {HTMLElement} panel */
function isSeen(panel) {
  return panel.isConnected && panel.closest("[inert]") === null && panel.checkVisibility({ visibilityProperty: true });
}

/** @param {Store} store @param {Tabs} row */
function drawBadges(store, row) {
  const on = activeFaults(store);
  row.badge("faults", on === 0 ? "" : String(on), "on");
  row.badge("bot", store.bot.state === "running" ? "" : store.bot.state);
}
