/**
 * One message as an article: who wrote it and when, what it answers, its text, files, embeds, components and
 * reactions, and what the client itself says under it. Puts the parts together; each part draws itself. Does not know
 * the list.
 */

import { h, icon, iconButton } from "../core/dom.js";
import { portrait } from "../core/faces.js";
import { drawAttachments } from "./attachments.js";
import { drawComponents } from "./components.js";
import { drawEmbeds } from "./embeds.js";
import { markdown } from "./markdown.js";
import { personOf } from "./mentions.js";
import { listen } from "./pointing.js";
import { drawReactions, openPicker } from "./reactions.js";
import { drawReference } from "./reference.js";
import { Scene } from "./scene.js";
import { inWords, whenWritten } from "./timestamps.js";

export { updatePending } from "./components.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").Message} Message */

const THINKING = 1 << 7;

/**
 * Draw a message. Draw it again whenever it changed: what plays, is open or uncovered in the drawing before stays so.
 *
 * @param {Store} store
 * @param {Message} message
 * @param {object} options
 * @param {boolean} options.isFollowing  the same person wrote the one above shortly before: no need to name them again
 * @param {import("./scene.js").Actions} options.actions
 * @returns {HTMLElement}
 */
export function renderMessage(store, message, { isFollowing, actions }) {
  const scene = new Scene(store, message, actions);
  const reference = drawReference(scene);
  const hasHeader = !isFollowing || reference !== null;
  const written = new Date(message.timestamp);
  const author = nameOf(scene);
  const isPing = message.pings.includes(store.meId) && message.author.id !== store.meId;
  const looks = [
    "message",
    hasHeader ? "has-header" : "is-following",
    isPing && "is-ping",
    message.ephemeral_to !== null && "is-ephemeral",
  ];
  const article = h(
    "article",
    {
      class: looks.filter(Boolean).join(" "),
      tabindex: "-1",
      data: { messageId: message.id },
      aria: { label: `${author}, ${whenWritten(written)}${isPing ? ", mentions you" : ""}` },
    },
    reference,
    hasHeader
      ? scene.keep("avatar", [message.author.id, author], () => drawAvatar(message.author.id, author))
      : drawGutter(message.timestamp, written),
    h(
      "div",
      { class: "message-body" },
      hasHeader && drawHeader(scene, author, written),
      drawContent(scene),
      drawFoot(scene),
    ),
    drawToolbar(scene),
  );
  listen(scene, article);
  scene.finish(article);
  return article;
}

/** The time of a message whose author was named above. @param {string} timestamp @param {Date} written */
function drawGutter(timestamp, written) {
  const props = { class: "gutter-time", datetime: timestamp, title: inWords(written, "F") };
  return h("time", props, inWords(written, "t"));
}

/** @param {Scene} scene */
function nameOf({ store, message: { author } }) {
  return personOf(store, author.id)?.display_name ?? author.global_name ?? author.username;
}

/** The name beside it is the button for the keyboard. @param {string} id @param {string} name */
function drawAvatar(id, name) {
  const img = portrait(id, 40);
  img.addEventListener("error", () => img.replaceWith([...name][0] ?? "?"));
  return h("span", { class: "message-avatar", aria: { hidden: "true" }, data: { personId: id } }, img);
}

/** @param {Scene} scene @param {string} name @param {Date} written */
function drawHeader({ store, message: { author, timestamp } }, name, written) {
  const isApp = author.bot || author.id === store.world.bot.id;
  return h(
    "div",
    { class: "message-header" },
    h("button", { type: "button", class: "author", data: { personId: author.id } }, name),
    isApp && h("span", { class: "app-tag", title: "A bot" }, "APP"),
    h("time", { class: "written", datetime: timestamp, title: inWords(written, "F") }, whenWritten(written)),
  );
}

/** @param {Scene} scene */
function drawContent(scene) {
  const { store, message } = scene;
  const text = message.content === "" ? null : markdown(store, message.content, { scope: scene.key("content") });
  const { edited_timestamp: when } = message;
  const edited = when
    ? h("time", { class: "edited", datetime: when, title: `Edited ${inWords(new Date(when), "F")}` }, "(edited)")
    : null;
  const isThinking = (message.flags & THINKING) !== 0;
  return [
    isThinking && drawThinking(nameOf(scene)),
    text && h("div", { class: "markdown content" }, text, edited && " ", edited),
    drawAttachments(scene),
    drawEmbeds(scene),
    drawComponents(scene),
    !text && edited && h("div", { class: "content" }, edited),
  ];
}

/** @param {string} name */
function drawThinking(name) {
  const dots = h("span", { class: "dots", aria: { hidden: "true" } }, h("i", null), h("i", null), h("i", null));
  return h("div", { class: "thinking" }, dots, `${name} is thinking…`);
}

/** Reactions, what the client says, and that nobody else sees it. @param {Scene} scene */
function drawFoot(scene) {
  const { store, message } = scene;
  const notices = store.noticesIn(message.channel_id).filter(({ messageId }) => messageId === message.id);
  return [
    drawReactions(scene),
    notices.map((notice) => drawNotice(store, notice)),
    message.ephemeral_to !== null &&
      h(
        "div",
        { class: "only-you" },
        icon("eye"),
        h("span", null, "Only you can see this"),
        h("span", { aria: { hidden: "true" } }, "•"),
        h("button", { type: "button", class: "text-button", onclick: () => store.dismiss(message) }, "Dismiss message"),
      ),
  ];
}

/** @param {Store} store @param {import("../core/types.js").Notice} notice */
function drawNotice(store, { id, title, text }) {
  return h(
    "div",
    { class: "notice", role: "alert" },
    icon("warning"),
    h("span", null, title && h("strong", null, `${title}: `), text),
    iconButton("close", "Dismiss", () => store.dismissNotice(id)),
  );
}

/** @param {Scene} scene */
function drawToolbar(scene) {
  const { message, actions } = scene;
  const react = iconButton("smile", "React", () => openPicker(scene, react), { tabindex: "-1" });
  const reply = iconButton("reply", "Reply", () => actions.reply(scene.current), { tabindex: "-1" });
  const more = iconButton("more", "More actions", () => actions.menu(scene.current, more), { tabindex: "-1" });
  const isPrivate = message.ephemeral_to !== null;
  const toolbar = h(
    "div",
    { class: "message-toolbar", role: "toolbar", aria: { label: "Message actions" } },
    !isPrivate && react,
    !isPrivate && reply,
    more,
  );
  return toolbar;
}
