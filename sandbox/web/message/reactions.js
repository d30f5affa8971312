/**
 * Reactions under a message as buttons that take one's own back, and the picker of a few emoji.
 */

import { h, icon } from "../core/dom.js";
import { openPopover } from "../core/popover.js";
import { emojiName } from "./emoji.js";

/** @typedef {import("./scene.js").Scene} Scene */

// The first three mean something to the bot.
const PICKS = ["✉️", "❌", "⭐", "👍", "👎", "❤️", "😂", "😍", "🤔", "😮", "🔥", "👀", "🎉", "✅", "🎨"];

/** @param {any} emoji */
function keyOf({ id, name }) {
  return id ? `${name}:${id}` : name;
}

/** @param {Scene} scene @param {string} emoji @param {boolean} on */
async function react({ store, message }, emoji, on) {
  try {
    await store.ask("react", { message_id: message.id, channel_id: message.channel_id, emoji, on });
  } catch (error) {
    store.complain(error);
  }
}

/**
 * Draw the reactions of a message.
 *
 * @param {Scene} scene
 * @returns {HTMLElement|null}
 */
export function drawReactions(scene) {
  const reactions = (scene.message.reactions ?? []).filter(({ count }) => count > 0);
  if (reactions.length === 0) return null;
  const more = h(
    "button",
    {
      type: "button",
      class: "reaction is-more",
      title: "Add reaction",
      aria: { label: "Add reaction" },
      onclick: () => openPicker(scene, more),
    },
    icon("smile"),
  );
  return h(
    "div",
    { class: "reactions", role: "group", aria: { label: "Reactions" } },
    reactions.map((reaction) => drawReaction(scene, reaction)),
    more,
  );
}

/** @param {Scene} scene @param {{emoji: any, count: number, me: boolean, user_ids?: string[]}} reaction */
function drawReaction(scene, { emoji, count, user_ids: ids = [] }) {
  const { store } = scene;
  const isMine = ids.includes(store.meId);
  const who = ids
    .map((id) => (id === store.world.bot.id ? store.world.bot.display_name : store.person(id)?.display_name))
    .filter(Boolean);
  const label = `${emojiName(emoji)}, ${count}`;
  const onclick = () => void react(scene, keyOf(emoji), !isMine);
  return h(
    "button",
    { type: "button", class: "reaction", title: who.join(", "), aria: { label, pressed: isMine }, onclick },
    h("span", { class: "emoji" }, emoji.id ? `:${emoji.name}:` : emoji.name),
    h("span", { class: "reaction-count" }, count),
  );
}

/**
 * Open the picker beside something.
 *
 * @param {Scene} scene
 * @param {Element} anchor
 */
export function openPicker(scene, anchor) {
  const buttons = PICKS.map((emoji) => {
    const label = emojiName({ name: emoji });
    const onclick = () => {
      popover.close();
      const own = scene.current.reactions
        ?.find((reaction) => reaction.emoji.name === emoji)
        ?.user_ids?.includes(scene.store.meId);
      void react(scene, emoji, !own);
    };
    return h("button", { type: "button", class: "picker-emoji", title: label, aria: { label }, onclick }, emoji);
  });
  const panel = h(
    "div",
    {
      class: "picker",
      role: "group",
      aria: { label: "React" },
      onkeydown: (/** @type {KeyboardEvent} */ event) => step(event, buttons),
    },
    buttons,
  );
  const popover = openPopover(anchor, panel, { side: "above" });
  buttons[0].focus({ preventScroll: true });
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} buttons */
function step(event, buttons) {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 5, ArrowUp: -5 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  buttons[(at + by + buttons.length) % buttons.length].focus();
}
