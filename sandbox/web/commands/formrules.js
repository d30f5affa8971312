/**
 * What is wrong with a field of a form, as a sentence. Pure: knows neither the page nor the server.
 */

import { lengthOf, REQUIRED } from "./rules.js";

/**
 * Say whether a text is missing, too short or too long.
 *
 * @param {string} text
 * @param {{isRequired: boolean, least: number, most: number}} rules
 * @returns {string|null}
 */
export function textWrong(text, { isRequired, least, most }) {
  const length = lengthOf(text);
  if (length === 0) return isRequired ? REQUIRED : null;
  if (length < least) return `Write at least ${least} characters; this is ${length}.`;
  return length > most ? `Write at most ${most} characters; this is ${length - most} too many.` : null;
}

/**
 * Say whether too few or too many were chosen.
 *
 * @param {number} count
 * @param {any} component  with `required`, `min_values`, `max_values`
 * @param {"choice"|"file"} what
 * @returns {string|null}
 */
export function countWrong(count, { required, min_values: min, max_values: most = 1 }, what) {
  const isRequired = required !== false;
  if (count === 0 && !isRequired) return null;
  const least = isRequired ? Math.max(min ?? 1, 1) : (min ?? 0);
  if (count >= least && count <= most) return null;
  const words = (/** @type {number} */ number) => `${number} ${what}${number === 1 ? "" : "s"}`;
  if (count === 0 && least === 1) return what === "file" ? "Add a file." : REQUIRED;
  const verb = what === "file" ? "Add" : "Choose";
  if (least === most) return `${verb} ${words(most)}; this is ${count}.`;
  return count < least
    ? `${verb} at least ${words(least)}; this is ${count}.`
    : `${verb} at most ${words(most)}; this is ${count}.`;
}
