/** IPv6 addresses. All colons but the first of an address are left after one look. */
import { HEXES, not } from '../../scan/anchors'
import { codeAt, HEX, is, runEnd, startsToken, WORD } from '../../scan/chars'
import type { Detector } from '../../scan/scanner'
import { isPublicQuad, type Quad, readQuad } from './ip4'
import { followsGroup, macEnd } from './mac'

/** A certificate's fingerprint is read to its end (32 octets), so that no part of it is taken for an address. */
const LONGEST = 96

export const ip6: Detector = {
  finds: 'personal',
  anchors: [
    { at: ':', after: HEXES, before: `:${HEXES}` },
    { at: ':', after: not(`:${HEXES}`), before: ':' },
  ],
  at(text, at, hits) {
    const next = codeAt(text, at + 1)
    let start = at
    while (start > at - 4 && is(codeAt(text, start - 1), HEX)) start--
    if ((start === at && next !== 58) || followsGroup(text, start - 1, 58) || !startsToken(text, start)) return at

    let end = start
    let joints = 0
    let gap = -1
    for (; end < start + LONGEST && (is(codeAt(text, end), HEX) || codeAt(text, end) === 58); end++) {
      if (codeAt(text, end) !== 58) continue
      joints++
      if (codeAt(text, end + 1) === 58) gap = end
    }
    if (gap < 0 && joints === 5) return macEnd(text, at, hits)
    if (gap < 0 && joints !== 7) return joints > 7 ? end : at
    const quad = codeAt(text, end) === 46 && gap >= 0 ? lastQuad(text, start, end) : undefined
    if (quad) {
      if (isPublicQuad(quad.value)) hits.add(start, quad.end, 'IP')
      return quad.end
    }
    if (codeAt(text, end - 1) === 58 && codeAt(text, end - 2) !== 58) end--
    const groups = text.slice(start, end)
    if (is(codeAt(text, end), WORD) || !isAddress(groups)) return at
    const zone = zoneEnd(text, end)
    if (!isKept(groups)) hits.add(start, zone, 'IP')
    return zone
  },
}

/** The dotted end of `::ffff:93.184.216.34`. */
function lastQuad(text: string, start: number, end: number): Quad | undefined {
  const last = text.lastIndexOf(':', end) + 1
  return last > start && text.slice(start, last).includes('::') ? readQuad(text, last) : undefined
}

/** Eight groups of one to four digits, or fewer with one `::`; the short ones need a digit (`a::b` is a program's). */
function isAddress(groups: string): boolean {
  const count = groups.split(':').filter(group => group !== '').length
  if (/[\da-f]{5}|:::|^:[^:]|[^:]:$/i.test(groups)) return false
  const gap = groups.indexOf('::')
  if (gap < 0) return count === 8 && !/^(?:[\da-f]{2}:){7}/i.test(groups)
  return (
    groups.indexOf('::', gap + 1) < 0 &&
    count <= 7 &&
    (count >= 3 || /^[23][\da-f]{3}:/i.test(groups)) &&
    /\d/.test(groups)
  )
}

/** Loopback, unspecified, unique local, link-local and multicast (RFC 4291, RFC 4193) identify nobody. */
function isKept(groups: string): boolean {
  return /^(?:::1?$|f[cd][\da-f]{2}:|fe[89ab][\da-f]:|ff[\da-f]{2}:)/i.test(groups)
}

/** `%eth0` */
function zoneEnd(text: string, end: number): number {
  const zone = codeAt(text, end) === 37 ? runEnd(text, end + 1, WORD, 16) : end
  return zone > end + 1 && !/^%[\da-f]{2}$/i.test(text.slice(end, zone)) ? zone : end
}
