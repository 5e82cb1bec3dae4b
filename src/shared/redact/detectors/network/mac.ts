/**
 * MAC addresses: six pairs of hexadecimal digits, or three fours with full stops. They are read at a digit, and at
 * a colon with the address's first joint.
 */
import { codeAt, HEX, is, runEnd, startsToken, WORD } from '../../scan/chars'
import type { Hits } from '../../scan/scanner'

/** The end of the address whose first joint is at `joint`; `joint` when there is none. */
export function macEnd(text: string, joint: number, hits: Hits): number {
  const code = codeAt(text, joint)
  const size = code === 46 ? 4 : 2
  const count = 12 / size
  const start = joint - size
  if (start < 0 || followsGroup(text, start - 1, code) || !startsToken(text, start)) return joint
  let end = start
  for (let group = 0; group < count; group++) {
    if (group > 0 && codeAt(text, end++) !== code) return joint
    if (runEnd(text, end, HEX, size) !== end + size) return joint
    end += size
  }
  const after = codeAt(text, end)
  if (is(after, WORD) || (after === code && is(codeAt(text, end + 1), WORD))) return joint
  // 00:00:00:00:00:00 and the broadcast address are nobody's
  if (!/^(.)\1+$/.test(text.slice(start, end).replace(/[:.-]/g, ''))) hits.add(start, end, 'MAC')
  return end
}

/** True where one more group and its joint stand before; the colon of `mac:` is no joint. */
export function followsGroup(text: string, joint: number, code: number): boolean {
  if (codeAt(text, joint) !== code) return false
  let start = joint
  while (start > joint - 4 && is(codeAt(text, start - 1), HEX)) start--
  return codeAt(text, start - 1) === code || (start < joint && startsToken(text, start))
}

/**
 * The end of the address with hyphens or full stops whose first digit is at `at`, perhaps after letters; `at` when there
 * is none.
 */
export function macAround(text: string, at: number, hits: Hits): number {
  let start = at
  while (start > at - 4 && is(codeAt(text, start - 1), HEX)) start--
  const code = codeAt(text, start - 1)
  const size = code === 45 ? 3 : code === 46 ? 5 : 0
  if (size > 0)
    while (start > at - 18 && codeAt(text, start - 1) === code && is(codeAt(text, start - 2), HEX)) start -= size
  const joint = codeAt(text, start + 2) === 45 ? start + 2 : codeAt(text, start + 4) === 46 ? start + 4 : 0
  if (joint === 0) return at
  const end = macEnd(text, joint, hits)
  return end > joint ? end : at
}
