/**
 * Changes what is already on the page, and only where it differs, so that nothing flickers and the focus stays.
 * Knows nothing of the store.
 */

/** @param {Element} node @param {string|number} text @returns {boolean} whether it was another */
export function setText(node, text) {
  const wanted = String(text);
  if (node.textContent === wanted) return false;
  node.textContent = wanted;
  return true;
}

/** @param {Element} node @param {string} name @param {string|number|boolean|null} value  null and false take it away */
export function setAttr(node, name, value) {
  const wanted = value === null || value === false ? null : value === true ? "" : String(value);
  if (node.getAttribute(name) === wanted) return;
  if (wanted === null) node.removeAttribute(name);
  else node.setAttribute(name, wanted);
}

/** @param {HTMLElement} node @param {boolean} isShown */
export function setShown(node, isShown) {
  if (node.hidden === isShown) node.hidden = !isShown;
}

/**
 * Let a list have one node for each thing, in their order. A node is made once and stays; of those that stay, none is
 * taken out and put back as long as the order among them is the same.
 *
 * @template T
 * @template {{node: HTMLElement}} R
 * @param {Element} list
 * @param {Map<string, R>} rows  what is there, by key; changed here
 * @param {T[]} things
 * @param {(thing: T) => string} keyOf
 * @param {(thing: T) => R} make
 * @param {(row: R, thing: T) => void} draw
 */
export function keepRows(list, rows, things, keyOf, make, draw) {
  const wanted = new Set(things.map(keyOf));
  for (const [key, row] of rows) {
    if (wanted.has(key)) continue;
    row.node.remove();
    rows.delete(key);
  }
  let next = list.firstElementChild;
  for (const thing of things) {
    const key = keyOf(thing);
    const row = rows.get(key) ?? make(thing);
    rows.set(key, row);
    draw(row, thing);
    if (row.node === next) next = next.nextElementSibling;
    else list.insertBefore(row.node, next);
  }
}
