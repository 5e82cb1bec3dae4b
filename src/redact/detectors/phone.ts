/**
 * Phone numbers. Called by `numbers`, after cards. International, North American and Japanese forms stand for
 * themselves; any other national form counts only after a word such as tel, phone or 電話.
 */
import { startsToken } from '../chars'
import { type NumberRule, type NumberRun, saidOf, separator, size } from './number-run'

export const phone: NumberRule = run => {
  const end = international(run) || northAmerican(run) || japanese(run)
  return end > 0 ? { end, tag: 'PHONE' } : undefined
}

/** + and 8 to 15 digits; the country codes 1 and 7 have 11. */
function international(run: NumberRun): number {
  const { text, plus, starts } = run
  const code = text[starts[0]!]!
  if (plus < 0 || code === '0' || !startsToken(text, plus) || /[+\]]/.test(text[plus - 1] ?? '')) return 0
  const groups = groupsWithin(run, code === '1' || code === '7' ? 11 : 15)
  if (digitsIn(run, groups) < 8) return 0
  // 12.345678 is a number or a coordinate, whatever stands after it
  if (groups > 1 && separator(run, 0) === '.' && (groups === 2 || separator(run, 1) !== '.')) return 0
  return run.ends[groups - 1]!
}

/** How many groups make up at most `most` digits; a space after eleven digits ends the number. */
function groupsWithin(run: NumberRun, most: number): number {
  let digits = 0
  let groups = 0
  while (groups < run.starts.length && digits + size(run, groups) <= most) {
    digits += size(run, groups++)
    if (digits >= 11 && groups < run.starts.length && separator(run, groups - 1) === ' ') break
  }
  return groups
}

function digitsIn(run: NumberRun, groups: number): number {
  let digits = 0
  for (let group = 0; group < groups; group++) digits += size(run, group)
  return digits
}

/** 212-555-0123, (212) 555-0123, 212.555.0123, each with or without 1 before; area and exchange begin with 2 to 9. */
function northAmerican(run: NumberRun): number {
  const { text, starts } = run
  const area = size(run, 0) === 1 && text[starts[0]!] === '1' ? 1 : 0
  if (size(run, area) !== 3 || size(run, area + 1) !== 3 || size(run, area + 2) !== 4) return 0
  if (text[starts[area]!]! < '2' || text[starts[area + 1]!]! < '2') return 0
  const afterArea = separator(run, area)
  const afterExchange = separator(run, area + 1)
  const bracketed = afterArea.startsWith(')') && (run.bracketed || separator(run, 0).endsWith('('))
  if (!bracketed && afterArea !== afterExchange) return 0
  if (afterExchange !== '-' && afterExchange !== '.' && !(bracketed && afterExchange === ' ')) return 0
  return goesOn(run, area + 2) ? 0 : run.ends[area + 2]!
}

/** Mobile 0[5789]0 with eleven digits, also in one block; fixed lines 0A-B-CCCC and 0120-BBB-CCC with ten. */
function japanese(run: NumberRun): number {
  const { text, starts, ends } = run
  const start = starts[0]!
  if (text[start] !== '0' || text[start + 1] === '0') return 0
  const mobile = /^0[5789]0/.test(text.slice(start, start + 3))
  if (starts.length === 1 || size(run, 0) === 11)
    return mobile && size(run, 0) === 11 && text[start + 3] !== '0' ? ends[0]! : 0
  const digits = size(run, 0) + size(run, 1) + size(run, 2)
  const between = separator(run, 0)
  // bare spaces separate any numbers; only a mobile number is told from them
  if (goesOn(run, 2) || (between === ' ' && !mobile)) return 0
  if (size(run, 0) === 3 && size(run, 1) === 4 && size(run, 2) === 4) return mobile ? ends[2]! : 0
  const fixed = size(run, 0) >= 2 && size(run, 0) <= 5 && size(run, 2) === 4
  const freephone = size(run, 0) === 4 && size(run, 1) === 3 && size(run, 2) === 3
  return digits === 10 && (fixed || freephone) && between !== '.' ? ends[2]! : 0
}

/** Any 7 to 15 digits that a word announces. */
export const announcedPhone: NumberRule = run => {
  if (saidOf(run) !== 'phone') return undefined
  const groups = groupsWithin(run, 15)
  return digitsIn(run, groups) < 7 ? undefined : { end: run.ends[groups - 1]!, tag: 'PHONE' }
}

/** True when the digits go on after the group with a hyphen or full stop: a longer id, not a phone number. */
function goesOn(run: NumberRun, group: number): boolean {
  return group + 1 < run.starts.length && /^[-.]$/.test(separator(run, group))
}
