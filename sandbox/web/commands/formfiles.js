/**
 * Files in a form that a bot opened: picked, pasted or dropped.
 */

import { h, icon, refill } from "../core/dom.js";
import { fileChip, filesOf, pickFiles, takeDrops } from "./files.js";

/**
 * Make a place for files.
 *
 * @param {{id: string, label: string, describedBy: string, most: number, onchange: () => void}} options
 * @returns {{node: HTMLElement, files: () => File[], focus: () => void}}
 */
export function formFiles({ id, label, describedBy, most, onchange }) {
  /** @type {File[]} */
  let files = [];
  const chips = h("ul", { class: "file-chips", aria: { label: `Files for ${label}` } });
  const pick = async () => take(await pickFiles({ many: most > 1 }));
  const words = most === 1 ? "Choose a file" : `Choose up to ${most} files`;
  const button = h(
    "button",
    {
      id,
      type: "button",
      class: "button form-pick",
      onclick: pick,
      aria: { label: `${label}: ${words.toLowerCase()}`, describedby: describedBy },
    },
    icon("file"),
    words,
  );
  const node = h(
    "div",
    { class: "form-files" },
    chips,
    h("div", { class: "form-files-line" }, button, h("span", { class: "form-files-note" }, "or drop or paste here")),
  );

  const draw = () => {
    refill(
      chips,
      files.map((file) =>
        fileChip(file, () => {
          files = files.filter((one) => one !== file);
          draw();
          button.focus();
        }),
      ),
    );
    chips.hidden = files.length === 0;
    onchange();
  };
  /** @param {File[]} more  one that takes the place of the only one, or some in addition */
  const take = (more) => {
    if (more.length === 0) return;
    files = most === 1 ? more.slice(-1) : [...files, ...more].slice(0, most);
    draw();
  };
  takeDrops(node, take);
  node.addEventListener("paste", (event) => {
    const pasted = filesOf(/** @type {ClipboardEvent} */ (event).clipboardData);
    if (pasted.length > 0) event.preventDefault();
    take(pasted);
  });
  chips.hidden = true;
  return { node, files: () => files, focus: () => button.focus() };
}
