/**
 * One job of the API as a card: what was asked, how far it is, what it cost, and where its message is. Made once, then
 * only changed. Knows the store for what its buttons do.
 */

import { h, icon, iconButton, refill } from "../core/dom.js";
import { ask, deedButton } from "./asking.js";
import { openReasons } from "./reasons.js";
import { setAttr, setShown, setText } from "./patch.js";
import { actionText, ageText, chargeDetails, chargeOf, isRunning, stateOf } from "./words.js";

/** @typedef {import("../core/store.js").Store} Store */
/** @typedef {import("./words.js").Task} Task */

/** The page's clock and the server's may drift apart this much before an age is set right. */
const DRIFT_MS = 2000;

export class JobCard {
  /** @type {Task} */
  #task;
  #store;
  #bornAt = 0;
  #drawn = "";
  #isOpen = false;

  /** @param {Store} store @param {Task} task */
  constructor(store, task) {
    this.#store = store;
    this.#task = task;
    const promptId = `panel-job-${task.id}`;
    this.action = h("h4", { class: "job-action" });
    this.age = h("span", { class: "job-age" });
    this.details = iconButton("chevron", "Details", () => this.#toggle(), {
      class: "job-toggle",
      aria: { label: "Details", expanded: "false" },
    });
    this.prompt = h("p", { class: "job-prompt", id: promptId });
    this.fill = h("span");
    this.bar = h(
      "div",
      { class: "job-bar", role: "progressbar", aria: { valuemin: 0, valuemax: 100, labelledby: promptId } },
      this.fill,
    );
    this.state = h("span", { class: "job-state" });
    this.charge = h("span");
    this.reason = h("p", { class: "job-reason" });
    this.more = h("dl", { class: "job-more", hidden: true });
    this.node = h(
      "li",
      { class: "job", data: { taskId: task.id } },
      h("div", { class: "job-head" }, this.action, this.age, this.details),
      this.prompt,
      this.bar,
      this.#facts(promptId),
      this.reason,
      this.#tools(promptId),
      this.more,
    );
  }

  /** State, charge and message stand beside each other: that is what the list is for. @param {string} promptId */
  #facts(promptId) {
    this.show = h(
      "button",
      { type: "button", class: "button quiet job-show", aria: { describedby: promptId }, onclick: () => this.#jump() },
      "Show message",
    );
    this.noMessage = h("span", { class: "job-none" });
    return h(
      "div",
      { class: "job-facts" },
      this.state,
      h("span", { class: "job-charge", title: "What the API charged" }, icon("coin"), this.charge),
      this.show,
      this.noMessage,
    );
  }

  /** @param {string} promptId */
  #tools(promptId) {
    const described = { aria: { describedby: promptId } };
    const finish = deedButton(
      "Finish now",
      "check",
      () => ask(this.#store, "finish", { task_id: this.#task.id }),
      described,
    );
    const fail = h(
      "button",
      { type: "button", class: "button", aria: { describedby: promptId, haspopup: "menu" } },
      icon("close"),
      "Fail now",
    );
    fail.addEventListener("click", () =>
      openReasons(fail, (reason) => void ask(this.#store, "fail", { task_id: this.#task.id, reason })),
    );
    this.tools = h("div", { class: "job-tools" }, finish, fail);
    return this.tools;
  }

  #jump() {
    const { message } = this.#task;
    if (message === null) return;
    if (this.#store.can("view", message.channel_id)) this.#store.jump(message.channel_id, message.message_id);
    else
      this.#store.toast(
        `This message is where ${this.#store.me?.display_name ?? "this person"} cannot look. Switch to another person.`,
      );
  }

  #toggle() {
    this.#isOpen = !this.#isOpen;
    this.details.setAttribute("aria-expanded", String(this.#isOpen));
    this.node.classList.toggle("is-open", this.#isOpen);
    this.more.hidden = !this.#isOpen;
    this.#drawMore();
  }

  /** Change what differs. @param {Task} task @param {number} toldAt  when, by our clock: it may be drawn later */
  draw(task, toldAt) {
    this.#task = task;
    const bornAt = toldAt - task.age_seconds * 1000;
    if (Math.abs(bornAt - this.#bornAt) > DRIFT_MS) this.#bornAt = bornAt;
    this.tick();
    const { age_seconds: _age, ...rest } = task;
    const looks = JSON.stringify(rest);
    if (looks === this.#drawn) return;
    this.#drawn = looks;
    setText(this.action, actionText(task.action));
    setText(this.prompt, task.prompt || "No prompt");
    setAttr(this.prompt, "title", task.prompt || null);
    this.prompt.classList.toggle("is-none", task.prompt === "");
    this.#drawState(task);
    this.#drawCharge(task);
    setShown(/** @type {HTMLElement} */ (this.show), task.message !== null);
    setText(/** @type {HTMLElement} */ (this.noMessage), isRunning(task.status) ? "no message yet" : "no message");
    setShown(/** @type {HTMLElement} */ (this.noMessage), task.message === null);
    setText(this.reason, task.reason);
    setShown(this.reason, task.reason !== "");
    if (this.#isOpen) this.#drawMore();
  }

  /** @param {Task} task */
  #drawState(task) {
    const isGoing = isRunning(task.status);
    const { text, icon: name, tone } = stateOf(task.status);
    const percent = task.progress ?? 0;
    if (this.node.dataset.status !== task.status) {
      this.node.dataset.status = task.status;
      this.node.dataset.tone = tone;
      this.stateText = h("span");
      refill(this.state, icon(name), this.stateText);
    }
    if (this.stateText) setText(this.stateText, isGoing && task.progress ? `${text}, ${percent} %` : text);
    setShown(this.bar, isGoing);
    setAttr(this.bar, "aria-valuenow", percent);
    this.fill.style.transform = `scaleX(${percent / 100})`;
    this.#showTools(isGoing);
  }

  /** The focus must not fall out of the page when a job ends while its button has it. @param {boolean} isGoing */
  #showTools(isGoing) {
    const hadFocus = !isGoing && this.tools?.contains(document.activeElement);
    if (this.tools) setShown(this.tools, isGoing);
    if (hadFocus) this.details.focus({ preventScroll: true });
  }

  /** @param {Task} task */
  #drawCharge(task) {
    const { text, tone } = chargeOf(task);
    setText(this.charge, text);
    this.node.dataset.charge = tone;
  }

  #drawMore() {
    const { id, job, speed, action, status } = this.#task;
    const facts = [
      ["Task", id],
      ["Job of the bot", job || "none"],
      ["Speed", speed || "usual"],
      ["Charged", chargeDetails(this.#task)],
      ["In the API’s words", `${action}, ${status}`],
    ];
    const looks = JSON.stringify(facts);
    if (this.more.dataset.looks === looks) return;
    this.more.dataset.looks = looks;
    refill(
      this.more,
      facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
    );
  }

  /** Let it grow older. */
  tick() {
    setText(this.age, ageText((Date.now() - this.#bornAt) / 1000));
  }
}
