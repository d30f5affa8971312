/**
 * Short words at the edge of the page that go away by themselves: slower for errors, and never while one reads them.
 */

import { h, icon, iconButton } from "../core/dom.js";

const LASTS_MS = { info: 5000, success: 5000, error: 10_000 };
const MOST = 4;
const ICONS = { info: "bolt", success: "check", error: "warning" };

/** @param {import("../core/store.js").Store} store */
export function mountToasts(store) {
  const polite = h("div", { class: "toast-list", role: "status" });
  const urgent = h("div", { class: "toast-list", role: "alert" });
  document.body.append(h("section", { class: "toasts", aria: { label: "Notifications" } }, urgent, polite));
  store.on("toast", ({ text, kind }) => show(kind === "error" ? urgent : polite, text, kind));
  store.on("restarted", () => show(polite, "The sandbox was restarted.", "info"));
}

/** @param {HTMLElement} list @param {string} text @param {"info"|"success"|"error"} kind */
function show(list, text, kind) {
  for (const old of list.children) if (/** @type {HTMLElement} */ (old).dataset.text === text) old.remove();
  while (list.childElementCount >= MOST) list.firstElementChild?.remove();
  const toast = h(
    "div",
    { class: `toast is-${kind}`, data: { text } },
    icon(ICONS[kind]),
    h("p", null, text),
    iconButton("close", "Dismiss", () => toast.remove()),
  );
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), LASTS_MS[kind]);
  };
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, wait);
  list.append(toast);
  wait();
}
