/** Phone numbers in any national form, which count only beside a word such as tel, phone, call or 電話. A rule for `numbers`. */

import { textBefore } from '../../scan/pieces'
import { spend } from '../../scan/work'
import { isInDump } from '../numbers/dump'
import {
  endOf,
  goesOn,
  hasKeyword,
  isPhoneKeyword,
  kindBeforeRun,
  type NumberRule,
  type NumberRun,
  nearestKindOf,
  separator,
  size,
  startOf,
} from '../numbers/number-run'
import { foundPhone } from './phone'
import { isDated, isJoined, isNamed } from './phone-surroundings'

/** Comes after the rules for ids, whose words are more exact. */
export const keywordPhone: NumberRule = {
  find(run) {
    const end = keywordPhoneEnd(run)
    return end > 0 ? foundPhone(run, end) : undefined
  },
}

/** `6.43.12 (2026-09-15`: a version and its day. */
const DAY = /(?:19|20)\d\d-\d\d-\d\d/
const FEWEST = 7
const MOST = 15
/** What all rules cost more beside a word. */
const KEYWORD_WORK = 6

/** Right after a word 7 to 15 digits; further from it what is written like a phone number. */
function keywordPhoneEnd(run: NumberRun): number {
  if (!hasKeyword(run)) return 0
  spend(KEYWORD_WORK)
  let digits = 0
  let groups = 0
  while (groups < run.count && digits + size(run, groups) <= MOST) {
    digits += size(run, groups++)
    if (digits >= 10 && groups < run.count && separator(run, groups - 1) === ' ' && size(run, groups) > 4) break
  }
  if (digits < FEWEST) return 0
  const end = endOf(run, groups - 1)
  if (kindBeforeRun(run) === 'phone') return digits === 8 && isDated(run) ? 0 : end
  return isPhoneKeyword(run, end) && isDialled(run, digits, groups) ? end : 0
}

/** Where somebody is called, three and four digits are a number of the same town: `call me on 450 0840`. */
const SOMEBODY = /\b(?:me|us|him|her|them|(?:my|our|his|their|registered)(?: \w{1,12})?)(?: (?:on|at|is|number))*:? $/i

function isLocal(run: NumberRun, groups: number): boolean {
  if (groups !== 2 || size(run, 0) !== 3 || size(run, 1) !== 4 || kindBeforeRun(run) === undefined) return false
  const start = startOf(run, 0)
  return SOMEBODY.test(textBefore(run.text, start, 40))
}

/** Groups of two digits or more that are no date and no version; in one block right after the word only. */
function isDialled(run: NumberRun, digits: number, groups: number): boolean {
  const { text } = run
  const start = startOf(run, 0)
  const end = endOf(run, groups - 1)
  if (digits < 8 && !isLocal(run, groups)) return false
  if (digits > 13 || goesOn(run, groups - 1) || isJoined(text, start) || isNamed(text, end)) return false
  if (groups === 1)
    return digits >= 9 && digits <= 11 && (kindBeforeRun(run) !== undefined || nearestKindOf(run, end) === 'phone')
  for (let group = 1; group < groups; group++) if (size(run, group) < 2 || size(run, group) > 9) return false
  const between = separator(run, 0)
  if (between === '/' && size(run, 0) === size(run, 1)) return false
  if (between === '.' && groups < 4 && nearestKindOf(run, end) !== 'phone') return false
  return !isDated(run) && !DAY.test(text.slice(start, end)) && !isInDump(text, start, end)
}
