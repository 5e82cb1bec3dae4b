/**
 * What detectors have looked at, in units of about a tenth of a microsecond: a question to a detector is one, and a detector
 * that looks closer says how many more that is. It only grows; who bounds it looks at how much it grew. Characters of a text
 * are no measure of this: text that a stranger made costs a hundred times as much as prose.
 */
export const work = {
  spent: 0,
  /** what it may grow to while a string is read */
  most: 0,
}

/** Says that a closer look costs so many units; measured with text that is made of nothing else (`bench:redact`). */
export function spend(units: number): void {
  work.spent += units
}

/** Of one string at most, and what its length allows: some, and so much for each character. Tables of numbers cost the half of it. */
export const STRING_WORK = 400_000
export const SHORT_WORK = 256
export const CHARACTER_WORK = 2.2
/** Of all strings of a span or log record. */
export const RECORD_WORK = 1_200_000
/** Of one value that came with a request, from anybody; 2 KiB of what browsers send cost up to 1,000. */
export const VALUE_WORK = 1_200
/** Of all of them in a record, and of their keys. */
export const REQUEST_WORK = 3_000
