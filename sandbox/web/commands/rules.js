/**
 * What an option takes, in words and as a check. Pure: knows neither the page nor the server.
 */

/** @typedef {import("../core/types.js").Option} Option */

/** @typedef {{value: string|number}|{wrong: string}} Read */

export const TEXT = 3;
const WHOLE = 4;
export const TRUTH = 5;
export const PERSON = 6;
export const CHANNEL = 7;
export const ROLE = 8;
export const MENTIONABLE = 9;
const NUMBER = 10;
export const ATTACHMENT = 11;

const LONGEST = 6000;

/** Said of an option that is empty but must not be. */
export const REQUIRED = "This is required.";

/**
 * Say what an option takes.
 *
 * @param {Option} option
 * @returns {string} empty when there is nothing to say
 */
export function rulesOf(option) {
  if (option.choices?.length) return "one of the list";
  switch (option.type) {
    case TEXT:
      return lengthRule(option);
    case WHOLE:
      return `a whole number${rangeRule(option)}`;
    case NUMBER:
      return `a number${rangeRule(option)}`;
    case TRUTH:
      return "True or False";
    case PERSON:
      return "a person";
    case CHANNEL:
      return "a channel";
    case ROLE:
      return "a role";
    case MENTIONABLE:
      return "a person or a role";
    case ATTACHMENT:
      return "a file: pick, paste or drop one";
    default:
      return "";
  }
}

/** @param {Option} option */
function lengthRule({ min_length: least, max_length: most }) {
  if (least && most) return `${least}\u2013${most} characters`;
  if (most) return `up to ${most} characters`;
  return least ? `at least ${counted(least)}` : "";
}

/** @param {Option} option */
function rangeRule({ min_value: least, max_value: most }) {
  if (least !== undefined && most !== undefined) return `, ${least}\u2013${most}`;
  if (most !== undefined) return `, ${most} at most`;
  return least === undefined ? "" : `, ${least} or more`;
}

/** @param {number} count */
function counted(count) {
  return `${count} character${count === 1 ? "" : "s"}`;
}

/** Count as the sandbox does: by characters, not by halves of them. @param {string} text */
export function lengthOf(text) {
  return [...text].length;
}

/**
 * Read a typed text as an option's value.
 *
 * @param {Option} option
 * @param {string} text  not empty
 * @returns {Read}
 */
export function readText(option, text) {
  if (option.type === WHOLE || option.type === NUMBER) return readNumber(option, text.trim());
  const length = lengthOf(text);
  const { min_length: least = 0, max_length: most = LONGEST } = option;
  if (length < least) return { wrong: `Write at least ${counted(least)}; this is ${length}.` };
  if (length > most) return { wrong: `Write at most ${counted(most)}; this is ${length - most} too many.` };
  return { value: text };
}

/** @param {Option} option @param {string} text @returns {Read} */
function readNumber(option, text) {
  const isWhole = option.type === WHOLE;
  const shape = isWhole ? /^[+-]?\d+$/ : /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/;
  const value = Number(text.replace(",", "."));
  if (!shape.test(text) || !Number.isFinite(value))
    return { wrong: isWhole ? "Enter a whole number, such as 7." : "Enter a number, such as 0.5." };
  if (isWhole && !Number.isSafeInteger(value)) return { wrong: "This number is too large." };
  const { min_value: least = -Infinity, max_value: most = Infinity } = option;
  if (value >= least && value <= most) return { value };
  if (least === -Infinity) return { wrong: `Enter ${most} at most.` };
  return { wrong: most === Infinity ? `Enter ${least} or more.` : `Enter a number from ${least} to ${most}.` };
}
