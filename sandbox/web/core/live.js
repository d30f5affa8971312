/**
 * The line to the sandbox: one WebSocket that asks, is told, and comes back by itself. Knows nothing of what is said.
 */

/** What the sandbox refuses, as one sentence for the person. */
export class Refused extends Error {}

/** The line is down; nothing was sent, or its answer got lost. */
export class Offline extends Error {}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4000;

/**
 * Events: `up` (a line is there, say hello anew), `down`, and `told` with what was pushed as its detail.
 */
export class Live extends EventTarget {
  /** @type {WebSocket|null} */
  #socket = null;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #asked = new Map();
  #number = 0;
  #waitMs = FIRST_WAIT_MS;
  #isUp = false;

  get isUp() {
    return this.#isUp;
  }

  /** Connect, and go on connecting for as long as the page lives. */
  open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/live`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#isUp = true;
      this.#waitMs = FIRST_WAIT_MS;
      this.dispatchEvent(new Event("up"));
    });
    socket.addEventListener("message", (event) => this.#read(JSON.parse(event.data)));
    socket.addEventListener("close", () => this.#lost());
  }

  /**
   * Ask for something.
   *
   * @param {string} verb
   * @param {Record<string, any>} [fields]
   * @returns {Promise<any>} rejected with `Refused` or `Offline`
   */
  ask(verb, fields = {}) {
    if (!this.#isUp || this.#socket === null) return Promise.reject(new Offline("The sandbox is not there right now."));
    const number = ++this.#number;
    this.#socket.send(JSON.stringify({ ask: number, verb, ...fields }));
    return new Promise((resolve, reject) => this.#asked.set(number, { resolve, reject }));
  }

  /** @param {any} told */
  #read(told) {
    if (told.answer === undefined) {
      this.dispatchEvent(new CustomEvent("told", { detail: told }));
      return;
    }
    const waiting = this.#asked.get(told.answer);
    this.#asked.delete(told.answer);
    if (told.refused === undefined) waiting?.resolve(told.ok);
    else waiting?.reject(new Refused(told.refused));
  }

  #lost() {
    const wasUp = this.#isUp;
    this.#isUp = false;
    for (const { reject } of this.#asked.values()) reject(new Offline("The sandbox went away before it answered."));
    this.#asked.clear();
    if (wasUp) this.dispatchEvent(new Event("down"));
    setTimeout(() => this.open(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
  }
}
