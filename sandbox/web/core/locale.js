/**
 * The page's language in Discord's words, and what bots say in it. Imports nothing.
 */

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

/**
 * Return the locale of Discord's that comes nearest to the browser's languages.
 *
 * @param {readonly string[]} languages  best first, as in `navigator.languages`
 * @returns {string}
 */
function discordLocale(languages) {
  for (const language of languages) {
    const short = language.split("-")[0];
    const found =
      KNOWN.find((known) => known === language) ??
      /** @type {any} */ (ALSO)[language] ??
      KNOWN.find((known) => known === short) ??
      (language.startsWith("zh-Hant") ? "zh-TW" : /** @type {any} */ (ALSO)[short]);
    if (found !== undefined) return found;
  }
  return "en-US";
}

/** The page's own. */
export const LOCALE = discordLocale(navigator.languages);

/**
 * Return a command's, an option's or a choice's name in the page's language.
 *
 * @param {{name: string, name_localizations?: Record<string, string>|null}} named
 */
export function nameOf(named) {
  return named.name_localizations?.[LOCALE] ?? named.name;
}

/**
 * Return its description in the page's language.
 *
 * @param {{description: string, description_localizations?: Record<string, string>|null}} described
 */
export function descriptionOf(described) {
  return described.description_localizations?.[LOCALE] ?? described.description;
}
