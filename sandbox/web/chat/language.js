/**
 * Which language Discord speaks with everybody: the browser's, or another one that is chosen here, to see what the bot
 * says in it. The page itself stays English.
 */

import { h, refill } from "../core/dom.js";
import { chosenLocale, LANGUAGES, OWN_LOCALE } from "../core/locale.js";

const ID = "language";

/** @param {import("../core/store.js").Store} store @param {HTMLElement} host */
export function mountLanguage(store, host) {
  const chosen = chosenLocale();
  const isListed = chosen === null || LANGUAGES.some(([locale]) => locale === chosen);
  const others = isListed ? LANGUAGES : [...LANGUAGES, [chosen, ownNameOf(chosen)]];
  const options = others.map(([value, name]) =>
    h("option", { value, lang: value, selected: value === chosen || null }, name),
  );
  const own = h("option", { value: "", selected: chosen === null || null }, `The browser’s (${ownNameOf(OWN_LOCALE)})`);
  const select = /** @type {HTMLSelectElement} */ (
    h("select", { id: ID, onchange: () => void store.speak(select.value || null) }, own, options)
  );
  refill(host, h("label", { for: ID }, "Discord’s language"), select);
}

/** What those who speak it call it. @param {string} locale */
function ownNameOf(locale) {
  const listed = LANGUAGES.find(([one]) => one === locale);
  return listed?.[1] ?? new Intl.DisplayNames([locale], { type: "language" }).of(locale) ?? locale;
}
