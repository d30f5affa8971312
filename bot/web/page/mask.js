/**
 * Makes the mask of what was drawn: a PNG of the canvas's pixels, each of them black, or white where to repaint, and
 * nothing in between. Imports nothing.
 */

const HALF = 128;

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob|null>}  null if nothing is drawn
 */
export async function toMask(canvas) {
  const { width, height } = canvas;
  const pixels = canvas.getContext("2d")?.getImageData(0, 0, width, height);
  if (pixels === undefined) return null;
  const { data } = pixels;
  let isEmpty = true;
  for (let at = 0; at < data.length; at += 4) {
    const white = data[at + 3] >= HALF;
    data.fill(white ? 255 : 0, at, at + 3);
    data[at + 3] = 255;
    if (white) isEmpty = false;
  }
  if (isEmpty) return null;
  const sheet = document.createElement("canvas");
  sheet.width = width;
  sheet.height = height;
  sheet.getContext("2d")?.putImageData(pixels, 0, 0);
  return new Promise((resolve) => {
    sheet.toBlob(resolve, "image/png");
  });
}
