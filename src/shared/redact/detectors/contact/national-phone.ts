/**
 * Phone numbers as a country writes them for itself. Rules for `numbers`, from `locales/index.ts`.
 */
import { codeAt, DIGIT, is } from '../../scan/chars'
import { endOf, type NumberRule, type NumberRun, separator, separatorOr, size, startOf } from '../numbers/number-run'
import { japaneseEnd } from './japanese-phone'
import { foundPhone } from './phone'
import { isDated, stands } from './phone-surroundings'

export const japanesePhone: NumberRule = {
  find(run) {
    const end = japaneseEnd(run)
    return end > 0 ? foundPhone(run, end) : undefined
  },
}

/** Comes after the rules for ids: an id may have as many digits. */
export const trunkPhone: NumberRule = {
  find(run) {
    const end = withTrunk(run)
    return end > 0 ? foundPhone(run, end) : undefined
  },
}

/** 020 7946 0958, 0341 8387176, 06 12 34 56 78, (030) 901820: ten or eleven digits in two groups or more. */
function withTrunk(run: NumberRun): number {
  const { text, count: groups } = run
  const start = startOf(run, 0)
  if (codeAt(text, start) !== 48 || codeAt(text, start + 1) === 48 || groups < 2 || groups > 5 || size(run, 0) > 5)
    return 0
  // hyphens alone join any numbers
  if (!run.bracketed && separator(run, 0) === '-' && separatorOr(run, 1) !== ' ') return 0
  let digits = 0
  for (let group = 0; group < groups; group++) {
    if (size(run, group) < 2) return 0
    const between = separatorOr(run, group)
    if (/[./・]/.test(between) && groups !== 5 && !isSlashed(group, between)) return 0
    // 03 -0500 2006 is a time
    if (between.length > 1 && !between.includes(')') && !isSlashed(group, between)) return 0
    digits += size(run, group)
  }
  const end = endOf(run, groups - 1)
  if (digits < 10 || digits > 11 || isDated(run) || !stands(text, start, end)) return 0
  // pairs and fours of digits are also what a dump in hexadecimal is made of
  if (
    groups > 3
      ? size(run, 0) !== 2 || digits !== 10 || is(codeAt(text, start - 2), DIGIT)
      : size(run, 1) === size(run, 0) && size(run, 0) === 4
  )
    return 0
  return end
}

/** `0170 / 123 45 67`: behind the area code. */
function isSlashed(group: number, between: string): boolean {
  return group === 0 && between === ' / '
}
