/**
 * MAC addresses: six pairs of hexadecimal digits, or three fours with full stops. Called by `numbers` at a digit and by
 * `ip6` at a colon, with the address's first joint.
 */
import { codeAt, HEX, is, runEnd, startsToken, WORD } from '../chars'
import type { Hits } from '../scan'

/** The end of the address whose first joint is at `joint`; `joint` when there is none. */
export function macEnd(text: string, joint: number, hits: Hits): number {
  const code = codeAt(text, joint)
  const size = code === 46 ? 4 : 2
  const count = 12 / size
  const start = joint - size
  if (start < 0 || codeAt(text, start - 1) === code || !startsToken(text, start)) return joint
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
