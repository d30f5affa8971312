/**
 * A form that a bot opened, as a dialog: draws it, checks it where it stands, and keeps what was typed until it was
 * really taken. Does not know who may see it when; sends through the store.
 */

import { h, refill } from "../core/dom.js";
import { markdown } from "../message/markdown.js";
import { confirmFirst } from "./confirm.js";
import { upload } from "./files.js";
import { TEXT_INPUT } from "./formfields.js";
import { FormPart } from "./formpart.js";

const ROW = 1;
const TEXT_DISPLAY = 10;
const LABEL = 18;
const PARAGRAPH = 2;
const WORTH_ASKING = 20;

let number = 0;

export class FormView {
  #id = `form-${++number}`;
  /** @type {FormPart[]} */
  #parts = [];
  #isBusy = false;
  /** Whether it was put away on purpose. */
  #isAway = false;

  /**
   * @param {import("../core/store.js").Store} store
   * @param {import("../core/types.js").Pending} pending  what opened it
   * @param {import("../core/types.js").Modal} modal
   * @param {() => void} onend  it is done with
   */
  constructor(store, pending, modal, onend) {
    this.store = store;
    this.opener = /** @type {string} */ (pending.id);
    this.personId = pending.personId;
    this.channelId = pending.channelId;
    this.modal = modal;
    this.onend = onend;
    this.dialog = /** @type {HTMLDialogElement} */ (
      h("dialog", { class: "dialog form-dialog", aria: { labelledby: this.#id } }, this.#build())
    );
    this.#watch();
  }

  #build() {
    const { modal, store } = this;
    const body = modal.components.map((component) => this.#component(component));
    this.trouble = h("p", { class: "dialog-trouble", role: "alert" });
    this.submitter = /** @type {HTMLButtonElement} */ (
      h("button", { type: "submit", class: "button primary" }, "Submit")
    );
    const cancel = h("button", { type: "button", class: "button", onclick: () => void this.leave() }, "Cancel");
    return h(
      "form",
      { class: "dialog-form", novalidate: true, onsubmit: (/** @type {Event} */ event) => this.#submitted(event) },
      h(
        "div",
        { class: "dialog-head" },
        h("h2", { id: this.#id, class: "dialog-title" }, modal.title),
        h("p", { class: "dialog-note" }, `What you enter goes to ${store.world.bot.display_name}.`),
      ),
      h("div", { class: "dialog-body" }, body),
      this.trouble,
      h("div", { class: "dialog-buttons" }, cancel, this.submitter),
    );
  }

  #watch() {
    this.dialog.addEventListener("cancel", (event) => {
      if (event.target !== this.dialog) return;
      event.preventDefault();
      void this.leave();
    });
    // A browser may close a dialog without asking, when one goes back twice.
    this.dialog.addEventListener("close", () => !this.#isAway && this.end());
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
  }

  // Drawing ---------------------------------------------------------------------------------------------------------

  /** @param {any} component @returns {any} */
  #component(component) {
    switch (component.type) {
      case ROW:
        return component.components.map((/** @type {any} */ child) =>
          this.#field(child, child.label ?? child.placeholder ?? "", null),
        );
      case LABEL:
        return this.#field(component.component, component.label, component.description ?? null);
      case TEXT_DISPLAY:
        return h("div", { class: "form-words" }, markdown(this.store, component.content));
      default:
        return null;
    }
  }

  /** @param {any} component @param {string} label @param {string|null} about */
  #field(component, label, about) {
    const { store, channelId } = this;
    const part = FormPart.of(component, { store, channelId, id: `${this.#id}-${this.#parts.length}`, label, about });
    if (part === null) return h("p", { class: "form-words" }, "This field cannot be shown here.");
    this.#parts.push(part);
    const isLine = component.type === TEXT_INPUT && component.style !== PARAGRAPH;
    if (isLine) part.node.addEventListener("keydown", (event) => this.#enter(event));
    return part.node;
  }

  /**
   * Enter in a line of text goes on to the next field: a form with several should not be sent by accident.
   *
   * @param {KeyboardEvent} event
   */
  #enter(event) {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || this.#parts.length === 1)
      return;
    const at = this.#parts.findIndex(({ node }) => node.contains(/** @type {Node} */ (event.target)));
    const next = this.#parts[at + 1];
    event.preventDefault();
    if (next) next.field.focus();
    else this.submitter?.focus();
  }

  // Coming and going ------------------------------------------------------------------------------------------------

  show() {
    if (!this.dialog.isConnected) document.body.append(this.dialog);
    if (this.dialog.open) return;
    this.#isAway = false;
    this.dialog.showModal();
    (this.#parts[0]?.field ?? this.submitter)?.focus();
  }

  /** Put away with everything in it; `show` brings it back. */
  hide() {
    this.#isAway = true;
    this.dialog.close();
  }

  end() {
    this.hide();
    this.dialog.remove();
    this.onend();
  }

  /** Close without sending, but not without asking when much was typed. */
  async leave() {
    const typed = this.#parts.reduce((sum, { field }) => sum + field.typed(), 0);
    const words = {
      title: "Discard what you typed?",
      text: "The form closes and nothing is sent.",
      yes: "Discard",
      no: "Go on typing",
    };
    if (typed <= WORTH_ASKING || (await confirmFirst(words))) this.end();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      void this.leave();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.submit();
    }
  }

  // Sending ---------------------------------------------------------------------------------------------------------

  /** @param {Event} event */
  #submitted(event) {
    event.preventDefault();
    void this.submit();
  }

  async submit() {
    if (this.#isBusy) return;
    const wrong = this.#parts.filter((part) => !part.check());
    this.#say("");
    if (wrong.length > 0) {
      wrong[0].field.focus();
      wrong[0].node.scrollIntoView({ block: "nearest" });
      return;
    }
    this.#setBusy(true);
    try {
      const fields = {
        person_id: this.personId,
        channel_id: this.channelId,
        interaction_id: this.opener,
        values: await this.#values(),
      };
      await this.store.interact("modal", fields, this.modal.title);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  async #values() {
    return Object.fromEntries(await Promise.all(this.#parts.map(valueOf)));
  }

  /**
   * The bot, or the sandbox, has done with what was submitted.
   *
   * @param {import("../core/types.js").Pending} pending
   * @param {string|null} failed
   */
  settled(pending, failed) {
    if (failed === null) this.end();
    else this.#fail(pending.id === null ? failed : "Something went wrong. Try again.");
  }

  /** @param {string} text */
  #fail(text) {
    this.#setBusy(false);
    this.#say(text);
  }

  /** @param {string} text */
  #say(text) {
    refill(/** @type {HTMLElement} */ (this.trouble), text);
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#isBusy = isBusy;
    const submitter = /** @type {HTMLButtonElement} */ (this.submitter);
    submitter.setAttribute("aria-disabled", String(isBusy));
    submitter.setAttribute("aria-busy", String(isBusy));
    submitter.classList.toggle("is-busy", isBusy);
  }
}

/** Read a field; files are sent now. @param {FormPart} part @returns {Promise<[string, any]>} */
async function valueOf({ field }) {
  const value = field.read();
  const isFiles = Array.isArray(value) && value.some((one) => one instanceof File);
  return [field.customId, isFiles ? await Promise.all(value.map(upload)) : value];
}
