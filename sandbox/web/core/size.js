/** How much a file weighs, in words. Imports nothing. */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/**
 * @param {number} bytes
 * @returns {string} such as `1.4 MB`
 */
export function fileSize(bytes) {
  const step = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** step;
  const style = {
    style: "unit",
    unit: UNITS[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: amount < 10 ? 1 : 0,
  };
  return new Intl.NumberFormat(undefined, /** @type {Intl.NumberFormatOptions} */ (style)).format(amount);
}
