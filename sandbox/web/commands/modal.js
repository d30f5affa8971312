/**
 * Shows the forms that the bot opens, each to the person it was opened for: while somebody else is at the page, it
 * waits.
 */

import { FormView } from "./formview.js";

/**
 * Begin to show forms.
 *
 * @param {import("../core/store.js").Store} store
 */
export function mountModals(store) {
  /** @type {FormView[]} */
  let views = [];
  const draw = () => {
    const shown = views.find((view) => view.personId === store.meId);
    for (const view of views) if (view !== shown) view.hide();
    shown?.show();
  };
  store.on("modal", ({ pending, modal }) => {
    const view = new FormView(store, pending, modal, () => {
      views = views.filter((one) => one !== view);
      draw();
    });
    views.push(view);
    draw();
  });
  store.on("settled", ({ pending, failed }) => {
    if (pending.verb !== "modal") return;
    views.find((view) => view.opener === pending.opener)?.settled(pending, failed);
  });
  store.on("me", draw);
  store.on("restarted", () => {
    for (const view of views) view.end();
  });
}
