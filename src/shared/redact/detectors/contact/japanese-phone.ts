/** Phone numbers of Japan in the country's own form. */
import { codeAt } from '../../scan/chars'
import {
  digitsUpTo,
  endOf,
  goesOn,
  isPhoneKeyword,
  type NumberRun,
  separator,
  size,
  startOf,
} from '../numbers/number-run'
import { beginsWithArea, isArea } from './japanese-areas'

/** Mobile and internet phones, and the services that callers know: Ministry of Internal Affairs and Communications. */
const MOBILE = /^0[5789]0/
const FREEPHONE = /^(?:0120|0570|0990|0800)$/

/**
 * The end of a mobile number 0[5789]0 of eleven digits, also in one block; of a fixed line 0A-B-CCCC of ten whose area
 * exists, in one block only beside a word; of 0120-BBB-CCC and its like. 0 when there is none.
 */
export function japaneseEnd(run: NumberRun): number {
  const { text } = run
  const start = startOf(run, 0)
  if (codeAt(text, start) !== 48 || codeAt(text, start + 1) === 48) return 0
  const isMobile = MOBILE.test(text.slice(start, start + 3))
  const first = size(run, 0)
  if (first === 11) return isMobile && text[start + 3] !== '0' ? endOf(run, 0) : 0
  if (first === 10)
    return beginsWithArea(digitsUpTo(run, endOf(run, 0))) && isPhoneKeyword(run, endOf(run, 0)) ? endOf(run, 0) : 0
  if (run.count < 3 || goesOn(run, 2)) return 0
  const sizes = `${first}-${size(run, 1)}-${size(run, 2)}`
  if (sizes === '3-4-4') return isMobile ? endOf(run, 2) : 0
  const isFree = FREEPHONE.test(text.slice(start, start + first)) && (sizes === '4-3-3' || sizes === '4-3-4')
  if (isFree || (sizes === '4-2-4' && text.startsWith('0120', start))) return endOf(run, 2)
  if (first + size(run, 1) + size(run, 2) !== 10 || size(run, 2) !== 4 || !isArea(text.slice(start, start + first)))
    return 0
  const between = separator(run, 0)
  // spaces, full stops and slashes separate any numbers
  if (between === '-' || /[()]/.test(between)) return endOf(run, 2)
  return between === separator(run, 1) && isPhoneKeyword(run, endOf(run, 2)) ? endOf(run, 2) : 0
}
