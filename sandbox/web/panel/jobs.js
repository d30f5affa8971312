/**
 * The tab "Jobs": what was spent, how fast jobs go, and every job with its charge and its message. Draws what the
 * store's panel tells.
 */

import { commandName } from "../commands/commandname.js";
import { h, refill } from "../core/dom.js";
import { figures } from "./figures.js";
import { JobCard } from "./jobcard.js";
import { keepRows, setShown, setText } from "./patch.js";
import { foldable } from "./section.js";
import { SpeedSlider } from "./speed.js";
import { isRunning } from "./words.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./words.js").Task} Task */

const TEXT = "Every job that the bot has sent, newest first: its state, its charge and its message.";

/** @param {Store} store */
export function jobsTab(store) {
  const soFar = figures();
  const speed = new SpeedSlider(store);
  const jobs = jobList(store);
  const node = h("div", { class: "panel-page" }, soFar.node, speed.node, jobs.node);
  const draw = () => {
    soFar.draw(store.panel);
    speed.draw();
    jobs.draw();
  };
  return { node, draw, tick: jobs.tick };
}

/** @param {Store} store */
function jobList(store) {
  const list = h("ul", { class: "jobs", role: "list", aria: { label: "Jobs, newest first" } });
  const command = h("kbd", null, "/imagine");
  store.on("commands place", () => refill(command, commandName(store, "imagine")));
  const empty = h("p", { class: "panel-empty" }, "Nothing yet. Type ", command, " in the chat.");
  const { node, note } = foldable("jobs", "Jobs", { text: TEXT }, empty, list);
  /** @type {Map<string, JobCard>} */
  const cards = new Map();
  let toldAt = Date.now();
  store.on("panel", () => {
    toldAt = Date.now();
  });

  const make = (/** @type {Task} */ task) => new JobCard(store, task);
  const draw = () => {
    /** @type {Task[]} */
    const tasks = store.panel.tasks;
    keepRows(
      list,
      cards,
      tasks,
      (task) => task.id,
      make,
      (card, task) => card.draw(task, toldAt),
    );
    setShown(empty, tasks.length === 0);
    setShown(list, tasks.length > 0);
    const running = tasks.filter((task) => isRunning(task.status)).length;
    setText(note, running === 0 ? "" : `${running} running`);
  };
  const tick = () => {
    for (const card of cards.values()) card.tick();
  };
  return { node, draw, tick };
}
