/**
 * The tab "Faults": everything that can go wrong at the API and at Discord, at will. Puts its parts together; built
 * anew when the sandbox tells another catalog.
 */

import { h, icon, refill } from "../core/dom.js";
import { apiFaultGroups } from "./apifaults.js";
import { ask, deedButton } from "./asking.js";
import { copyButton } from "./copy.js";
import { discordFaultGroup } from "./discordfaults.js";
import { discordLine } from "./discordline.js";
import { setShown, setText } from "./patch.js";
import { permissionSwitches } from "./permissions.js";

/** @typedef {import("../core/store.js").Store} Store */

const EXAMPLE = "a fox [[banned]]";
const INTRODUCTION = "Switch on what should go wrong, then use the bot in the chat and watch how it copes.";

/** How many faults are on, the API's and Discord's. @param {Store} store @returns {number} */
export function activeFaults(store) {
  return [...store.panel.faults, ...store.panel.discord_faults].filter((fault) => fault.left !== 0).length;
}

export class FaultsTab {
  #store;
  /** @type {any} the catalog that the parts are of */
  #catalog = null;
  #built = "";
  /** @type {import("./faultgroup.js").FaultGroup[]} */
  #groups = [];
  /** @type {{node: HTMLElement, draw: () => void}|null} */
  #permissions = null;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    this.count = h("p", { class: "faults-count", role: "status" });
    this.allOff = deedButton("All off", "close", () => this.#calm());
    this.search = /** @type {HTMLInputElement} */ (
      h("input", { type: "search", placeholder: "Find a fault", aria: { label: "Find a fault" } })
    );
    this.search.addEventListener("input", () => this.#find());
    this.none = h("p", { class: "panel-empty", hidden: true }, "No fault is called that.");
    this.found = h("div", { class: "folds" });
    this.others = h("div", { class: "folds" });
    const search = h("label", { class: "faults-search" }, icon("search"), this.search);
    const top = h("div", { class: "faults-top" }, search, this.allOff);
    const text = h("p", { class: "panel-text" }, INTRODUCTION);
    const parts = [text, top, this.count, markerHint(), this.found, this.none, this.others];
    this.node = h("div", { class: "panel-page" }, parts);
  }

  #calm() {
    return Promise.all([ask(this.#store, "fault_off", { name: null }), ask(this.#store, "discord_calm")]);
  }

  draw() {
    this.#build();
    for (const part of this.#groups) part.draw();
    this.#permissions?.draw();
    const on = activeFaults(this.#store);
    const some = on === 1 ? "1 fault is on." : `${on} faults are on.`;
    setText(this.count, on === 0 ? "Everything works as it should." : some);
    if (on === 0 && this.allOff === document.activeElement) this.search.focus({ preventScroll: true });
    setShown(this.allOff, on > 0);
  }

  /** The line may come back with the same catalog: then nothing that was chosen here is lost. */
  #build() {
    if (this.#catalog === this.#store.catalog) return;
    this.#catalog = this.#store.catalog;
    const looks = JSON.stringify(this.#catalog);
    if (looks === this.#built) return;
    this.#built = looks;
    this.#groups = [...apiFaultGroups(this.#store), discordFaultGroup(this.#store)];
    this.#permissions = permissionSwitches(this.#store);
    refill(
      this.found,
      this.#groups.map((group) => group.node),
    );
    refill(this.others, this.#permissions.node, discordLine(this.#store));
    this.#find();
  }

  #find() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const count = this.#groups.reduce((sum, group) => sum + group.find(words), 0);
    setShown(this.none, count === 0 && words.length > 0);
    setShown(this.others, words.length === 0);
  }
}

function markerHint() {
  const copy = copyButton("Copy the example", () => EXAMPLE);
  const line = h("div", { class: "hint-line" }, h("code", null, EXAMPLE), copy);
  return h("div", { class: "hint" }, h("p", null, "For a single job, write the fault into its prompt:"), line);
}
