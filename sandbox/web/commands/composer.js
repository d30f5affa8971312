/**
 * Where a person writes: a text box, or the fields of a chosen command, with replies, files and drafts. What it sends
 * goes through `sending.js`; it knows nothing of how messages are drawn.
 */

import { spokenLocale } from "../core/locale.js";
import { CommandRow } from "./commandrow.js";
import { ComposerFace, LONGEST } from "./composerface.js";
import { Drafts } from "./drafts.js";
import { filesOf, MOST_FILES, pickFiles, takeDrops } from "./files.js";
import { ListPanel } from "./listpanel.js";
import { openMenu } from "./menuview.js";
import { readOptions } from "./reading.js";
import { entriesOf, registeredOf } from "./registered.js";
import { lengthOf } from "./rules.js";
import { sendCommand, sendMessage } from "./sending.js";
import { SlashList } from "./slashlist.js";

/** @typedef {import("../core/types.js").Message} Message */
/** @typedef {import("./drafts.js").Draft} Draft */
/** @typedef {import("./registered.js").Entry} Entry */

class Composer {
  drafts = new Drafts();
  list = new ListPanel();

  /** @param {import("../core/store.js").Store} store */
  constructor(store) {
    this.store = store;
    this.face = new ComposerFace(store, this.list.node, {
      send: () => void this.send(),
      add: (anchor) => this.#offer(anchor),
      cancelReply: () => this.#change({ replyTo: null }),
      removeFile: (file) => this.#change({ files: this.draft.files.filter((one) => one !== file) }),
    });
    this.node = this.face.node;
    this.box = this.face.box;
    this.slashes = new SlashList(store, this.list, this.box, (entry) => this.begin(entry));
    this.#listen();
    this.draw();
  }

  #listen() {
    const { store, box } = this;
    box.addEventListener("input", () => this.#typed());
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("focus", () => this.#look());
    box.addEventListener("blur", () => this.list.owner === box && this.list.close());
    this.node.addEventListener("keydown", (event) => this.#escape(event));
    this.node.addEventListener("paste", (event) => this.#paste(event));
    takeDrops(
      document.body,
      (files) => document.querySelector("dialog[open]") === null && this.attach(files),
      this.node,
    );
    store.on("me place world restarted link language", () => this.draw());
    store.on("restarted", () => this.drafts.startAnew());
    store.on("place commands", () => this.slashes.warm());
    store.on("commands bot", () => this.list.owner === box && this.#look());
    store.on("gone", ({ messageId }) => {
      this.drafts.forgetReplies(messageId);
      this.draw();
    });
    store.on("mention", ({ personId }) => this.#mention(personId));
    store.on("start", ({ name }) => void this.#start(name));
  }

  get draft() {
    return this.drafts.of(this.store.meId, this.store.placeId);
  }

  /** Show the present person's draft for the present place. */
  draw() {
    this.#translate(this.draft);
    if (this.face.draw(this.draft)) {
      this.list.close();
      this.focus();
    }
  }

  /** @param {Partial<import("./drafts.js").Draft>} changes */
  #change(changes) {
    Object.assign(this.draft, changes);
    this.draw();
    this.focus();
  }

  // Typing ----------------------------------------------------------------------------------------------------------

  #typed() {
    this.draft.text = this.box.value;
    if (!this.box.value.startsWith("/")) this.draft.isPlain = false;
    this.face.name();
    this.face.count(this.draft);
    this.#look();
  }

  /** A slash at the start means a command: show the list, or its fields once its name is complete. */
  #look() {
    const { text, isPlain, row } = this.draft;
    if (row !== null || document.activeElement !== this.box) return;
    if (!text.startsWith("/") || isPlain) {
      if (this.list.owner === this.box) this.list.close();
      return;
    }
    const read = this.store.can("commands") ? this.slashes.readNow(text) : null;
    if (read !== null && read.rest !== null) this.begin(read.entry, read.rest);
    else this.slashes.show(text, () => this.#look());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || this.list.take(event)) return;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    const { draft } = this;
    if (event.key === "Enter" && isPlain) void this.send();
    else if (event.key === "Tab" && isPlain && this.list.owner === this.box && this.list.pick()) this.focus();
    else if (event.key === "ArrowUp" && isPlain && draft.text === "" && draft.files.length === 0 && draft.last)
      this.#change({ row: draft.last });
    else if (event.key === "Escape" && draft.replyTo !== null) this.#change({ replyTo: null });
    else return;
    event.preventDefault();
  }

  /** Escape leaves a command from anywhere in the composer. @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== "Escape" || event.defaultPrevented || this.draft.row === null) return;
    event.preventDefault();
    this.draft.row.leave(true);
  }

  /** @param {string} personId */
  #mention(personId) {
    const { bot } = this.store.world;
    const name = this.store.person(personId)?.display_name ?? (bot.id === personId ? bot.display_name : null);
    const { draft } = this;
    if (name === null || draft.row !== null || this.box.disabled) return;
    const gap = draft.text === "" || draft.text.endsWith(" ") ? "" : " ";
    this.#change({ text: `${draft.text}${gap}@${name} ` });
  }

  focus() {
    const { row } = this.draft;
    if (row) row.focus();
    else this.box.focus();
  }

  // Commands --------------------------------------------------------------------------------------------------------

  /**
   * Show a command's fields in the place of the text box.
   *
   * @param {Entry} entry
   * @param {string} [rest]  what was typed behind its name
   */
  begin(entry, rest = "") {
    const { draft } = this;
    const row = this.#row(entry);
    row.fill(readOptions(entry.options, rest));
    // A command that was being filled in can be recalled; an ordinary text waits below this one.
    const text = draft.text.startsWith("/") ? "" : draft.text;
    Object.assign(draft, { row, text, last: draft.row ?? draft.last, isPlain: false });
    if (draft.files.length > 0 && row.takeFiles(draft.files)) draft.files = [];
    this.draw();
    this.focus();
    return row;
  }

  /** @param {Entry} entry */
  #row(entry) {
    const { store, list } = this;
    const row = new CommandRow(entry, {
      store,
      list,
      sends: () => void this.send(),
      leaves: (text, isPlain) => this.#leave(row, text, isPlain),
    });
    return row;
  }

  /** Write a half-filled command in the language that is spoken now. @param {Draft} draft */
  #translate(draft) {
    const { row } = draft;
    if (row === null || row.locale === spokenLocale()) return;
    const entry = entriesOf([row.entry.command]).find((one) => one.name === row.entry.name) ?? row.entry;
    draft.row = this.#row(entry);
    draft.row.takeOver(row);
  }

  /** @param {CommandRow} row @param {string} text @param {boolean} isPlain */
  #leave(row, text, isPlain) {
    const draft = this.drafts.of(row.personId, row.channelId);
    if (draft.text === "") Object.assign(draft, { row: null, text, isPlain });
    else Object.assign(draft, { row: null, last: row });
    this.draw();
    this.focus();
    this.#look();
  }

  /** Show the fields of a command, or the list of its sub-commands. @param {string} name  either of its names */
  async #start(name) {
    const { store } = this;
    try {
      const entries = entriesOf(await registeredOf(store).commands());
      const entry = entries.find((one) => one.name === name || one.title === name);
      if (entry) this.begin(entry);
      else if (entries.some((one) => one.command.name === name)) this.#slash(`/${name} `);
      else store.toast(`There is no /${name} here right now.`);
    } catch (error) {
      store.complain(error);
    }
  }

  /** @param {string} text */
  #slash(text) {
    const { row, last } = this.draft;
    this.#change({ row: null, last: row ?? last, text, isPlain: false });
    this.#look();
  }

  // Files -----------------------------------------------------------------------------------------------------------

  /** @param {Element} anchor */
  #offer(anchor) {
    const { store } = this;
    const file = { label: "Upload a file", icon: "file", onpick: () => void this.#pick() };
    const command = { label: "Use a command", icon: "bolt", onpick: () => this.#slash("/") };
    const items = [this.#mayAttach && file, store.can("commands") && command].filter((item) => item !== false);
    openMenu(anchor, "Add", [{ items }], { side: "above" });
  }

  get #mayAttach() {
    return this.draft.row !== null || (this.store.can("send") && this.store.can("attach"));
  }

  async #pick() {
    const files = await pickFiles({ many: true });
    if (files.length > 0) this.attach(files);
    this.focus();
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = filesOf(event.clipboardData);
    if (files.length === 0 || event.defaultPrevented) return;
    event.preventDefault();
    this.attach(files);
  }

  /** Take files along: into the command that is being filled in, or with the message. @param {File[]} files */
  attach(files) {
    const { draft, store } = this;
    if (draft.row !== null) {
      if (!draft.row.takeFiles(files)) store.toast(`/${draft.row.entry.title} takes no more files.`, "error");
      return;
    }
    if (!this.#mayAttach) {
      store.toast("You cannot attach files here.", "error");
      return;
    }
    const all = [...draft.files, ...files];
    if (all.length > MOST_FILES) store.toast(`A message takes ${MOST_FILES} files; the rest was left out.`, "error");
    this.#change({ files: all.slice(0, MOST_FILES) });
  }

  // Sending ---------------------------------------------------------------------------------------------------------

  async send() {
    const { draft, store } = this;
    if (draft.row !== null) await this.#sendRow(draft);
    else if (draft.text.startsWith("/") && store.can("commands")) await this.#sendTyped(draft);
    else await this.#sendText(draft);
  }

  /** @param {Draft} draft */
  async #sendRow(draft) {
    const values = /** @type {CommandRow} */ (draft.row).collect();
    if (values === null) return;
    this.list.close();
    const sending = sendCommand(this.store, draft, values);
    this.draw();
    this.focus();
    if (!(await sending)) this.#returned(draft);
  }

  /** A command that was typed out: the same as choosing it and filling it in. @param {Draft} draft */
  async #sendTyped(draft) {
    const { text } = draft;
    try {
      const read = await this.slashes.read(text);
      if (this.draft !== draft || draft.text !== text) return;
      if (read === null)
        this.face.say(`There is no command ${text.split(/\s/)[0]} here. Put a space before it to send it as text.`);
      else {
        this.begin(read.entry, read.rest ?? "");
        await this.#sendRow(draft);
      }
    } catch (error) {
      this.store.complain(error);
    }
  }

  /** @param {Draft} draft */
  async #sendText(draft) {
    const isEmpty = draft.text.trim() === "" && draft.files.length === 0;
    if (isEmpty) return;
    if (lengthOf(draft.text.trim()) > LONGEST) {
      this.face.say(`A message takes ${LONGEST} characters at most.`);
      return;
    }
    if (!this.store.can("send")) {
      this.face.pointAtNote();
      return;
    }
    const sending = sendMessage(this.store, draft);
    this.draw();
    this.focus();
    if (!(await sending)) this.#returned(draft);
  }

  /** Something could not be sent and is in its draft again. @param {Draft} draft */
  #returned(draft) {
    if (this.draft !== draft) return;
    this.draw();
    this.focus();
  }

  /** @param {Message} message */
  replyTo(message) {
    if (!this.store.can("send")) return;
    const { draft } = this;
    this.#change({ replyTo: message, row: null, last: draft.row ?? draft.last });
  }
}

/**
 * Put the composer into the page.
 *
 * @param {import("../core/store.js").Store} store
 * @param {HTMLElement} host
 * @returns {{focus: () => void, replyTo: (message: Message) => void}}
 */
export function mountComposer(store, host) {
  const composer = new Composer(store);
  host.append(composer.node);
  return {
    focus: () => composer.focus(),
    replyTo: (message) => composer.replyTo(message),
  };
}
