/**
 * What detectors have looked at, in units of about a tenth of a microsecond: a question to a detector is one, a run of digits
 * that all rules look at is seven. It only grows; who bounds it looks at how much it grew. Characters of a text are no
 * measure of this: text that a stranger made costs a hundred times as much as prose.
 */
export const work = { spent: 0 }

/** Of one string. */
export const STRING_WORK = 400_000
/** Of all strings of a span or log record. */
export const RECORD_WORK = 1_200_000
/** Of what came with a request, from anybody. */
export const REQUEST_WORK = 15_000
