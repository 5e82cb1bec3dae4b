/** What stands around digits and says that they are no phone number. */
import { codeAt, DIGIT, is, LETTER } from '../../scan/chars'
import { isInDump } from '../numbers/dump'
import { type NumberRun, startOf } from '../numbers/number-run'

/** True when no number, name or dump goes on before or behind [start, end). */
export function stands(text: string, start: number, end: number): boolean {
  const before = codeAt(text, start - 1)
  const after = codeAt(text, end)
  if (isJoint(before) || before === 58 || isNamed(text, end) || is(after, DIGIT | LETTER)) return false
  return !isInDump(text, start, end)
}

/** Hyphen, slash, underscore: `text-3-20210422`, `b/189822916`. */
function isJoint(code: number): boolean {
  return code === 45 || code === 47 || code === 95
}

/** `text-3-20210422`, and the seconds of 16:10:03 */
export function isJoined(text: string, start: number): boolean {
  const before = codeAt(text, start - 1)
  return isJoint(before) || (before === 58 && is(codeAt(text, start - 2), DIGIT))
}

/** `49925039-2025-cd1a`: the digits are the beginning of a name; `-Office` is a remark. */
export function isNamed(text: string, end: number): boolean {
  return isJoint(codeAt(text, end)) && /^[A-Za-z]{0,8}\d/.test(text.slice(end + 1, end + 10))
}

const DATE =
  /(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2}(?!\d)|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d(?!\d)|\d{1,2}[- ](?:19|20)\d\d(?:\d{4}| [-+]?\d{4})?(?![-\d])|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d(?!\d)/y

/** 2016-2020, 2018/04/22, 26/09/2017, 07 2010, 3-20210422; also from the second group on. */
export function isDated(run: NumberRun): boolean {
  return isDateAt(run, 0) || (run.count > 1 && isDateAt(run, 1))
}

function isDateAt(run: NumberRun, group: number): boolean {
  DATE.lastIndex = startOf(run, group)
  return DATE.test(run.text)
}
