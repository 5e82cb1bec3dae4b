/**
 * Phone numbers. Rules for `numbers`. International and North American forms stand for themselves, those of
 * `national-phone` where it is loaded; those that only a
 * word tells from other numbers are in `keyword-phone`.
 */
import { codeAt, startsToken } from '../../scan/chars'
import {
  endOf,
  type FoundNumber,
  goesOn,
  hasKeyword,
  isPhoneKeyword,
  type NumberRule,
  type NumberRun,
  separator,
  separatorOr,
  size,
  startOf,
} from '../numbers/number-run'
import { countryCode } from './country-codes'
import { stands } from './phone-surroundings'

export const phone: NumberRule = {
  find(run) {
    const end = international(run) || northAmerican(run)
    return end > 0 ? foundPhone(run, end) : undefined
  },
  // North American numbers; spaces alone are between any three groups
  mayBegin: (first, joint, second, nextJoint, third) =>
    second === 3 && (first === 1 ? third === 3 && nextJoint !== 32 : first === 3 && joint !== 32),
}

/** With what is dialled after it. */
export function foundPhone({ text }: NumberRun, end: number): FoundNumber {
  return { end: extensionEnd(text, end), tag: 'PHONE' }
}

const EXTENSION =
  /(?: ?(?:x|ext\.?|extension|доб\.?|内線|durchwahl|poste|anexo|ramal)[ :]? ?|,,?)\d{1,6}(?![\d\p{L}])/iuy

/** `x123`, `ext. 123`, 内線123 */
function extensionEnd(text: string, end: number): number {
  EXTENSION.lastIndex = end
  return EXTENSION.test(text) ? EXTENSION.lastIndex : end
}

/** +, a country's code and as many digits as it has; also 00 in place of +, in groups or beside a word. */
function international(run: NumberRun): number {
  const { text, plus } = run
  const start = startOf(run, 0)
  const isZeros = plus < 0 && codeAt(text, start) === 48 && codeAt(text, start + 1) === 48
  if (!isZeros && (plus < 0 || !startsToken(text, plus) || /[+\])}]/.test(text[plus - 1] ?? ''))) return 0
  // 001-212-555-0123
  if (isZeros && (size(run, 0) < 3 || (text[startOf(run, 1)] === '0' && !hasKeyword(run)))) return 0
  const prefix = isZeros ? 2 : 0
  const code = countryCode(text.slice(start + prefix, Math.min(start + prefix + 3, endOf(run, 0))))
  if (code === undefined) return 0
  let digits = -prefix - code.digits
  let groups = 0
  for (; groups < run.count; groups++) {
    // +44 (0) 20: the 0 is dialled within the country only
    const more =
      size(run, groups) === 1 && text[startOf(run, groups)] === '0' && text[endOf(run, groups)] === ')'
        ? 0
        : size(run, groups)
    if (digits + more > code.most) break
    digits += more
    // a space after a whole number ends it: another one follows
    if (digits >= code.least && digits >= 9 && separatorOr(run, groups) === ' ' && size(run, groups + 1) > 4) {
      groups++
      break
    }
  }
  if (groups === 0 || digits < code.least || digits + code.digits < 8) return 0
  const end = endOf(run, groups - 1)
  if (isZeros)
    return (groups > 2 && text[startOf(run, 1)] !== '0' && !goesOn(run, groups - 1) && stands(text, start, end)) ||
      isPhoneKeyword(run, end)
      ? end
      : 0
  // 12.345678 is a number or a coordinate, whatever stands after it
  if (groups > 1 && separator(run, 0) === '.' && (groups === 2 || separator(run, 1) !== '.')) return 0
  return end
}

/**
 * 212-555-0123, (212) 555-0123, 212.555.0123, each with or without 1 before: North American Numbering Plan
 * Administration. Area and exchange begin with 2 to 9, except where brackets, the 1 or an extension tell it as well.
 */
function northAmerican(run: NumberRun): number {
  const { text } = run
  const area = isCountryCode(run) ? 1 : 0
  if (size(run, area) !== 3 || size(run, area + 1) !== 3 || size(run, area + 2) !== 4) return 0
  const afterArea = separator(run, area)
  const afterExchange = separator(run, area + 1)
  const bracketed = afterArea.startsWith(')') && (run.bracketed || separatorOr(run, area - 1).endsWith('('))
  if (!bracketed && afterArea !== afterExchange) return 0
  const end = endOf(run, area + 2)
  const isJoined = afterExchange === '-' || afterExchange === '.'
  if (!isJoined && !(bracketed && afterExchange === ' ')) return 0
  if (goesOn(run, area + 2)) return 0
  const isCertain = bracketed || area === 1 || extensionEnd(text, end) > end
  return isCertain || (text[startOf(run, area)]! > '1' && text[startOf(run, area + 1)]! > '1') ? end : 0
}

/** 1 or 001 */
function isCountryCode(run: NumberRun): boolean {
  const last = endOf(run, 0) - 1
  if (codeAt(run.text, last) !== 49) return false
  return size(run, 0) === 1 || (size(run, 0) === 3 && run.text.startsWith('00', last - 2))
}
