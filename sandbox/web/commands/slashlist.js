/**
 * The list of commands while a slash is being typed. Knows the text box only as the owner of the list.
 */

import { h, icon } from "../core/dom.js";
import { nameOf } from "../core/locale.js";
import { readCommand } from "./reading.js";
import { entriesOf, matching, registeredOf } from "./registered.js";

/** @typedef {import("./registered.js").Entry} Entry */

export class SlashList {
  #store;
  #list;
  #box;
  #onpick;
  #registered;

  /**
   * @param {import("../core/store.js").Store} store
   * @param {import("./listpanel.js").ListPanel} list
   * @param {HTMLTextAreaElement} box
   * @param {(entry: Entry) => void} onpick
   */
  constructor(store, list, box, onpick) {
    this.#store = store;
    this.#list = list;
    this.#box = box;
    this.#onpick = onpick;
    this.#registered = registeredOf(store);
  }

  /**
   * Find the command that a text begins with, asking for the commands when they are not known yet.
   *
   * @param {string} text
   */
  async read(text) {
    return readCommand(entriesOf(await this.#registered.commands()), text);
  }

  /** The same at once, with what is known. @param {string} text */
  readNow(text) {
    return readCommand(entriesOf(this.#registered.now ?? []), text);
  }

  /** Ask ahead, so that the list is there when it is wanted. Who needs it then hears what went wrong. */
  warm() {
    if (this.#store.can("commands")) this.#registered.commands().catch(() => {});
  }

  /**
   * Show what fits a text that begins with a slash.
   *
   * @param {string} text
   * @param {() => void} onknown  the commands came: look at the text again
   */
  show(text, onknown) {
    if (!this.#store.can("commands")) {
      this.#note("You cannot use commands here.");
      return;
    }
    const commands = this.#registered.now;
    if (commands !== null) {
      this.#fill(entriesOf(commands), text.slice(1));
      return;
    }
    this.#note("Loading commands\u2026");
    this.#registered.commands().then(onknown, (error) => this.#note(error.message));
  }

  /** @param {string} note */
  #note(note) {
    this.#list.show(this.#box, { label: "Commands", rows: [], note });
  }

  /** @param {Entry[]} entries @param {string} typed */
  #fill(entries, typed) {
    const found = matching(entries, typed);
    const rows = found.map((entry) => ({
      title: `/${entry.title}`,
      detail: entry.description,
      aside: needs(entry),
      entry,
    }));
    const note =
      entries.length === 0
        ? this.#whyNone()
        : found.length === 0
          ? `No command fits \u201c/${typed}\u201d.`
          : this.#whyQuiet();
    const head = rows.length > 0 ? [icon("bot"), this.#botName].map((part) => part) : null;
    this.#list.show(this.#box, {
      label: "Commands",
      rows,
      note,
      head: head && h("span", null, head),
      onpick: (row) => this.#onpick(row.entry),
    });
  }

  get #botName() {
    return this.#store.world.bot.display_name;
  }

  #whyNone() {
    const { online, state } = this.#store.bot;
    if (online) return `${this.#botName} offers no commands here.`;
    if (state === "stopped" || state === "killed") return `${this.#botName} is not running; its commands come with it.`;
    return `${this.#botName} is starting; its commands will be here in a moment.`;
  }

  /** Discord lists the commands of a bot that is away, too. */
  #whyQuiet() {
    return this.#store.bot.online ? null : `${this.#botName} is offline right now and will not answer.`;
  }
}

/** The options that must be filled in. @param {Entry} entry */
function needs(entry) {
  return entry.options
    .filter((option) => option.required)
    .map(nameOf)
    .join(", ");
}
