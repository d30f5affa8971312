/**
 * What can be done with a message and with a person: the client's own deeds, and under "Apps" the commands that the bot
 * registered for it. Mentions go to the composer as the store's event `mention`.
 */

import { nameOf } from "../core/locale.js";
import { confirmFirst } from "./confirm.js";
import { openMenu } from "./menuview.js";
import { registeredOf } from "./registered.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").Message} Message */
/** @typedef {import("../core/types.js").Command} Command */
/** @typedef {import("./menuview.js").MenuItem} MenuItem */
/** @typedef {import("./menuview.js").MenuGroup} MenuGroup */

const ON_PERSON = 2;
const ON_MESSAGE = 3;

/**
 * Open the menu of a message.
 *
 * @param {Store} store
 * @param {Message} message
 * @param {Element|{x: number, y: number}} anchor
 * @param {{reply: (message: Message) => void}} deeds
 */
export function openMessageMenu(store, message, anchor, { reply }) {
  const isPrivate = message.ephemeral_to !== null;
  /** @type {MenuItem[]} */
  const items = [];
  if (store.can("send", message.channel_id) && !isPrivate)
    items.push({ label: "Reply", icon: "reply", onpick: () => reply(message) });
  if (message.content !== "")
    items.push({ label: "Copy text", icon: "copy", onpick: () => copy(store, message.content, "The text") });
  items.push({ label: "Copy message ID", icon: "copy", onpick: () => copy(store, message.id, "The message ID") });
  const isOwn = message.author.id === store.meId;
  if (isPrivate) items.push({ label: "Dismiss message", icon: "close", onpick: () => store.dismiss(message) });
  else if (isOwn || store.can("manage", message.channel_id)) {
    items.push({
      label: "Delete message",
      icon: "trash",
      isDanger: true,
      onpick: () => void askAndRemove(store, message),
    });
  }
  const run = (/** @type {Command} */ command) => {
    void store.interact(
      "menu",
      { name: command.name, message_id: message.id, channel_id: message.channel_id },
      nameOf(command),
    );
  };
  open(store, anchor, "Message actions", items, { type: ON_MESSAGE, run, none: "No commands for messages here" });
}

/**
 * Open the menu of a person.
 *
 * @param {Store} store
 * @param {{id: string}} person
 * @param {Element|{x: number, y: number}} anchor
 */
export function openPersonMenu(store, person, anchor) {
  const mention = () => store.emit("mention", { personId: person.id });
  /** @type {MenuItem[]} */
  const items = [{ label: "Copy user ID", icon: "copy", onpick: () => copy(store, person.id, "The user ID") }];
  if (store.can("send")) items.unshift({ label: "Mention", icon: "at", onpick: mention });
  const run = (/** @type {Command} */ command) => {
    void store.interact("menu", { name: command.name, user_id: person.id }, nameOf(command));
  };
  open(store, anchor, "Person actions", items, { type: ON_PERSON, run, none: "No commands for people here" });
}

/**
 * @param {Store} store
 * @param {Element|{x: number, y: number}} anchor
 * @param {string} label
 * @param {MenuItem[]} items
 * @param {{type: number, run: (command: Command) => void, none: string}} apps
 */
function open(store, anchor, label, items, { type, run, none }) {
  const registered = registeredOf(store);
  /** @param {Command[]} commands @returns {MenuGroup} */
  const group = (commands) => {
    const fit = commands.filter((command) => command.type === type);
    const found = fit.map((command) => ({ label: nameOf(command), icon: "bot", onpick: () => run(command) }));
    return { title: "Apps", items: found, note: fit.length === 0 ? none : undefined };
  };
  if (!store.can("commands")) {
    openMenu(anchor, label, [{ items }, { title: "Apps", items: [], note: "You cannot use commands here" }]);
    return;
  }
  const known = registered.now;
  const menu = openMenu(anchor, label, [
    { items },
    known ? group(known) : { title: "Apps", items: [], note: "Loading\u2026" },
  ]);
  if (known) return;
  const failed = { title: "Apps", items: [], note: "Loading commands failed" };
  registered.commands().then(
    (commands) => menu.show([{ items }, group(commands)]),
    () => menu.show([{ items }, failed]),
  );
}

/** @param {Store} store @param {string} text @param {string} what */
async function copy(store, text, what) {
  try {
    await navigator.clipboard.writeText(text);
    store.toast(`${what} is copied.`, "success");
  } catch {
    store.toast("The browser did not let the page copy that.", "error");
  }
}

/** @param {Store} store @param {Message} message */
async function askAndRemove(store, message) {
  const words = { title: "Delete this message?", text: "Nobody can bring it back.", yes: "Delete", no: "Keep it" };
  if (await confirmFirst(words)) await remove(store, message);
}

/** @param {Store} store @param {Message} message */
async function remove(store, message) {
  try {
    await store.ask("delete", { channel_id: message.channel_id, message_id: message.id });
  } catch (error) {
    store.complain(error);
  }
}
