/**
 * What the page knows of emoji: which texts are nothing else, and how those that buttons show are called.
 */

import { h } from "../core/dom.js";

const EMOJI = /<a?:\w{2,32}:\d{1,20}>|\p{RGI_Emoji}|[\p{Emoji_Presentation}\p{Extended_Pictographic}]\uFE0F?/gv;
const LONGEST = 400;
const MOST = 27;

/** Whether a text is made of emoji only and so few that they are shown large. @param {string} text */
export function isJumbo(text) {
  if (text.length > LONGEST || /[©®™]/u.test(text)) return false;
  let count = 0;
  const rest = text.replace(EMOJI, () => {
    count += 1;
    return "";
  });
  return count > 0 && count <= MOST && rest.trim() === "";
}

/** Emoji that stand alone on buttons, by the bot and by Midjourney, and in the reaction picker. */
const NAMES = {
  "🔄": "Re-roll",
  "⬅": "Pan left",
  "➡": "Pan right",
  "⬆": "Pan up",
  "⬇": "Pan down",
  "❤": "Favorite",
  "1⃣": "1",
  "2⃣": "2",
  "3⃣": "3",
  "4⃣": "4",
  "5⃣": "5",
  "🔍": "Zoom",
  "🖌": "Paint",
  "🎉": "Celebrate",
  "🔁": "Again",
  "✖": "Cancel",
  "❌": "Cancel",
  "✅": "Done",
  "🗑": "Delete",
  "👍": "Thumbs up",
  "👎": "Thumbs down",
  "😂": "Laughing",
  "😍": "In love",
  "🤔": "Thinking",
  "😮": "Surprised",
  "🔥": "Fire",
  "👀": "Eyes",
  "🎨": "Palette",
  "✉": "Envelope",
  "⭐": "Star",
};

/**
 * Return what an emoji is called, or itself.
 *
 * @param {{id?: string|null, name: string}} emoji  as on Discord's wire
 * @returns {string}
 */
export function emojiName({ id, name }) {
  if (id) return name;
  return /** @type {Record<string, string>} */ (NAMES)[name.replaceAll("\uFE0F", "")] ?? name;
}

/**
 * Draw an emoji beside a label. The label speaks; the emoji is an ornament.
 *
 * @param {{id?: string|null, name: string}} emoji
 * @returns {HTMLElement}
 */
export function drawEmoji({ id, name }) {
  return h("span", { class: id ? "emoji custom-emoji" : "emoji", aria: { hidden: "true" } }, id ? `:${name}:` : name);
}
