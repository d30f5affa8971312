/**
 * The line above a message that says what it answers: another message, or a command somebody used.
 */

import { h, icon } from "../core/dom.js";
import { portrait } from "../core/faces.js";
import { nameOf } from "../core/locale.js";
import { plainText } from "./markdown.js";
import { personOf } from "./mentions.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("../core/types.js").Message} Message */

const REPLY = 19;
const MENU_ANSWER = 23;
const LONGEST = 160;

/**
 * Draw what a message answers.
 *
 * @param {Scene} scene
 * @returns {HTMLElement|null}
 */
export function drawReference(scene) {
  const { message } = scene;
  const { interaction_metadata: used } = message;
  if (message.type === REPLY && message.message_reference) return drawReply(scene);
  return used?.name ? drawUse(scene, used) : null;
}

/** @param {Scene} scene @param {{name?: string, name_localizations?: Record<string, string>, user: any}} used */
function drawUse({ store, message }, { name = "", name_localizations: names, user }) {
  const person = personOf(store, user?.id);
  const who = person?.display_name ?? user?.global_name ?? user?.username ?? "Somebody";
  const button = person
    ? h("button", { type: "button", class: "reference-name", data: { personId: person.id } }, who)
    : h("span", { class: "reference-name" }, who);
  const shown = nameOf({ name, name_localizations: names });
  const command = h("span", { class: "reference-command" }, message.type === MENU_ANSWER ? shown : `/${shown}`);
  return h("div", { class: "reference" }, avatarOf(user?.id), button, " used ", command);
}

/** @param {Scene} scene */
function drawReply({ store, message }) {
  const quoted = store.message(message.message_reference?.message_id ?? "") ?? message.referenced_message;
  if (!quoted) return h("div", { class: "reference is-gone" }, icon("reply"), "Original message was deleted");
  const who = personOf(store, quoted.author.id)?.display_name ?? quoted.author.global_name ?? quoted.author.username;
  const text = preview(store, quoted);
  const onclick = () => store.jump(quoted.channel_id, quoted.id);
  const label = `Go to the message of ${who}: ${text}`;
  return h(
    "div",
    { class: "reference" },
    avatarOf(quoted.author.id),
    h(
      "button",
      { type: "button", class: "reference-jump", title: "Go to this message", aria: { label }, onclick },
      h("span", { class: "reference-name" }, who),
      h("span", { class: "reference-text" }, text),
    ),
  );
}

/** @param {import("../core/store.js").Store} store @param {Message} message */
function preview(store, message) {
  const text = plainText(store, message.content);
  if (text !== "") return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  if (message.attachments.length > 0)
    return message.attachments.length === 1 ? "A file" : `${message.attachments.length} files`;
  return "A message without text";
}

/** @param {string|undefined} id */
function avatarOf(id) {
  return id ? portrait(id, 16, "reference-avatar") : null;
}
