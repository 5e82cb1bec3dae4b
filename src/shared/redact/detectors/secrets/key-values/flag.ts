/** Secrets on a command line: `--password hunter2`, `-password hunter2`, `--api-key "…"`. */
import { LETTERS, TOKEN_EDGE } from '../../../scan/anchors'
import { codeAt, is, LETTER, runEnd, startsToken, TOKEN } from '../../../scan/chars'
import type { Detector } from '../../../scan/scanner'
import { isSecretKeyword, secretWordAt } from '../../../words/secret-words'
import { isPlausible, looksRandom } from '../plausible'
import { bareEnd } from '../value'

const LONGEST_FLAG = 40
/** `--key` has the key of a row as often; that of an API is longer. */
const SHORTEST_KEY = 16

export const flag: Detector = {
  finds: 'secret',
  anchors: [
    { at: '-', after: TOKEN_EDGE, before: '-' },
    { at: '-', after: ' \t', before: LETTERS },
  ],
  at(text, at, hits) {
    const before = codeAt(text, at - 1)
    if (before === 45 || !startsToken(text, at)) return at
    const dashes = codeAt(text, at + 1) === 45 ? 2 : 1
    // a single one is a hyphen as often: only `tool -password x` is read
    if (dashes === 1 && (before > 32 || !is(codeAt(text, at + 1), LETTER))) return at
    const name = runEnd(text, at + dashes, TOKEN, LONGEST_FLAG)
    const next = codeAt(text, name)
    if (next !== 32 && next !== 34 && next !== 39) return at
    const between = /^(?: ["']?|["'], ?["'])(?!-)/.exec(text.slice(name, name + 5))?.[0]
    if (!between) return at
    const word = secretWordAt(text, name)
    const isKey = word?.value === 'query'
    if ((!isSecretKeyword(word) && !isKey) || (dashes === 1 && name - at < 4)) return at
    const start = name + between.length
    const end = bareEnd(text, start, false, text.length)
    // prose goes on with a word, a command line with the next flag
    const rest = text[end + 1] === '-' ? '' : text.slice(end, end + 1)
    const value = text.slice(start, end)
    if (isKey ? value.length < SHORTEST_KEY || !looksRandom(value) : !isPlausible(value, rest)) return at
    hits.add(start, end, 'REDACTED')
    return end
  },
}
