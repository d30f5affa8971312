/**
 * What is said on the page, in the language that it came in. Imports nothing.
 */

/** @param {"ready"|"nothing"|"sending"|"done"|"unreadable"|"lost"|"noPicture"} name @returns {string} */
export const wording = (name) => document.getElementById("status")?.dataset[name] ?? "";
