/** Secrets on a command line: `--password hunter2`, `-password hunter2`, `--api-key "…"`. Called by the scanner at `-`. */
import { LETTERS, TOKEN_EDGE } from '../anchors'
import { codeAt, is, LETTER, runEnd, startsToken, TOKEN } from '../chars'
import type { Detector } from '../scan'
import { secretWordAt } from '../secret-words'
import { isPlausible } from './plausible'
import { bareEnd } from './value'

const LONGEST_FLAG = 40

export const flag: Detector = {
  names: ['secret flag'],
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
    if (text[name] !== ' ' || text[name + 1] === '-') return at
    const word = secretWordAt(text, name)
    if ((word?.value !== 'secret' && word?.value !== 'token') || (dashes === 1 && name - at < 4)) return at
    const quote = /["']/.exec(text[name + 1] ?? '')?.[0] ?? ''
    const start = name + 1 + quote.length
    const end = bareEnd(text, start, false, text.length)
    // prose goes on with a word, a command line with the next flag
    const rest = text[end + 1] === '-' ? '' : text.slice(end, end + 1)
    if (!isPlausible(text.slice(start, end), rest)) return at
    hits.add(start, end, 'REDACTED')
    return end
  },
}
