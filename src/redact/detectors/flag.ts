/** Secrets on a command line: `--password hunter2`, `--api-key "…"`. Called by the scanner at `-`. */
import { TOKEN_EDGE } from '../anchors'
import { codeAt, runEnd, startsToken, TOKEN } from '../chars'
import type { Detector } from '../scan'
import { secretWordAt } from '../secret-words'
import { isPlausible } from './plausible'
import { bareEnd } from './value'

const LONGEST_FLAG = 40

export const flag: Detector = {
  names: ['secret flag'],
  finds: 'secret',
  anchors: [{ at: '-', after: TOKEN_EDGE, before: '-' }],
  at(text, at, hits) {
    if (codeAt(text, at + 1) !== 45 || codeAt(text, at - 1) === 45 || !startsToken(text, at)) return at
    const name = runEnd(text, at + 2, TOKEN, LONGEST_FLAG)
    if (text[name] !== ' ' || text[name + 1] === '-') return at
    const word = secretWordAt(text, name)
    if (word?.value !== 'secret' && word?.value !== 'token') return at
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
