/**
 * IPv4 addresses of the public Internet. What RFC 6890 and its registry set aside (private, loopback, link-local, shared,
 * multicast …) identifies nobody and is kept; what is assigned to nobody and the three ranges of RFC 5737 are masked, since
 * whoever tries us out writes those.
 */
import { codeAt, DIGIT, is, LETTER, runEnd, TOKEN, WORD } from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import { spend } from '../../scan/work'
import { kindBefore, nearestKind } from '../../words/number-words'

export interface Quad {
  readonly end: number
  /** the four octets as one number */
  readonly value: number
}

const LONGEST_PRODUCT = 24
/** What `process.versions` has under the names of engines: versions of four parts. */
const ENGINE = /\b(?:v8|chrome|chromium|electron|modules)\\{0,8}["']?\s{0,2}[:=]\s{0,2}\\{0,8}["']?$/i
/** Section numbers and versions look like addresses of small octets; those need a word. */
const SMALL_OCTET = 32

/** Four octets that begin at `at` and are no part of a longer number; undefined for anything else. */
export function readQuad(text: string, at: number): Quad | undefined {
  let value = 0
  let from = at
  for (let octet = 0; octet < 4; octet++) {
    const end = runEnd(text, from, DIGIT, 4)
    if (end === from || end - from > 3 || (end - from > 1 && codeAt(text, from) === 48)) return undefined
    let number = 0
    for (let at = from; at < end; at++) number = number * 10 + codeAt(text, at) - 48
    if (number > 255) return undefined
    value = value * 256 + number
    if (octet === 3) return goesOn(text, end) ? undefined : { end, value }
    if (codeAt(text, end) !== 46) return undefined
    from = end + 1
  }
  return undefined
}

/** `1.2.3.4.5`, `1.2.3.4-rc.1`, `1.2.3.4x`: a version or an object identifier. */
function goesOn(text: string, end: number): boolean {
  const next = codeAt(text, end)
  return is(next, WORD) || ((next === 46 || next === 45) && is(codeAt(text, end + 1), WORD))
}

/** True when the address is one that a host on the Internet can have. */
export function isPublicQuad(value: number): boolean {
  const first = Math.floor(value / 0x1000000)
  const second = Math.floor(value / 0x10000) % 256
  if (first === 0 || first === 10 || first === 127) return false
  if (first >= 224) return isUnused(first)
  if (first === 100) return second < 64 || second > 127
  if (first === 169) return second !== 254
  if (first === 172) return second < 16 || second > 31
  if (first === 192) return second !== 168
  if (first === 198) return second !== 18 && second !== 19
  return true
}

/**
 * What IANA has given to nobody yet (225 to 231, 235 to 238, 240 to 254): no host has such an address, so whoever writes one has
 * made it up in the place of a real one. The rest from 224 on is multicast and masks of networks.
 */
function isUnused(first: number): boolean {
  return first > 224 && first < 255 && first !== 239 && (first < 232 || first > 234)
}

/** True for a public address at `at` rather than a version, a section or a build number. */
export function isAddress(text: string, at: number, { end, value }: Quad): boolean {
  spend(10)
  // profile/118.153.28.85: no version has three numbers as large
  if (
    !isPublicQuad(value) ||
    value % 0x10000 === 0 ||
    (isVersion(text, at) && !(codeAt(text, at - 1) === 47 && largeOctets(value) > 2))
  )
    return false
  const kind = kindBefore(text, at)
  // Bump x from 6.0.6.1 to 6.1.7.5
  if (largeOctets(value) === 0 && /^ to v?\d{1,3}\.\d/.test(text.slice(end, end + 9))) return false
  if (kind === 'version' || ENGINE.test(textBefore(text, at, 40))) return false
  return largeOctets(value) > 0 || kind === 'host' || nearestKind(text, at, end) === 'host'
}

function largeOctets(value: number): number {
  let large = 0
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) if (rest % 256 >= SMALL_OCTET) large++
  return large
}

/** `Chrome/126.0.6478.1`, `lib-1.2.3.4`, `==1.2.3.4`, `^1.2.3.4`; `/users/93.184.216.34` is a path. */
function isVersion(text: string, at: number): boolean {
  const before = codeAt(text, at - 1)
  const joined = codeAt(text, at - 2)
  if (before === 94 || before === 126) return true
  if (before === 61) return joined === 61 || joined === 126 || joined === 62 || joined === 60
  if (before === 45) return is(joined, LETTER)
  if (before !== 47) return false
  let start = at - 1
  while (start > at - LONGEST_PRODUCT && is(codeAt(text, start - 1), TOKEN)) start--
  return start < at - 1 && codeAt(text, start - 1) !== 47
}
