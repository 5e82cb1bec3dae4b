/** Of a part of an HrTime: an app may give fractions, or no number at all, and one bad time must not cost the batch. */
export function wholeNumber(value: number): number {
  return Number.isFinite(value) ? Math.trunc(value) : 0
}
