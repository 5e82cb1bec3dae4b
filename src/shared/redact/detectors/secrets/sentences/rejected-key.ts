/**
 * Keys and tokens that an error message quotes: `Incorrect API key provided: …`, `token … expired`, `key … rejected`. No
 * issuer marks them, and no operator stands before them.
 */

import { ending, endingAt } from '../../../scan/pieces'
import type { Detector } from '../../../scan/scanner'
import { isPlaceholder, isStrong, looksRandom } from '../plausible'

const PROVIDED = /provided: {0,2}["'`]?([^\s"'`,;<>]{8,256})/y
const BEFORE = ending(
  /(?:key|token)s? ["'`]?([^\s"'`,;<>]{16,256})["'`]? (?:(?:is|was|has|been|are|an) ){0,3}(?:in|re|e)/i,
)
/** What is said of a key, from the anchor on: invalid, revoked, expired, rejected. */
const WORDS = ['valid', 'voked', 'xpired', 'jected']

export const rejectedKey: Detector = {
  finds: 'secret',
  anchors: [
    // provided, invalid, revoked; expired; rejected
    { at: 'v', after: 'ons', before: 'aio' },
    { at: 'v', after: 'e', before: 'o' },
    { at: 'x', after: 'e', before: 'p' },
    { at: 'j', after: 'e', before: 'e' },
  ],
  at(text, at, hits) {
    if (text.startsWith('provided:', at - 3)) {
      PROVIDED.lastIndex = at - 3
      const quoted = PROVIDED.exec(text)?.[1]
      const value = quoted?.replace(/[.!?)]{1,4}$/, '')
      if (!quoted || !value || !/(?:key|token) $/i.test(text.slice(Math.max(0, at - 10), at - 3))) return at
      if (isPlaceholder(value) || (!isStrong(value) && !/\*{3}/.test(value))) return at
      const start = PROVIDED.lastIndex - quoted.length
      hits.add(start, start + value.length, 'SECRET')
      return start + value.length
    }
    if (!WORDS.some(word => text.startsWith(word, at))) return at
    const [, all, value] = endingAt(BEFORE, text, at) ?? []
    if (all === undefined || value === undefined || !looksRandom(value)) return at
    const start = at - all.length + all.indexOf(value)
    hits.add(start, start + value.length, 'SECRET')
    return at
  },
}
