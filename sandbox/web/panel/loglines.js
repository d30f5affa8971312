/**
 * Reads the lines that the bot logs: when, how grave, who, what. Pure; imports nothing.
 */

/** @typedef {{time: string, level: string, source: string, text: string, raw: string}} LogLine */

const ENTRY = /^\S*T(\d\d:\d\d:\d\d)\S*\s+([A-Z]+)\s+(\S+)\s?(.*)$/su;
const GRAVE = new Set(["WARNING", "ERROR", "CRITICAL"]);

/**
 * Read a line. One that begins no entry, as of a traceback, belongs to the entry before it.
 *
 * @param {string} raw
 * @param {string} levelBefore
 * @returns {LogLine}
 */
export function readLine(raw, levelBefore) {
  const found = ENTRY.exec(raw);
  if (found === null) return { time: "", level: levelBefore, source: "", text: raw, raw };
  const [, time, level, source, text] = found;
  return { time, level, source, text, raw };
}

/** @param {string} level */
export function isProblem(level) {
  return GRAVE.has(level);
}
