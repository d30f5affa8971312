/**
 * The world as it is, who the page's person is and where they are. Looks things up in it; talks to nobody.
 */

import { Emitter } from "./emitter.js";

/** @typedef {import("./types.js").Channel} Channel */

export class Whereabouts extends Emitter {
  /** @type {import("./types.js").World} */
  world = {
    run: "",
    me: "",
    start: "",
    bot: { id: "", display_name: "" },
    people: [],
    guilds: [],
    dms: {},
    conversations: [],
  };
  meId = "";
  placeId = "";

  get me() {
    return this.person(this.meId);
  }

  get place() {
    return this.channel(this.placeId);
  }

  /** Be somebody, somewhere. @param {string} meId @param {string} placeId */
  settle(meId, placeId) {
    this.meId = meId;
    this.placeId = placeId;
  }

  /** @param {string} id */
  person(id) {
    return this.world.people.find((person) => person.id === id);
  }

  /** @param {string} id @returns {Channel|undefined} */
  channel(id) {
    for (const guild of this.world.guilds) {
      const found = guild.channels.find((channel) => channel.id === id);
      if (found) return found;
    }
    return [...Object.values(this.world.dms), ...this.world.conversations].find((channel) => channel.id === id);
  }

  /** @param {string} id */
  guild(id) {
    return this.world.guilds.find((guild) => guild.id === id);
  }

  /** Return what the present person calls a place: whom they talk with, or its name. @param {Channel} channel */
  nameOf({ kind, name, parties }) {
    const other = kind === "private" ? parties.find((id) => id !== this.meId) : undefined;
    return this.person(other ?? "")?.display_name ?? name;
  }

  /** The conversations of the present person: with the bot first. @returns {Channel[]} */
  get conversations() {
    return [this.world.dms[this.meId], ...this.world.conversations].filter(
      (channel) => channel !== undefined && this.can("view", channel.id),
    );
  }

  /**
   * Tell whether a person may do something in a channel.
   *
   * @param {import("./types.js").Right} right
   */
  can(right, channelId = this.placeId, personId = this.meId) {
    return this.channel(channelId)?.access[personId]?.includes(right) ?? false;
  }

  /** Return the first of these channels that the person sees, or else the first they see at all. @param {...string} wanted */
  nearest(...wanted) {
    const all = this.world.guilds.flatMap((guild) => guild.channels.map((channel) => channel.id));
    return [...wanted, ...all].find((id) => this.can("view", id)) ?? this.world.dms[this.meId]?.id ?? "";
  }
}
