/**
 * Mouse, pen and finger on the stage, as steps in the picture's pixels. One pointer draws at a time; a pen's other end
 * erases. Imports nothing.
 *
 * @typedef {import("./paint.js").Point} Point
 * @typedef {import("./paint.js").Step} Step
 * @typedef {{isOpen: () => boolean, begin: (erases: boolean, point: Point) => Step,
 *   extend: (step: Step, points: Point[]) => void, end: (step: Step) => void, hover: (point: Point) => void,
 *   leave: () => void}} Hand
 */

const MAIN_BUTTON = 0;
const PEN_ERASER = 5;

/**
 * Let a hand draw.
 *
 * @param {HTMLElement} stage  where strokes may begin
 * @param {HTMLElement} sheet  where the picture is
 * @param {HTMLCanvasElement} mask  as large as the picture in its own pixels
 * @param {Hand} hand
 */
export function follow(stage, sheet, mask, hand) {
  /** @type {{id: number, step: Step} | null} */
  let drawing = null;

  /** @param {PointerEvent} event @returns {Point} */
  const at = (event) => {
    const place = sheet.getBoundingClientRect();
    return {
      x: ((event.clientX - place.left) / place.width) * mask.width,
      y: ((event.clientY - place.top) / place.height) * mask.height,
    };
  };

  stage.addEventListener("pointerdown", (event) => {
    if (drawing !== null || !hand.isOpen() || ![MAIN_BUTTON, PEN_ERASER].includes(event.button))
      return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    drawing = { id: event.pointerId, step: hand.begin(event.button === PEN_ERASER, at(event)) };
  });

  stage.addEventListener("pointermove", (event) => {
    if (drawing === null) {
      if (hand.isOpen() && event.pointerType !== "touch") hand.hover(at(event));
    } else if (drawing.id === event.pointerId) {
      const passed = event.getCoalescedEvents?.() ?? [];
      hand.extend(drawing.step, (passed.length > 0 ? passed : [event]).map(at));
    }
  });

  for (const end of ["pointerup", "pointercancel"])
    stage.addEventListener(end, (event) => {
      if (drawing === null || drawing.id !== /** @type {PointerEvent} */ (event).pointerId) return;
      const { step } = drawing;
      drawing = null;
      hand.end(step);
    });

  stage.addEventListener("pointerleave", () => {
    if (drawing === null) hand.leave();
  });
}
