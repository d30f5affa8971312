/**
 * What stands below the newest message and is no message: commands on their way, and what the client says by itself.
 */

import { h, icon, refill } from "../core/dom.js";

/** @typedef {import("../core/store.js").Store} Store */

/** @param {Store} store @param {HTMLElement} host */
export function drawTail(store, host) {
  const waiting = store.pendings.filter(
    (one) => one.channelId === store.placeId && one.personId === store.meId && one.messageId === null,
  );
  const notices = store.noticesIn(store.placeId).filter((one) => one.messageId === null);
  refill(
    host,
    waiting
      .filter((one) => one.verb === "slash" || one.verb === "menu")
      .map((one) =>
        h(
          "div",
          { class: "sending" },
          h("span", { class: "tail-spinner", aria: { hidden: true } }),
          h(
            "p",
            null,
            h("strong", null, store.me?.display_name),
            " used ",
            h("span", { class: "used-command" }, one.label),
            ", sending…",
          ),
        ),
      ),
    notices.map((one) =>
      h(
        "div",
        { class: "own-notice" },
        icon("warning"),
        h(
          "div",
          null,
          h("p", { class: "notice-title" }, one.title),
          h("p", null, one.text),
          h(
            "p",
            { class: "own-notice-foot" },
            icon("eye"),
            "Only you can see this · ",
            h(
              "button",
              { type: "button", class: "button quiet", onclick: () => store.dismissNotice(one.id) },
              "Dismiss message",
            ),
          ),
        ),
      ),
    ),
  );
}
