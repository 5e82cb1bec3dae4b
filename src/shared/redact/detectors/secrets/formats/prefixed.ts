/** Keys and tokens that their issuer marks with a prefix (`issuers.ts`). */
import type { Anchor } from '../../../scan/anchors'
import { codeAt, DIGIT, is, LETTER, startsToken } from '../../../scan/chars'
import type { Detector } from '../../../scan/scanner'
import { isHighEntropy } from '../high-entropy'
import { ALPHABETS, type Form, isExact, isWhole } from './common-issuers'
import { ISSUERS } from './issuers'

interface Issuer {
  readonly prefix: string
  /** the character of the prefix at which it is looked for */
  readonly anchor: number
  /** fewest characters after the prefix */
  readonly least: number
  readonly form: Form
}

/** By form and character code: 1 where the character is one of the alphabet. */
const alphabets = Object.fromEntries(
  Object.entries(ALPHABETS).map(([form, characters]) => {
    const one = new RegExp(`[${characters}]`)
    return [form, Uint8Array.from({ length: 128 }, (_, code) => Number(one.test(String.fromCharCode(code))))]
  }),
) as Record<Form, Uint8Array>

/** A key that was cut off is still most of a key. */
const FEWEST_CUT = 12
/** What was read and is no key is read again by others when it is short; else `sk-sk-sk-` would take quadratic time. */
const LONGEST_READ_TWICE = 64
/** Names begin with such a short prefix too (`sk-learn-contrib-extras-2`). */
const LONGEST_SHORT_PREFIX = 3

/**
 * Where a prefix is looked for: at its first joint, else at a letter that is rare in texts, or at a digit before it, from
 * which on the rules for numbers would go past the rest of the word. Never its first character, since the one before the
 * anchor is looked at too.
 */
function anchorOf(prefix: string): number {
  const joint = prefix.search(/[-_.$~]/)
  return joint > 0 ? joint : 1 + Math.max(0, prefix.slice(1).search(/[\dA-Zpky]/))
}

const issuers: readonly Issuer[] = ISSUERS.flatMap(([form, least, prefixes]) =>
  prefixes.split(' ').map(prefix => ({ prefix, anchor: anchorOf(prefix), least, form })),
)

/** Issuers by the anchor and the character before it: one look-up tells that a hyphen belongs to none. Longer ones first. */
const byPair: Issuer[][] = [[]]
const pairs = new Uint8Array(128 * 128)
for (const issuer of [...issuers].sort((a, b) => b.prefix.length - a.prefix.length)) {
  const pair = pairAt(issuer.prefix, issuer.anchor)
  if (pairs[pair] === 0) pairs[pair] = byPair.push([]) - 1
  byPair[pairs[pair]!]!.push(issuer)
}

/** Each anchor after the character that stands before it in a prefix, and before what goes on there. */
const anchors: readonly Anchor[] = issuers.map(({ prefix, anchor }) => ({
  at: prefix[anchor]!,
  after: prefix[anchor - 1]!,
  before: prefix[anchor + 1]!,
}))

/** 0, which is no pair, for characters beyond ASCII. */
function pairAt(text: string, at: number): number {
  const before = codeAt(text, at - 1)
  return before < 128 ? codeAt(text, at) * 128 + before : 0
}

export const prefixed: Detector = {
  finds: 'secret',
  anchors,
  at(text, at, hits) {
    const pair = pairs[pairAt(text, at)]!
    if (pair === 0) return at
    let settled = at
    const possible = byPair[pair]!
    for (let i = 0; i < possible.length; i++) {
      const { prefix, anchor, least, form } = possible[i]!
      const start = at - anchor
      if (codeAt(text, start) !== prefix.charCodeAt(0)) continue
      if (!text.startsWith(prefix, start) || !startsToken(text, start)) continue
      const body = start + prefix.length
      const end = keyEnd(text, body, form)
      const enough = end === text.length ? Math.min(least, FEWEST_CUT) : least
      const isLong = end - body >= enough && !(end - body > least && isExact(prefix, form))
      const isKey = isLong && isHighEntropy(text, body, end, prefix.length <= LONGEST_SHORT_PREFIX)
      if (isKey && !goesOn(text, end, form)) {
        hits.add(start, end, 'SECRET')
        return end
      }
      if (end - at > LONGEST_READ_TWICE) settled = Math.max(settled, end)
    }
    return settled
  },
}

function keyEnd(text: string, at: number, form: Form): number {
  const alphabet = alphabets[form]
  let end = at
  for (;;) {
    while (end < text.length && isOf(text, end, alphabet)) end++
    // + / = in a URL
    if (form === 'b' && /^%(?:2[BF]|3D)/i.test(text.slice(end, end + 3))) {
      end += 3
      continue
    }
    if (form !== '.' || codeAt(text, end) !== 46 || !isOf(text, end + 1, alphabet)) return end
    end++
  }
}

function isOf(text: string, at: number, alphabet: Uint8Array): boolean {
  const code = codeAt(text, at)
  return code < 128 && alphabet[code] === 1
}

/** True when the word goes on, where it may not. */
function goesOn(text: string, end: number, form: Form): boolean {
  return isWhole(form) && is(codeAt(text, end), LETTER | DIGIT)
}
