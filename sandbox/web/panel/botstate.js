/**
 * How the bot's process is, in words, and the buttons that end and start it. Knows the store's bot and line.
 */

import { h, icon, refill } from "../core/dom.js";
import { ask, deedButton } from "./asking.js";
import { setShown, setText } from "./patch.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("../core/types.js").BotState} BotState */

/**
 * Say how the bot is.
 *
 * @param {BotState} bot
 * @returns {{text: string, icon: string, tone: "good"|"wait"|"bad"}}
 */
function botWords({ state, online, exit_code: code }) {
  if (state === "running") {
    return online
      ? { text: "Running and online", icon: "check", tone: "good" }
      : { text: "Running, not connected to Discord yet", icon: "clock", tone: "wait" };
  }
  if (state === "starting") return { text: "Starting…", icon: "clock", tone: "wait" };
  if (state === "killed") return { text: "Killed", icon: "power", tone: "bad" };
  return endedByItself({ state, exit_code: code })
    ? { text: "Ended by itself", icon: "warning", tone: "bad" }
    : { text: "Stopped", icon: "power", tone: "wait" };
}

/** @type {ReturnType<typeof botWords>} without the sandbox, which the icons come from too */
const AWAY = { text: "Not running", icon: "", tone: "bad" };

/** What the process ends with when it is asked to, and when it is asked before it could listen. */
const IN_ORDER = new Set([0, -15]);

/** @param {Pick<BotState, "state"|"exit_code">} bot */
function endedByItself({ state, exit_code: code }) {
  return state === "stopped" && code !== null && !IN_ORDER.has(code);
}

/** @param {BotState} bot */
function troubleText(bot) {
  if (endedByItself(bot)) return `${bot.trouble ?? "It ended by itself."} The last lines of its log, below, say why.`;
  return bot.trouble ?? "";
}

/** @param {BotState} bot */
function factsText({ state, pid, starts, exit_code: code }) {
  if (state === "running" || state === "starting") {
    const start = starts <= 1 ? "first start" : `start number ${starts}`;
    return pid === null ? start : `${start}, process ${pid}`;
  }
  return state === "stopped" && code !== null ? `exit code ${code}` : "no process";
}

/** @param {Store} store */
export function botState(store) {
  const word = h("span", { class: "bot-word" });
  const sign = h("span", { class: "bot-sign" });
  const facts = h("p", { class: "bot-facts" });
  const why = h("span");
  const hint = h("p", { class: "bot-hint", role: "status", hidden: true }, icon("warning"), why);
  const { node: buttons, draw: drawButtons } = botButtons(store);
  const node = h(
    "div",
    { class: "bot" },
    h("div", { class: "bot-state" }, sign, h("div", { role: "status" }, word, facts)),
    hint,
    buttons,
  );
  let drawn = "";
  const draw = () => {
    const words = store.live.isUp ? botWords(store.bot) : AWAY;
    if (drawn !== words.icon + words.tone) {
      drawn = words.icon + words.tone;
      node.dataset.tone = words.tone;
      refill(sign, words.icon === "" ? "!" : icon(words.icon));
    }
    setText(word, words.text);
    setText(facts, store.live.isUp ? factsText(store.bot) : "the sandbox ended, and the bot with it");
    const trouble = troubleText(store.bot);
    setText(why, trouble);
    setShown(hint, trouble !== "");
    drawButtons();
  };
  return { node, draw };
}

/** @param {Store} store */
function botButtons(store) {
  const does = (/** @type {string} */ how) => () => ask(store, "bot", { how });
  const restart = deedButton("Kill and restart the bot", "restart", does("restart"), {
    class: "danger is-big",
    aria: { describedby: "panel-restart" },
  });
  const start = deedButton("Start", "play", does("start"), { class: "primary" });
  const stop = deedButton("Stop", "power", does("stop"), {
    title: "Ask it to end, as a service manager does (SIGTERM)",
  });
  const kill = deedButton("Kill", "bolt", does("kill"), { title: "End it at once, as a power cut does (SIGKILL)" });
  const node = h(
    "div",
    { class: "bot-buttons" },
    restart,
    h(
      "p",
      { class: "panel-text", id: "panel-restart" },
      h("code", null, "kill -9"),
      ", then a new process. Try it while a job runs: the job goes on, and its picture arrives.",
    ),
    h("div", { class: "bot-others" }, start, stop, kill),
  );
  const draw = () => {
    const isAlive = store.bot.state === "running" || store.bot.state === "starting";
    swap(isAlive ? [start] : [stop, kill], isAlive ? stop : start);
    setShown(start, !isAlive);
    setShown(stop, isAlive);
    setShown(kill, isAlive);
  };
  return { node, draw };
}

/** Hand the focus on when the button that has it goes. @param {HTMLElement[]} going @param {HTMLElement} coming */
function swap(going, coming) {
  if (!going.some((button) => button === document.activeElement)) return;
  setShown(coming, true);
  coming.focus({ preventScroll: true });
}
