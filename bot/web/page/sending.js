/**
 * Speaks with the bot: fetches the picture, sends the mask. What goes wrong comes back as a sentence.
 */

import { wording } from "./wording.js";

const PATIENCE_MS = 90_000;

/** @param {string} path @param {RequestInit} [options] */
const ask = (path, options) =>
  fetch(path, {
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...options,
  });

/** The sentence in an answer that is none of success; a proxy before the bot may have answered with a page of its own. @param {Response} answer @param {string} otherwise */
async function sentence(answer, otherwise) {
  const isOurs = answer.headers.get("Content-Type")?.startsWith("text/plain");
  const text = isOurs ? (await answer.text()).trim() : "";
  return text || otherwise;
}

/** @returns {Promise<Blob|string>}  the picture, or why there is none */
export async function fetchPicture() {
  try {
    const answer = await ask(`${location.pathname}/picture`);
    return answer.ok ? await answer.blob() : await sentence(answer, wording("noPicture"));
  } catch {
    return wording("noPicture");
  }
}

/**
 * @param {Blob} png
 * @returns {Promise<string|null>}  null if it arrived, otherwise why it did not
 */
export async function sendMask(png) {
  try {
    const answer = await ask(location.pathname, {
      method: "POST",
      headers: { "Content-Type": "image/png" },
      body: png,
    });
    return answer.ok ? null : await sentence(answer, wording("lost"));
  } catch {
    return wording("lost");
  }
}
