/**
 * Around which runs of digits `numbers` looks closer. All others are numbers of few digits, before and behind which nothing stands
 * that a number goes on with; `numbers` would end them at once (`aloneEnd`).
 */
import { type Anchor, BEYOND, DIGITS, LETTERS, UPPER, WORDS } from '../../scan/anchors'
import { FEWEST_DIGITS } from './number-run'

const SIGNS = '-.+\\;'

export const numberAnchors: readonly Anchor[] = [
  { at: DIGITS, after: `${WORDS}%-.` },
  { at: DIGITS, run: { least: FEWEST_DIGITS }, settlesRun: true },
  // AB 12 34 56 C
  { at: DIGITS, after: ' ', run: { twoBefore: UPPER } },
  { at: DIGITS, run: { next: ` ${SIGNS}${LETTERS}${BEYOND}` } },
  // January 2, 1985
  { at: DIGITS, run: { next: ',', second: ' ', third: DIGITS } },
  { at: DIGITS, run: { next: '/()', second: `${SIGNS}, /()\n${DIGITS}${UPPER}${BEYOND}` } },
]
