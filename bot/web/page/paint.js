/**
 * Puts steps onto the mask's canvas, where what is drawn is what will be repainted. Drawn piece by piece or all at once,
 * a step comes out the same. Imports nothing.
 *
 * @typedef {{x: number, y: number}} Point  in the picture's pixels
 * @typedef {{kind: string, size: number, points: Point[]}} Step  `kind` is a tool, `clear` or `invert`; `size` is how
 *   wide a stroke is, in the picture's pixels
 */

const COLOR = "#ff2d95";
const STRIPE = "#8f0050";
const STRIPE_EVERY = 24;
const STRIPE_WIDTH = 5;

/** Color and stripes, so that nothing is told by color alone. @type {WeakMap<CanvasRenderingContext2D, CanvasPattern>} */
const inks = new WeakMap();

/** @param {CanvasRenderingContext2D} to @returns {CanvasPattern|string} */
function inkOf(to) {
  const known = inks.get(to);
  if (known !== undefined) return known;
  const tile = document.createElement("canvas");
  tile.width = tile.height = STRIPE_EVERY;
  const pen = tile.getContext("2d");
  if (pen === null) return COLOR;
  pen.fillStyle = COLOR;
  pen.fillRect(0, 0, STRIPE_EVERY, STRIPE_EVERY);
  pen.strokeStyle = STRIPE;
  pen.lineWidth = STRIPE_WIDTH;
  for (const shift of [-STRIPE_EVERY, 0, STRIPE_EVERY]) {
    pen.beginPath();
    pen.moveTo(shift - STRIPE_WIDTH, STRIPE_EVERY + STRIPE_WIDTH);
    pen.lineTo(shift + STRIPE_EVERY + STRIPE_WIDTH, -STRIPE_WIDTH);
    pen.stroke();
  }
  const ink = to.createPattern(tile, "repeat");
  if (ink === null) return COLOR;
  inks.set(to, ink);
  return ink;
}

/** What a step that appears only when it ends does to the canvas. @type {Record<string, (to: CanvasRenderingContext2D, step: Step) => void>} */
const SHAPES = {
  lasso(to, { points }) {
    to.beginPath();
    for (const { x, y } of points) to.lineTo(x, y);
    to.fill();
  },
  rectangle(to, { points }) {
    const [from, until] = [points[0], points[points.length - 1]];
    to.fillRect(from.x, from.y, until.x - from.x, until.y - from.y);
  },
  clear(to) {
    to.clearRect(0, 0, to.canvas.width, to.canvas.height);
  },
  invert(to) {
    to.globalCompositeOperation = "source-out";
    to.fillRect(0, 0, to.canvas.width, to.canvas.height);
  },
};

/** How many points a step needs before it covers anything. @type {Record<string, number>} */
const LEAST_POINTS = { lasso: 3, rectangle: 2 };

/** Whether there is anything to be seen of a step. @param {Step} step */
export const leavesMark = ({ kind, points }) => points.length >= (LEAST_POINTS[kind] ?? 0);

/**
 * Paint a stroke from one of its points on. Steps that have no stroke appear only when they have ended.
 *
 * @param {CanvasRenderingContext2D} to
 * @param {Step} step
 * @param {number} [from]  index of the point
 */
export function paint(to, step, from = 0) {
  if (step.kind !== "brush" && step.kind !== "eraser") return;
  to.globalCompositeOperation = step.kind === "eraser" ? "destination-out" : "source-over";
  to.strokeStyle = to.fillStyle = inkOf(to);
  to.lineWidth = step.size;
  to.lineCap = "round";
  const { points } = step;
  if (from === 0) dot(to, points[0], step.size);
  for (let at = from + 1; at < points.length; at += 1) {
    to.beginPath();
    to.moveTo(points[at - 1].x, points[at - 1].y);
    to.lineTo(points[at].x, points[at].y);
    to.stroke();
  }
}

/** Lines without length are not drawn. @param {CanvasRenderingContext2D} to @param {Point} center @param {number} width */
function dot(to, { x, y }, width) {
  to.beginPath();
  to.arc(x, y, width / 2, 0, 2 * Math.PI);
  to.fill();
}

/**
 * Paint everything anew.
 *
 * @param {CanvasRenderingContext2D} to
 * @param {Step[]} steps  oldest first
 */
export function paintAll(to, steps) {
  to.globalCompositeOperation = "source-over";
  SHAPES.clear(to, { kind: "clear", size: 0, points: [] });
  const start = steps.findLastIndex((step) => step.kind === "clear") + 1;
  for (const step of steps.slice(start)) {
    paint(to, step);
    to.globalCompositeOperation = "source-over";
    to.fillStyle = inkOf(to);
    SHAPES[step.kind]?.(to, step);
  }
}
