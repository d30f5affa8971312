/**
 * Going from message to message with the arrows. Knows nothing of messages but that each is an article.
 */

/**
 * @param {HTMLElement} log  what has the focus before one is chosen
 * @param {HTMLElement} rows
 */
export function walkMessages(log, rows) {
  log.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const current = target.closest("article");
    if (event.altKey || event.ctrlKey || event.metaKey || (target !== log && target !== current)) return;
    const articles = /** @type {HTMLElement[]} */ ([...rows.querySelectorAll("article")]);
    const at = current === null ? articles.length : articles.indexOf(/** @type {HTMLElement} */ (current));
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: articles.length - 1 }[event.key];
    if (to === undefined || articles.length === 0) return;
    event.preventDefault();
    const next = articles[Math.max(0, Math.min(articles.length - 1, to))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  });
}
