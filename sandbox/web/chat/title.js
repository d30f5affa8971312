/**
 * What the browser's tab says: where one is, and how many mentions nobody has read.
 */

import { everywhere, spokenName, unreadIn } from "./places.js";

/** @param {import("../core/store.js").Store} store */
export function mountTitle(store) {
  store.on("world me place unread", () => {
    const { count, pings } = unreadIn(store, everywhere(store));
    const mark = pings > 0 ? `(${pings}) ` : count > 0 ? "• " : "";
    const where = store.place === undefined ? "" : `${spokenName(store, store.place)} · `;
    document.title = `${mark}${where}Easel sandbox`;
  });
}
