/**
 * Files on their way from a person to the sandbox: picked, pasted or dropped, shown as chips, sent. Knows no messages
 * and no commands.
 */

import { h, icon, iconButton } from "../core/dom.js";
import { fileSize } from "../core/size.js";
import { Refused } from "../core/live.js";

/** How many go with one message. */
export const MOST_FILES = 10;

/**
 * Send a file to the sandbox.
 *
 * @param {File} file
 * @returns {Promise<string>} its file_id; rejected with `Refused` and a sentence
 */
export async function upload(file) {
  let response;
  try {
    response = await fetch(`/files?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
  } catch {
    throw new Refused(`“${file.name}” did not get through: the sandbox is not there right now.`);
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok && typeof answer.file_id === "string") return answer.file_id;
  throw new Refused(answer.refused ?? `“${file.name}” was not accepted (${response.status}).`);
}

/**
 * Let the person pick files.
 *
 * @param {{many?: boolean}} [options]
 * @returns {Promise<File[]>} none when they changed their mind
 */
export function pickFiles({ many = false } = {}) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "file", multiple: many, class: "sr-only", hidden: true, aria: { hidden: "true" } })
  );
  document.body.append(input);
  return new Promise((resolve) => {
    const done = () => {
      resolve([...(input.files ?? [])]);
      input.remove();
    };
    input.addEventListener("change", done, { once: true });
    input.addEventListener("cancel", done, { once: true });
    input.click();
  });
}

/**
 * Return the files in what was pasted or dropped.
 *
 * @param {DataTransfer|null} transfer
 * @returns {File[]}
 */
export function filesOf(transfer) {
  return [...(transfer?.files ?? [])].map(named);
}

/** Pictures out of the clipboard often have no name that says what they are. @param {File} file */
function named(file) {
  if (file.name !== "") return file;
  const kind = file.type.split("/")[1] ?? "bin";
  return new File([file], `pasted.${kind}`, { type: file.type });
}

/**
 * Show a file that is about to be sent.
 *
 * @param {File} file
 * @param {() => void} onremove
 */
export function fileChip(file, onremove) {
  const remove = iconButton("close", `Remove ${file.name}`, onremove, { class: "file-chip-remove" });
  const name = h("span", { class: "file-chip-name", title: file.name }, file.name);
  const size = h("span", { class: "file-chip-size" }, fileSize(file.size));
  return h("li", { class: "file-chip" }, preview(file), h("span", { class: "file-chip-text" }, name, size), remove);
}

/** @param {File} file */
function preview(file) {
  if (!file.type.startsWith("image/")) return h("span", { class: "file-chip-preview" }, icon("file"));
  const url = URL.createObjectURL(file);
  const free = () => URL.revokeObjectURL(url);
  const broken = () => {
    free();
    image.replaceWith(h("span", { class: "file-chip-preview" }, icon("file")));
  };
  const image = h("img", { class: "file-chip-preview", src: url, alt: "", onload: free, onerror: broken });
  return image;
}

/**
 * Make a place take files that are dropped on it. An inner place takes them before an outer one.
 *
 * @param {Element} place  gets the class `takes-drop` while a file hovers over it
 * @param {(files: File[]) => void} ondrop
 * @param {Element} [marked]  gets the class instead
 */
export function takeDrops(place, ondrop, marked = place) {
  let depth = 0;
  const mark = (/** @type {number} */ by) => {
    depth = Math.max(0, depth + by);
    marked.classList.toggle("takes-drop", depth > 0);
  };
  place.addEventListener("dragenter", (event) => isFiles(event) && mark(1));
  place.addEventListener("dragleave", (event) => isFiles(event) && mark(-1));
  place.addEventListener("dragover", (event) => {
    if (isFiles(event)) event.preventDefault();
  });
  place.addEventListener("drop", (event) => {
    const isTaken = event.defaultPrevented;
    mark(-depth);
    const files = filesOf(/** @type {DragEvent} */ (event).dataTransfer);
    if (isTaken || files.length === 0) return;
    event.preventDefault();
    ondrop(files);
  });
}

/** @param {Event} event */
function isFiles(event) {
  return /** @type {DragEvent} */ (event).dataTransfer?.types.includes("Files") ?? false;
}
