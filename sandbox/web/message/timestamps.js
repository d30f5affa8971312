/**
 * Points in time in words: those that a message names in the language that Discord speaks, all others in the browser's.
 * Relative ones go on ticking while the page shows them.
 */

import { h } from "../core/dom.js";
import { chosenLocale } from "../core/locale.js";

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

/** @type {Map<string, Intl.DateTimeFormat>} making one takes long, five hundred messages need it often */
const formats = new Map();

/**
 * @param {Date} date
 * @param {string} style  one of Discord's letters but R
 * @param {string} [locale]  the browser's, if there is none
 */
export function inWords(date, style, locale) {
  const key = `${style} ${locale ?? ""}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, STYLES[style]);
  formats.set(key, format);
  return format.format(date);
}

const SECONDS = 1000;
/** @type {[Intl.RelativeTimeFormatUnit, number, number][]} unit, its seconds, up to how many seconds it is used */
const UNITS = [
  ["second", 1, 45],
  ["minute", 60, 45 * 60],
  ["hour", 3600, 22 * 3600],
  ["day", 86_400, 26 * 86_400],
  ["month", 2_629_800, 320 * 86_400],
  ["year", 31_557_600, Infinity],
];
/** @type {Map<string, Intl.RelativeTimeFormat>} by locale */
const relatives = new Map();

/** @param {string} [locale] */
function relativeIn(locale) {
  const format = relatives.get(locale ?? "") ?? new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  relatives.set(locale ?? "", format);
  return format;
}

/** In the language that Discord speaks. @param {Date} date @param {number} [now]  milliseconds */
export function ago(date, now = Date.now()) {
  const seconds = (date.getTime() - now) / SECONDS;
  const [unit, size] = UNITS.find(([, , most]) => Math.abs(seconds) < most) ?? UNITS[UNITS.length - 1];
  const count = Math.trunc(seconds / size) || Math.round(seconds / size);
  return relativeIn(chosenLocale() ?? undefined).format(count, unit);
}

let ticking = 0;

/** Renew the relative times that the page shows; stop when there are none. */
function tick() {
  const shown = document.querySelectorAll("time[data-relative]");
  for (const node of shown) {
    const words = ago(new Date(/** @type {HTMLTimeElement} */ (node).dateTime));
    if (node.textContent !== words) node.textContent = words;
  }
  if (shown.length === 0) {
    clearInterval(ticking);
    ticking = 0;
  }
}

/**
 * Make the node of a timestamp.
 *
 * @param {Date} date
 * @param {string} style  one of Discord's letters
 * @returns {HTMLElement}
 */
export function timestamp(date, style) {
  const isRelative = style === "R";
  const locale = chosenLocale() ?? undefined;
  if (isRelative && ticking === 0) ticking = window.setInterval(tick, SECONDS);
  const props = {
    class: "timestamp",
    datetime: date.toISOString(),
    title: inWords(date, "F", locale),
    data: isRelative ? { relative: "" } : {},
  };
  return h("time", props, isRelative ? ago(date) : inWords(date, style, locale));
}

/** @param {Date} one @param {Date} other */
function isSameDay(one, other) {
  return one.toDateString() === other.toDateString();
}

/** When a message was written: the time today and yesterday, the date before. @param {Date} date */
export function whenWritten(date) {
  const now = new Date();
  if (isSameDay(date, now)) return inWords(date, "t");
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  return isSameDay(date, yesterday) ? `Yesterday at ${inWords(date, "t")}` : inWords(date, "s");
}
