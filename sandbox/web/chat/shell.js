/**
 * The page's frame: what stands where, and who is told of what. Everything in it draws itself.
 */

import { mountComposer } from "../commands/composer.js";
import { openMessageMenu, openPersonMenu } from "../commands/menu.js";
import { mountModals } from "../commands/modal.js";
import { h, refill } from "../core/dom.js";
import { mountPanel } from "../panel/panel.js";
import { mountAddress } from "./address.js";
import { mountChannels } from "./channels.js";
import { Drawers } from "./drawers.js";
import { mountHeader } from "./header.js";
import { mountLanguage } from "./language.js";
import { MessageList } from "./messagelist.js";
import { mountSwitcher } from "./people.js";
import { mountRail } from "./rail.js";
import { mountShortcuts } from "./shortcuts.js";
import { mountBotLine, mountLinkBar } from "./status.js";
import { mountTitle } from "./title.js";
import { mountToasts } from "./toasts.js";
import { mountTyping } from "./typing.js";

/** @typedef {import("../core/store.js").Store} Store */

/**
 * Build the page around a store.
 *
 * @param {Store} store
 */
export function mountShell(store) {
  const frame = /** @type {HTMLElement} */ (document.getElementById("app"));
  const places = buildPlaces();
  const chat = buildChat();
  const panel = h("aside", { class: "panel", id: "panel", aria: { label: "Behind the scenes" } });
  const scrim = h("div", { class: "shell-scrim" });
  const skip = h("a", { class: "skip-link", href: "#messages", onclick: skipTo("messages") }, "Skip to the messages");
  document.body.prepend(skip);
  refill(frame, places.node, chat.node, scrim, panel);
  frame.classList.remove("is-starting");

  const drawers = new Drawers(frame, { places: places.node, panel, scrim });
  mountToasts(store);
  mountRail(store, places.rail);
  mountChannels(store, places.channels);
  mountLanguage(store, places.language);
  mountHeader(store, chat.header, drawers);
  mountLinkBar(store, chat.bar);
  mountModals(store);

  const composer = mountComposer(store, chat.composer);
  const actions = messageActions(store, composer);
  const list = new MessageList(store, chat.log, { actions });
  mountTyping(store, chat.typing);
  mountBotLine(store, chat.bot, () => drawers.open("panel"));
  mountPanel(store, panel, { onclose: () => drawers.close("panel") });
  const shortcuts = mountShortcuts(store, { list, composer, drawers });
  mountSwitcher(store, places.me, shortcuts.help);
  mountAddress(store);
  mountTitle(store);

  store.on("place jump", () => drawers.closeOver());
  document.addEventListener("visibilitychange", () => store.look(!document.hidden));
  store.look(!document.hidden);
}

/** Go to a part without changing the address, which has its own use here. @param {string} id */
function skipTo(id) {
  return (/** @type {Event} */ event) => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
}

/** The left side: servers, channels, what language is spoken there, and who one is. */
function buildPlaces() {
  const rail = h("nav", { class: "rail", aria: { label: "Servers" } });
  const channels = h("div", { class: "channels" });
  const language = h("div", { class: "language" });
  const me = h("div", { class: "me" });
  const node = h("div", { class: "places", id: "places" }, rail, h("div", { class: "side" }, channels, language, me));
  return { node, rail, channels, language, me };
}

/** The middle: what is written here. */
function buildChat() {
  const header = h("header", { class: "chat-header" });
  const bar = h("div", { class: "link-bar", role: "status" });
  const log = h("div", { class: "log-area" });
  const typing = h("div", { class: "typing" });
  const bot = h("div", { class: "bot-line", role: "status" });
  const composer = h("div", { class: "composer-host" });
  const foot = h("div", { class: "chat-foot" }, bot, composer, typing);
  return {
    node: h("main", { class: "chat", id: "chat" }, header, bar, log, foot),
    header,
    bar,
    log,
    typing,
    bot,
    composer,
  };
}

/**
 * What can be done with a message and with people, as the messages need it.
 *
 * Messages that were redrawn in place keep some listeners of their older selves, so the message is looked up anew.
 *
 * @param {Store} store
 * @param {ReturnType<typeof mountComposer>} composer
 */
function messageActions(store, composer) {
  /** @typedef {import("../core/types.js").Message} Message */
  /** @param {Message} message */
  const current = (message) => store.message(message.id) ?? message;
  /** @param {Message} message */
  const reply = (message) => composer.replyTo(current(message));
  return {
    reply,
    /** @param {Message} message @param {Element|{x: number, y: number}} anchor */
    menu: (message, anchor) => openMessageMenu(store, current(message), anchor, { reply }),
    /** @param {import("../core/types.js").Person} person @param {Element|{x: number, y: number}} anchor */
    personMenu: (person, anchor) => openPersonMenu(store, person, anchor),
  };
}
