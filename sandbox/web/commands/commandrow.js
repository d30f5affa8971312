/**
 * A chosen command with a field for each of its options, in the place of the text box. Says what it wants (`sends`,
 * `leaves`), sends nothing by itself. It is kept whole as a draft, so that nothing is lost when one goes elsewhere.
 */

import { h, iconButton, refill } from "../core/dom.js";
import { descriptionOf, nameOf, spokenLocale } from "../core/locale.js";
import { isPicked } from "./candidates.js";
import { TextField } from "./field.js";
import { FileField } from "./filefield.js";
import { offerOptions } from "./optionoffers.js";
import { PickField, SuggestField } from "./pickfield.js";
import { byName, firstForText, writeCommand } from "./reading.js";
import { ATTACHMENT, REQUIRED, rulesOf } from "./rules.js";

/** @typedef {import("./field.js").Field} Field */
/** @typedef {import("./registered.js").Entry} Entry */
/** @typedef {import("../core/types.js").Option} Option */

/**
 * @typedef {object} RowOwner
 * @property {import("../core/store.js").Store} store
 * @property {import("./listpanel.js").ListPanel} list
 * @property {() => void} sends         Enter
 * @property {(text: string, isPlain: boolean) => void} leaves  back to the text box, with what was there as text;
 *   plain: the person wants to go on writing it as text
 */

export class CommandRow {
  /** @type {Field[]} */
  fields = [];
  /** @type {Field|null} */
  #here = null;
  /** Whether the person writes `name: value`; only then does a name with a colon begin another field. */
  #isNaming = false;
  /** In which its names are written. */
  locale = spokenLocale();

  /** @param {Entry} entry @param {RowOwner} owner */
  constructor(entry, owner) {
    this.entry = entry;
    this.owner = owner;
    this.personId = owner.store.meId;
    this.channelId = owner.store.placeId;
    this.words = h("p", { class: "hint-words" });
    const leave = iconButton("close", "Leave the command", () => this.leave(true), { class: "command-leave" });
    this.hint = h("div", { class: "composer-hint" }, this.words, leave);
    this.offers = h("span", { class: "option-offers" });
    this.body = h(
      "div",
      { class: "command-fields" },
      h("span", { class: "command-name" }, `/${entry.title}`),
      this.offers,
    );
    this.node = h(
      "div",
      { class: "command-row", role: "group", tabindex: -1, aria: { label: `Command /${entry.title}` } },
      this.body,
    );
    this.node.addEventListener("keydown", (event) => this.#key(event));
    for (const option of entry.options) if (option.required) this.open(option);
    this.#offer();
    this.#explain();
  }

  // Fields ----------------------------------------------------------------------------------------------------------

  /** Open an option's field, or return the open one. @param {Option} option */
  open(option) {
    const known = this.field(option.name);
    if (known) return known;
    const field = this.#make(option);
    const order = (/** @type {Option} */ one) => this.entry.options.indexOf(one);
    const after = this.fields.findIndex((one) => order(one.option) > order(option));
    const before = after < 0 ? this.offers : this.fields[after].node;
    this.fields.splice(after < 0 ? this.fields.length : after, 0, field);
    before.before(field.node);
    this.#offer();
    return field;
  }

  /** @param {string} name */
  field(name) {
    return this.fields.find((one) => one.option.name === name);
  }

  /** @param {Option} option @returns {Field} */
  #make(option) {
    const { store, list } = this.owner;
    /** @type {import("./field.js").RowContext} */
    const row = {
      store,
      list,
      channelId: this.channelId,
      personId: this.personId,
      commandName: this.entry.name,
      valuesSoFar: (except) => this.#valuesSoFar(except),
      changed: (field) => this.#changed(field),
      onward: (field) => this.#go(field, 1),
      remove: (field) => this.#remove(field),
      focused: (field) => this.#focused(field),
    };
    if (option.type === ATTACHMENT) return new FileField(option, row);
    if (option.autocomplete) return new SuggestField(option, row);
    return isPicked(option) ? new PickField(option, row) : new TextField(option, row);
  }

  /** Show what else can be filled in. */
  #offer() {
    const rest = this.entry.options.filter((option) => !this.field(option.name));
    offerOptions(this.offers, rest, (option) => this.open(option).focus());
  }

  /** @param {Field} field */
  #remove(field) {
    const index = this.fields.indexOf(field);
    this.fields.splice(index, 1);
    field.node.remove();
    this.owner.list.close();
    this.#offer();
    (this.fields[Math.max(0, index - 1)] ?? this.node).focus();
  }

  /** @param {Field} field @param {1|-1} by */
  #go(field, by) {
    const next = this.fields[this.fields.indexOf(field) + by];
    if (next) next.focus();
  }

  /** Go to the first field that is still to be filled in; without any, to the command itself, which Enter sends. */
  focus() {
    const field = this.fields.find((one) => one.isEmpty && one.option.required) ?? this.fields.at(-1);
    (field ?? this.node).focus();
  }

  /** Put texts in, by option name. @param {Map<string, string>} values */
  fill(values) {
    for (const [name, text] of values) {
      const option = this.entry.options.find((one) => one.name === name);
      if (option && option.type !== ATTACHMENT) this.open(option).put(text);
    }
  }

  /** Take over what another row for the same command holds. @param {CommandRow} row */
  takeOver(row) {
    for (const field of row.fields) this.open(field.option).takeOver(field);
  }

  /** Give files to the first options that take one. Return whether any was taken. @param {File[]} files */
  takeFiles(files) {
    const isFree = (/** @type {Option} */ option) =>
      option.type === ATTACHMENT && (this.field(option.name)?.isEmpty ?? true);
    const free = this.entry.options.filter(isFree);
    const taken = files.slice(0, free.length);
    taken.forEach((file, index) => /** @type {FileField} */ (this.open(free[index])).take(file));
    return taken.length > 0;
  }

  // What is typed ---------------------------------------------------------------------------------------------------

  /** @param {Field} field */
  #focused(field) {
    this.#here = field;
    this.#explain();
  }

  /** @param {Field} field */
  #changed(field) {
    if (field instanceof TextField) this.#readNames(field);
    this.#explain();
  }

  /** Take `prompt: a fox aspect:` apart while it is typed. @param {TextField} field */
  #readNames(field) {
    const own = /^\s*([^\s:]+):\s?/u.exec(field.input.value);
    const named = own && byName(this.entry.options, own[1]);
    if (named && named === field.option) {
      this.#isNaming = true;
      field.put(field.input.value.slice(own[0].length));
    }
    if (this.#isNaming && /^\s/.test(field.input.value)) field.put(field.input.value.trimStart());
    const last = /(?:^|\s)([^\s:]+):\s?$/u.exec(field.input.value);
    const next = last && byName(this.entry.options, last[1]);
    const isFirst = last?.index === 0 && field.option === firstForText(this.entry.options);
    if (!next || next === field.option || !(this.#isNaming || isFirst) || this.field(next.name)?.isEmpty === false)
      return;
    this.#isNaming = true;
    field.put(field.input.value.slice(0, last.index).trimEnd());
    this.open(next).focus();
  }

  /** Say what the field wants that one is in, and what is wrong with it. */
  #explain() {
    const field = this.#here && this.fields.includes(this.#here) ? this.#here : null;
    if (field === null) {
      refill(this.words, this.entry.description);
      return;
    }
    const { option, wrong } = field;
    const rules = [option.required ? "" : "optional", rulesOf(option)].filter(Boolean).join("; ");
    const name = h("strong", { class: "hint-name" }, nameOf(option));
    const about = [descriptionOf(option), rules].filter(Boolean).join(" \u00b7 ");
    refill(this.words, name, " ", about, wrong !== null && h("span", { class: "hint-wrong", role: "alert" }, wrong));
    if (field.about) refill(field.about, [descriptionOf(option), rules, wrong].filter(Boolean).join(". "));
  }

  // Keys ------------------------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    const { list } = this.owner;
    const field = this.fields.find((one) => one.node.contains(/** @type {Node} */ (event.target)));
    if (list.owner === event.target && list.take(event)) return;
    if (field) this.#fieldKey(event, field);
    else if (event.target === this.node) this.#ownKey(event);
  }

  /** Keys for a command without open fields. @param {KeyboardEvent} event */
  #ownKey(event) {
    if (event.key === "Enter") this.owner.sends();
    else if (event.key === "Backspace") this.leave(false);
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event @param {Field} field */
  #fieldKey(event, field) {
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    const isButton = event.target instanceof HTMLButtonElement;
    if (event.key === "Enter" && isPlain && !isButton) this.owner.sends();
    else if (
      event.key === "Tab" &&
      isPlain &&
      !field.isEmpty &&
      this.owner.list.owner === field.control &&
      this.owner.list.pick()
    ) {
      if (this.fields.at(-1) === field) return; // the browser goes on from here
    } else if (event.key === "Backspace" && isPlain && field.isEmpty) this.#erase(field);
    else if (event.key === "ArrowLeft" && isPlain && field.isAtStart && this.fields[0] !== field) this.#go(field, -1);
    else if (event.key === "ArrowRight" && isPlain && field.isAtEnd && this.fields.at(-1) !== field) this.#go(field, 1);
    else return;
    event.preventDefault();
  }

  /** Backspace where nothing is. @param {Field} field */
  #erase(field) {
    if (!field.option.required) this.#remove(field);
    else if (field === this.fields[0]) this.leave(false);
    else this.#go(field, -1);
  }

  /** Back to the text box; what was filled in stays as text. @param {boolean} isPlain */
  leave(isPlain) {
    this.owner.list.close();
    this.owner.leaves(
      writeCommand(
        this.entry,
        this.fields.map(({ option, text }) => ({ option, text })),
      ),
      isPlain,
    );
  }

  // Sending ---------------------------------------------------------------------------------------------------------

  /** Read a field. @param {Field} field @returns {{value: any}|{wrong: string}|null} null when it is left out */
  #read(field) {
    if (!field.isEmpty && (field instanceof FileField || field.text !== "")) return field.read();
    return field.option.required ? { wrong: REQUIRED } : null;
  }

  /** @param {Field} except */
  #valuesSoFar(except) {
    /** @type {Record<string, any>} */
    const values = {};
    for (const field of this.fields) {
      const read = field === except || field instanceof FileField ? null : this.#read(field);
      if (read && "value" in read) values[field.option.name] = read.value;
    }
    return values;
  }

  /**
   * Check everything; where something is wrong, say so and go there.
   *
   * @returns {Record<string, any>|null} values by option name, with `File`s still to be sent; null: not yet
   */
  collect() {
    /** @type {Record<string, any>} */
    const values = {};
    /** @type {Field[]} */
    const wrong = [];
    for (const field of this.fields) {
      const read = this.#read(field);
      field.mark(read && "wrong" in read ? read.wrong : null);
      if (field.wrong !== null) wrong.push(field);
      else if (read && "value" in read) values[field.option.name] = read.value;
    }
    if (wrong.length === 0) return values;
    wrong[0].focus();
    this.#focused(wrong[0]);
    return null;
  }
}
