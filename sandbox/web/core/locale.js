/**
 * The language that Discord speaks with people, in Discord's words, and what bots are called in it: the browser's, unless
 * another was chosen here, or stands in the address (`?lang=ja`). The page's own words are English. Imports nothing.
 */

const KEPT = "easel.language";
const FIELD = "lang";

/** The languages that the bot speaks, in their own words. */
export const LANGUAGES = [
  ["en-US", "English"],
  ["ja", "日本語"],
  ["zh-CN", "简体中文"],
  ["zh-TW", "繁體中文"],
  ["ko", "한국어"],
  ["de", "Deutsch"],
  ["fr", "Français"],
  ["es-ES", "Español"],
  ["pt-BR", "Português do Brasil"],
];

const KNOWN =
  "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko".split(
    " ",
  );
const ALSO = {
  es: "es-ES",
  en: "en-US",
  pt: "pt-BR",
  sv: "sv-SE",
  zh: "zh-CN",
  nb: "no",
  nn: "no",
  "zh-HK": "zh-TW",
  "zh-Hant": "zh-TW",
};

/** Where a text is missing, Discord takes that of a near language (its documentation, "Locale Fallbacks"). */
const NEAR = { "en-US": "en-GB", "en-GB": "en-US", "es-419": "es-ES" };

/**
 * Return the locale of Discord's that comes nearest to a language.
 *
 * @param {string} language  such as `de-AT`
 * @returns {string|undefined}
 */
function localeOf(language) {
  const short = language.split("-")[0];
  return (
    KNOWN.find((known) => known === language) ??
    /** @type {any} */ (ALSO)[language] ??
    KNOWN.find((known) => known === short) ??
    (language.startsWith("zh-Hant") ? "zh-TW" : /** @type {any} */ (ALSO)[short])
  );
}

/** The browser's, best first. */
export const OWN_LOCALE = navigator.languages.map(localeOf).find((found) => found !== undefined) ?? "en-US";

/** @type {string|null} */
let chosen = localeOf(new URLSearchParams(location.search).get(FIELD) ?? "") ?? localeOf(remembered()) ?? null;

/** The locale that was chosen, or null where the browser's counts. */
export function chosenLocale() {
  return chosen;
}

/** The locale that Discord speaks now. */
export function spokenLocale() {
  return chosen ?? OWN_LOCALE;
}

/** Choose a locale for this browser, or with null its own; what the address said no longer counts. @param {string|null} locale */
export function chooseLocale(locale) {
  chosen = locale;
  try {
    if (locale === null) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, locale);
  } catch {
    // A browser that keeps nothing forgets this as well.
  }
  const address = new URL(location.href);
  if (!address.searchParams.has(FIELD)) return;
  address.searchParams.delete(FIELD);
  history.replaceState(history.state, "", address);
}

function remembered() {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

/** @param {Record<string, string>|null|undefined} texts */
function inSpoken(texts) {
  const locale = spokenLocale();
  return texts?.[locale] ?? texts?.[/** @type {any} */ (NEAR)[locale]];
}

/**
 * Return a command's, an option's or a choice's name in the language that is spoken.
 *
 * @param {{name: string, name_localizations?: Record<string, string>|null}} named
 */
export function nameOf(named) {
  return inSpoken(named.name_localizations) ?? named.name;
}

/**
 * Return its description in that language.
 *
 * @param {{description: string, description_localizations?: Record<string, string>|null}} described
 */
export function descriptionOf(described) {
  return inSpoken(described.description_localizations) ?? described.description;
}
