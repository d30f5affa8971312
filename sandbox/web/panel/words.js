/**
 * What the API's words mean to a person: actions, states, money, time. Pure; imports nothing.
 */

/**
 * @typedef {object} Task
 * @property {string} id
 * @property {string} action
 * @property {string} prompt
 * @property {string} status
 * @property {number|null} progress
 * @property {string} speed
 * @property {string} job
 * @property {string} reason
 * @property {number} age_seconds
 * @property {number} charged_usd
 * @property {number} refunded_usd
 * @property {{channel_id: string, message_id: string}|null} message
 */

/** @type {Record<string, string>} */
const ACTIONS = {
  IMAGINE: "Imagine",
  UPSCALE: "Upscale",
  UPSCALE_HD: "Upscale to HD",
  VARIATION: "Variation",
  HIGH_VARIATION: "Strong variation",
  LOW_VARIATION: "Subtle variation",
  REROLL: "Once again",
  PAN: "Pan",
  ZOOM: "Zoom out",
  OUTPAINT: "Zoom out",
  CUSTOM_ZOOM: "Custom zoom",
  INPAINT: "Vary region",
  BLEND: "Blend",
  DESCRIBE: "Describe",
  PIC_READER: "Imagine a description",
  SHORTEN: "Shorten",
  EDITS: "Edit",
  EDIT: "Edit",
  MODAL: "Form",
  VIDEO: "Video",
  VIDEO_EXTEND: "Longer video",
};

/** @type {Record<string, {text: string, icon: string, tone: "wait"|"work"|"good"|"bad"}>} */
const STATES = {
  NOT_START: { text: "Not started", icon: "clock", tone: "wait" },
  SUBMITTED: { text: "In the queue", icon: "clock", tone: "wait" },
  MODAL: { text: "Needs a form", icon: "person", tone: "wait" },
  IN_PROGRESS: { text: "Drawing", icon: "play", tone: "work" },
  SUCCESS: { text: "Done", icon: "check", tone: "good" },
  FAILURE: { text: "Failed", icon: "warning", tone: "bad" },
  GONE: { text: "Lost", icon: "broken", tone: "bad" },
};

const ENDED = new Set(["SUCCESS", "FAILURE", "GONE"]);

/** Reasons to fail a job with: what a person chooses, and what the API says then. */
export const REASONS = [
  {
    title: "The prompt is banned",
    text: "Banned prompt detected, these words are not allowed by our community standards",
  },
  { title: "A parameter is wrong", text: "[Invalid parameter] Invalid value provided for argument --ar" },
  { title: "It took too long", text: "上游任务超时（超过1小时）" },
  { title: "It was canceled", text: "取消任务" },
  { title: "No helpful reason", text: "任务失败，请重试" },
];

/** @param {string} action */
export function actionText(action) {
  return ACTIONS[action] ?? sentenceCase(action);
}

/** @param {string} status */
export function stateOf(status) {
  return STATES[status] ?? { text: sentenceCase(status), icon: "clock", tone: "wait" };
}

/** @param {string} status */
export function isRunning(status) {
  return !ENDED.has(status);
}

/** @param {string} name  such as `HIGH_VARIATION` or `by-route` */
export function sentenceCase(name) {
  const words = name.toLowerCase().replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** As many decimals as the price has, at least two. @param {number} usd */
export function money(usd) {
  const exact = usd.toFixed(3);
  return `$${exact.endsWith("0") ? usd.toFixed(2) : exact}`;
}

/**
 * Short, for the row of facts; the amounts stand in the details.
 *
 * @param {Task} task
 * @returns {{text: string, tone: "charged"|"refunded"|"free"}}
 */
export function chargeOf({ charged_usd: charged, refunded_usd: refunded }) {
  if (charged <= 0) return { text: "free", tone: "free" };
  if (refunded <= 0) return { text: money(charged), tone: "charged" };
  if (refunded >= charged) return { text: "refunded", tone: "refunded" };
  return { text: money(charged - refunded), tone: "charged" };
}

/** @param {Task} task */
export function chargeDetails({ charged_usd: charged, refunded_usd: refunded }) {
  if (charged <= 0) return "nothing";
  return refunded > 0 ? `${money(charged)}, of which ${money(refunded)} came back` : money(charged);
}

/** @param {number} seconds */
export function ageText(seconds) {
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${Math.floor(seconds / 5) * 5} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** @param {number} rate */
export function rateText(rate) {
  return rate === 0 ? "held" : `×${Number(rate.toPrecision(3))}`;
}
