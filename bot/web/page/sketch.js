/**
 * The thin lines over everything: the ring of the brush, the outline of a lasso or a rectangle as long as it is drawn.
 * Imports nothing.
 */

export class Sketch {
  /** How many of the picture's pixels make one of the screen's. */
  scale = 1;
  /** @type {HTMLCanvasElement} */
  #canvas;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  clear() {
    this.#canvas.getContext("2d")?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** @param {import("./paint.js").Point} center @param {number} width */
  ring(center, width) {
    this.#outline((to) => to.arc(center.x, center.y, width / 2, 0, 2 * Math.PI));
  }

  /** @param {import("./paint.js").Step} step */
  show({ kind, size, points }) {
    const [from, until] = [points[0], points[points.length - 1]];
    if (kind === "rectangle")
      this.#outline((to) => to.rect(from.x, from.y, until.x - from.x, until.y - from.y));
    else if (kind === "lasso")
      this.#outline((to) => {
        for (const { x, y } of points) to.lineTo(x, y);
        to.closePath();
      });
    else this.ring(until, size);
  }

  /** Draw a line that is seen on light and on dark ground. @param {(to: CanvasRenderingContext2D) => void} trace */
  #outline(trace) {
    const to = this.#canvas.getContext("2d");
    if (to === null) return;
    this.clear();
    to.beginPath();
    trace(to);
    for (const [color, width] of /** @type {[string, number][]} */ ([
      ["#000000", 3],
      ["#ffffff", 1.5],
    ])) {
      to.strokeStyle = color;
      to.lineWidth = width * this.scale;
      to.stroke();
    }
  }
}
