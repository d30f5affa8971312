/**
 * Builds DOM nodes. The only way that anything gets into the page: texts become text nodes, never markup, so that nothing
 * which somebody wrote can run. Imports nothing.
 */

/**
 * Make an element.
 *
 * @param {string} tag
 * @param {Record<string, any>|null} [props]  `class`, attributes, `onclick`-like listeners, `aria` and `data` as objects,
 *   and DOM properties such as `value` and `checked`. null, undefined and false leave an attribute out; true sets it empty.
 * @param {...any} children  nodes, texts, numbers, arrays of these; null, undefined and false are left out
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(node, name, value);
  append(node, children);
  return node;
}

const PROPERTIES = new Set(["value", "checked", "selected", "indeterminate", "muted", "scrollTop", "open"]);

/** @param {HTMLElement} node @param {string} name @param {any} value */
function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "aria") {
    for (const [key, text] of Object.entries(value))
      if (text !== null && text !== undefined) node.setAttribute(`aria-${key}`, String(text));
  } else if (name === "data") Object.assign(node.dataset, value);
  else if (PROPERTIES.has(name)) /** @type {any} */ (node)[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** @param {Element} node @param {any[]} children */
function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Put other children into an element.
 *
 * @param {Element} node
 * @param {...any} children  as in `h`
 */
export function refill(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an icon out of `icons.svg`. It says nothing to a screen reader: what it stands on needs a label.
 *
 * @param {string} name  id of a symbol
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("viewBox", "0 0 24 24");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Make a button that shows an icon and says its label to those who cannot see it.
 *
 * @param {string} name
 * @param {string} label  also the tooltip
 * @param {(event: MouseEvent) => void} onclick
 * @param {Record<string, any>} [props]
 */
export function iconButton(name, label, onclick, props = {}) {
  const { class: extra = "", ...rest } = props;
  return h(
    "button",
    { type: "button", class: `icon-button ${extra}`, title: label, aria: { label }, onclick, ...rest },
    icon(name),
  );
}
