/**
 * The part of the address after `#`: who one is and where, so that a reload stays there and the browser goes back and forth.
 */

import { everywhere } from "./places.js";

/** @typedef {import("../core/store.js").Store} Store */

/** @param {Store} store */
export function mountAddress(store) {
  let isFollowed = false;
  store.on("restarted", () => {
    isFollowed = false;
  });
  store.on("world", () => {
    if (isFollowed) return;
    isFollowed = true;
    follow(store);
  });
  store.on("place", () => write(store));
  addEventListener("popstate", () => follow(store));
}

/** Go where the address says, as far as there is such a person and place. @param {Store} store */
function follow(store) {
  const [username, place] = location.hash.replace(/^#\//, "").split("/").map(decoded);
  const person = store.world.people.find((one) => one.username === username);
  if (person === undefined) return;
  store.be(person.id);
  const channel = everywhere(store).find((one) => [named(store, one), one.id].includes(place ?? ""));
  if (channel !== undefined && channel.id !== store.placeId) store.go(channel.id);
}

/** @param {Store} store */
function write(store) {
  if (store.me === undefined || store.place === undefined) return;
  const hash = `#/${encodeURIComponent(store.me.username)}/${encodeURIComponent(named(store, store.place))}`;
  if (hash === location.hash) return;
  if (location.hash === "") history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
}

/** A channel's name, or its id where another has the same. @param {Store} store @param {import("../core/types.js").Channel} channel */
function named(store, channel) {
  if (channel.kind === "dm") return "@bot";
  if (channel.kind === "private")
    return `@${store.person(channel.parties.find((id) => id !== store.meId) ?? "")?.username}`;
  const same = store.world.guilds.flatMap((guild) => guild.channels).filter((one) => one.name === channel.name);
  return same.length === 1 ? channel.name : channel.id;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
