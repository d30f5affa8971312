/**
 * An option that is picked: from a list that the page knows (`PickField`), or from what the bot suggests as one types
 * (`SuggestField`), where free text counts as well.
 */

import { Refused } from "../core/live.js";
import { nameOf } from "../core/locale.js";
import { candidatesFor, exactly, fitting, wordsOf } from "./candidates.js";
import { TextField } from "./field.js";
import { readText } from "./rules.js";

/** @typedef {import("./candidates.js").Candidate} Candidate */

const PAUSE_MS = 150;
const LONGEST_LIST = 25;

/** Picked from the option's choices, or from people, channels, roles, True and False. */
export class PickField extends TextField {
  /** @type {Candidate|null} what was picked, while its name still stands in the field */
  picked = null;

  get isLong() {
    return false;
  }

  makeControl() {
    const control = super.makeControl();
    control.setAttribute("role", "combobox");
    control.setAttribute("aria-autocomplete", "list");
    control.setAttribute("aria-expanded", "false");
    // What is filled in already is not asked for again, unless one wants to: the next Enter then sends.
    control.addEventListener("focus", () => this.isEmpty && this.offer());
    control.addEventListener("click", () => this.row.list.owner !== control && this.offer());
    control.addEventListener("keydown", (event) => this.#reopen(event));
    control.addEventListener("blur", () => this.left());
    return control;
  }

  /** @param {KeyboardEvent} event */
  #reopen(event) {
    if (event.key !== "ArrowDown" || this.row.list.owner === this.control) return;
    event.preventDefault();
    event.stopPropagation();
    this.offer();
  }

  get listLabel() {
    return `Choices for ${nameOf(this.option)}`;
  }

  get candidates() {
    return candidatesFor(this.row.store, this.option, this.row.channelId);
  }

  typed() {
    this.picked = null;
    super.typed();
    this.offer();
  }

  /** Show what can be picked. What is picked already is not filtered by. */
  offer() {
    const all = this.candidates;
    const found = this.picked === null ? fitting(all, this.input.value) : all;
    const active = this.picked === null ? 0 : all.findIndex((one) => one.value === this.picked?.value);
    const note = found.length === 0 ? "Nothing fits what you typed." : null;
    this.show(found.slice(0, LONGEST_LIST), active, note);
  }

  /** @param {Candidate[]} rows @param {number} active @param {string|null} note */
  show(rows, active, note) {
    if (document.activeElement !== this.control) return;
    this.row.list.show(this.control, { label: this.listLabel, rows, active, note, onpick: (row) => this.pick(row) });
  }

  /** @param {Candidate} candidate */
  pick(candidate) {
    this.put(candidate.title);
    this.picked = candidate;
    this.mark(null);
    this.row.changed(this);
    this.row.onward(this);
  }

  /** What was picked is picked still, whatever it is called now. @param {import("./field.js").Field} other */
  takeOver(other) {
    super.takeOver(other);
    const before = other instanceof PickField ? other.picked : null;
    if (before === null) return;
    const picked = this.candidates.find((one) => one.value === before.value) ?? before;
    this.put(picked.title);
    this.picked = picked;
  }

  left() {
    if (this.row.list.owner === this.control) this.row.list.close();
    const meant = this.isEmpty ? undefined : exactly(this.candidates, this.input.value);
    if (this.picked !== null || meant === undefined) return;
    this.put(meant.title);
    this.picked = meant;
  }

  /** @param {string} text */
  put(text) {
    this.picked = null;
    super.put(text);
  }

  /** @returns {{value: any}|{wrong: string}} */
  read() {
    const meant = this.picked ?? exactly(this.candidates, this.input.value);
    return meant ? { value: meant.value } : { wrong: "Choose one from the list." };
  }
}

/** Suggested by the bot. */
export class SuggestField extends PickField {
  #timer = 0;
  #asked = 0;
  /** @type {Candidate[]} */
  #suggested = [];

  get listLabel() {
    return "Suggestions";
  }

  get candidates() {
    return this.#suggested;
  }

  /** The value rather than its name, which means nothing to the bot when it is read again. */
  get text() {
    return this.picked === null ? super.text : String(this.picked.value);
  }

  /** Ask the bot; at once for an empty field, after a pause while one types. */
  offer() {
    clearTimeout(this.#timer);
    const number = ++this.#asked;
    const wait = this.input.value === "" || this.picked !== null ? 0 : PAUSE_MS;
    // What was suggested for other letters stays in sight, but Enter must not take it for what is typed now.
    this.show(this.#suggested, -1, this.#suggested.length === 0 ? "Loading options\u2026" : null);
    this.#timer = setTimeout(() => void this.#ask(number), wait);
  }

  /** @param {number} number  of this question; only the newest one's answer counts */
  async #ask(number) {
    const { row, option } = this;
    const fields = {
      name: row.commandName,
      option: option.name,
      typed: this.picked === null ? this.input.value : String(this.picked.value),
    };
    const place = { person_id: row.personId, channel_id: row.channelId };
    try {
      const { choices } = await row.store.ask("autocomplete", { ...place, ...fields, options: row.valuesSoFar(this) });
      if (number === this.#asked) this.#suggest(choices);
    } catch (error) {
      if (number === this.#asked) this.#failed(error);
    }
  }

  /** @param {{name: string, value: string|number}[]} choices */
  #suggest(choices) {
    this.#suggested = choices.map(({ name, value }) => ({ title: name, value, names: [String(value)] }));
    this.show(this.#suggested, this.#meant(), choices.length === 0 ? "No suggestions; what you type counts." : null);
  }

  /** Which suggestion Enter takes: the first that contains what was typed, so that other free text stays as it is. */
  #meant() {
    const typed = this.input.value.trim().toLowerCase();
    return this.#suggested.findIndex((one) => wordsOf(one).some((word) => word.includes(typed)));
  }

  /** @param {unknown} error */
  #failed(error) {
    this.#suggested = [];
    const note = error instanceof Refused && error.message !== "" ? error.message : "Loading options failed";
    this.show([], -1, note);
  }

  left() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    super.left();
  }

  /** @returns {{value: any}|{wrong: string}} */
  read() {
    if (this.picked !== null) return { value: this.picked.value };
    const meant = exactly(this.#suggested, this.input.value);
    return meant ? { value: meant.value } : readText(this.option, this.input.value.trim());
  }
}
