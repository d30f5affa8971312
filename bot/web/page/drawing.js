/**
 * The drawing page: somebody draws over a picture what is to be repainted, and sends that as a mask of exactly the
 * picture's pixels. Joins the parts; each of them knows nothing of the others.
 */

import { History } from "./history.js";
import { toMask } from "./mask.js";
import { leavesMark, paint, paintAll } from "./paint.js";
import { follow } from "./pointer.js";
import { fetchPicture, sendMask } from "./sending.js";
import { Sketch } from "./sketch.js";
import { wording } from "./wording.js";

/** @param {string} id @returns {any} */
const find = (id) => document.getElementById(id);

const stage = find("stage");
const sheet = find("sheet");
const controls = find("controls");
const size = find("size");
const mask = find("mask");
const ink = mask.getContext("2d", { willReadFrequently: true });
const history = new History();
const sketch = new Sketch(find("sketch"));

/** @param {string} text @param {""|"is-wrong"|"is-right"} [look] */
function say(text, look = "") {
  const status = find("status");
  status.textContent = text;
  status.className = `status ${look}`;
}

const tool = () => String(new FormData(find("tools")).get("tool"));

/** How wide a stroke is, in the picture's pixels. */
const width = () => Math.max(1, (Number(size.value) / 100) * Math.min(mask.width, mask.height));

/** Show the picture as large as the stage lets it be. */
function fit() {
  const room = stage.getBoundingClientRect();
  const scale = Math.min((room.width - 16) / mask.width, (room.height - 16) / mask.height);
  sheet.style.width = `${Math.max(1, mask.width * scale)}px`;
  sheet.style.height = `${Math.max(1, mask.height * scale)}px`;
  sketch.scale = 1 / scale;
}

function refresh() {
  find("undo").disabled = !history.canUndo;
  find("redo").disabled = !history.canRedo;
}

function repaint() {
  paintAll(ink, history.steps);
  refresh();
}

/** @param {import("./paint.js").Step} step */
function add(step) {
  history.add(step);
  repaint();
}

/** @param {"undo"|"redo"} way */
function turn(way) {
  history[way]();
  repaint();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (controls.disabled || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  const way = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
  if (way === null) return;
  event.preventDefault();
  turn(way);
}

/** @param {SubmitEvent} event */
async function onSend(event) {
  event.preventDefault();
  const png = await toMask(mask);
  if (png === null) {
    say(wording("nothing"), "is-wrong");
    return;
  }
  close();
  say(wording("sending"));
  const refusal = await sendMask(png);
  if (refusal !== null) {
    open();
    say(refusal, "is-wrong");
    return;
  }
  history.keep();
  find("tools").hidden = true;
  say(wording("done"), "is-right");
}

/** @param {BeforeUnloadEvent} event */
function onLeave(event) {
  if (history.isKept) return;
  event.preventDefault();
}

function open() {
  controls.disabled = false;
  stage.classList.add("is-open");
  refresh();
}

function close() {
  controls.disabled = true;
  stage.classList.remove("is-open");
}

/** What the pointer does on the stage: begin, go on and end a step, or only show where it would draw. */
const hand = {
  isOpen: () => !controls.disabled,
  /** @param {boolean} erases @param {{x: number, y: number}} point */
  begin(erases, point) {
    const kind = erases ? "eraser" : tool();
    const step = { kind, size: width(), points: [point] };
    paint(ink, step);
    return step;
  },
  /** @param {import("./paint.js").Step} step @param {{x: number, y: number}[]} points */
  extend(step, points) {
    for (const point of points) {
      step.points.push(point);
      paint(ink, step, step.points.length - 2);
    }
    sketch.show(step);
  },
  /** @param {import("./paint.js").Step} step */
  end(step) {
    sketch.clear();
    if (leavesMark(step)) add(step);
  },
  /** @param {{x: number, y: number}} point */
  hover(point) {
    const kind = tool();
    if (kind === "brush" || kind === "eraser") sketch.ring(point, width());
    else sketch.clear();
  },
  leave: () => sketch.clear(),
};

async function start() {
  const fetched = await fetchPicture();
  if (typeof fetched === "string") {
    say(fetched, "is-wrong");
    return;
  }
  const picture = await createImageBitmap(fetched).catch(() => null);
  if (picture === null) {
    say(wording("unreadable"), "is-wrong");
    return;
  }
  for (const canvas of sheet.querySelectorAll("canvas")) {
    canvas.width = picture.width;
    canvas.height = picture.height;
  }
  find("picture").getContext("2d").drawImage(picture, 0, 0);
  picture.close();
  sheet.hidden = false;
  new ResizeObserver(fit).observe(stage);
  follow(stage, sheet, mask, hand);
  find("undo").addEventListener("click", () => turn("undo"));
  find("redo").addEventListener("click", () => turn("redo"));
  find("clear").addEventListener("click", () => add({ kind: "clear", size: 0, points: [] }));
  find("invert").addEventListener("click", () => add({ kind: "invert", size: 0, points: [] }));
  find("tools").addEventListener("submit", onSend);
  addEventListener("keydown", onKey);
  addEventListener("beforeunload", onLeave);
  open();
  say(wording("ready"));
}

await start();
