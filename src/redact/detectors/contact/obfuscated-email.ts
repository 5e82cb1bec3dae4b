/**
 * E-mail addresses as people write them against harvesters, or say them: `bob [at] example [dot] com`, `alice dot smith at
 * gmail dot com`, `bob arroba ejemplo punto es`, `taro★example.jp`.
 */
import { codeAt } from '../../scan/chars'
import type { Detector, Hits } from '../../scan/scanner'

const OPEN = '[[({<]'
const CLOSE = '[\\])}>]'
const AT_WORD = 'at|ät|at ?mark|arroba|arobase|chiocciola|apenstaartje|małpa|zavináč|собака|アット(?:マーク)?|@'
const DOT_WORD = 'dot|punkt|punto|point|ponto|kropka|punt|tečka|точка|крапка|ドット'
const AT = ` ?${OPEN} ?(?:${AT_WORD}) ?${CLOSE} ?`
const DOT = `(?: ?${OPEN} ?(?:${DOT_WORD}|\\.) ?${CLOSE} ?|\\.)`
const PART = "[\\p{L}\\d_+'-]{1,32}"
const LABEL = '[\\p{L}\\d-]{1,63}'
const TOP = '[a-z]{2,24}(?![\\w-])'
/** The @ in brackets, or as it is before a full stop in brackets. */
const BRACKETED = new RegExp(`${PART}(?:${DOT}${PART}){0,4}(?:${AT}|@)(?:${LABEL}${DOT}){1,4}${TOP}`, 'giu')
const HYPHENED = /[\w+']{1,32}(?: ?-dot- ?[\w+']{1,32}){0,3} ?-at- ?(?:[\w]{1,63} ?-dot- ?){1,4}[a-z]{2,24}(?![\w-])/gi
const CAPITALS = /[\w+'-]{1,32}(?:(?:\.| DOT )[\w+'-]{1,32}){0,4} AT (?:[\w-]{1,63} DOT ){1,4}[A-Za-z]{2,24}(?![\w-])/g
/** `at` alone is also of a sentence: a word about mail stands near, the host is a mail service, or the local part is no word. */
const MAIL = '\\b(?:e-?mail|mail|correo|courriel|write|reach|contact|address)\\b[^\\n@]{0,24}?[ :]{1,2}'
const SERVICES =
  'gmail|googlemail|yahoo|hotmail|outlook|icloud|live|proton|protonmail|aol|gmx|msn|web|fastmail|zoho|qq|naver|yandex'
const SPOKEN = new RegExp(
  `(?:(?<=${MAIL})(?:[\\w+'-]{1,32}(?: dot | underscore )){0,3}[\\w+'-]{1,32}|[\\w+'-]{0,32}[\\d._][\\w+.'-]{0,32}) at (?:[\\w-]{1,63} dot ){1,4}${TOP}` +
    `|(?:[\\w+'-]{1,32} dot ){0,3}[\\w+.'-]{1,32} at (?:${SERVICES}) dot ${TOP}`,
  'gi',
)
/** Words for the sign that no sentence has beside a domain. */
const NAMED = new RegExp(
  `${PART}(?:(?:\\.| (?:${DOT_WORD}) )${PART}){0,3} (?:ät|arroba|arobase|chiocciola|apenstaartje|małpa|zavináč|собака) (?:${LABEL}(?: (?:${DOT_WORD}) |\\.)){1,4}${TOP}`,
  'giu',
)
/** A name of a file looks so too: a word about mail tells, or the other word for the sign. */
const UNDERSCORED = new RegExp(
  `(?:(?<=${MAIL})[\\w+.'-]{1,32}?_at_|[\\w+.'-]{1,32}?_at ?mark_)(?:[a-z\\d-]{1,63}\\.){1,4}${TOP}`,
  'gi',
)
/** Signs that Japanese texts write in the place of the @. */
const STARRED = /[\w.+-]{1,64}[★☆■◆◎●](?:[a-z\d-]{1,63}\.){1,4}[a-z]{2,24}(?![\w-])/gi
/** An @ between spaces is an operator of Python as often. */
const APART =
  /(?<![\w.])[\w.+-]{1,64} @ (?:[a-z\d-]{1,63}\.){1,4}(?:com|org|net|edu|gov|info|jp|de|fr|it|es|nl|br|ru|cn|in|uk)(?![\w.(-])/gi
/** Long before and behind the anchor. */
const LONGEST = 200

export const obfuscatedEmail: Detector = {
  names: ['email'],
  finds: 'personal',
  anchors: [
    { at: '@', after: '[({<', before: '])}>' },
    { at: '@', after: ' ', before: ' ' },
    { at: 'aA', after: '[({<_', before: 'tT' },
    { at: 'dD', after: '[({<- ', before: 'oO' },
    // arrOBa, arOBase; chioCCIola; apenstaarTJE
    { at: 'b', after: 'o', before: 'a' },
    { at: 'c', after: 'c', before: 'i' },
    { at: 'j', after: 't', before: 'e' },
    // [ät], małpa, zavináč, собака, アット
    { at: 'äłčбア★☆■◆◎●' },
  ],
  at(text, at, hits) {
    for (const form of formsAt(text, at)) {
      const end = around(text, at, form, hits)
      if (end > 0) return end
    }
    return at
  },
}

const NONE: readonly RegExp[] = []
const DOTS = [BRACKETED, HYPHENED, CAPITALS, SPOKEN]
/** The words that are no word of English, and how far into them the anchor stands. */
const WORDS: Record<string, readonly (readonly [word: string, offset: number])[]> = {
  b: [
    [' arroba ', 5],
    [' arobase ', 4],
  ],
  c: [[' chiocciola ', 6]],
  j: [[' apenstaartje ', 11]],
  ä: [[' ät ', 1]],
  ł: [[' małpa ', 3]],
  č: [[' zavináč ', 7]],
  б: [[' собака ', 3]],
}

/** What the characters around the anchor may be part of. */
function formsAt(text: string, at: number): readonly RegExp[] {
  const words = WORDS[text[at]!]
  if (words?.some(([word, offset]) => text.startsWith(word, at - offset))) return [NAMED]
  // б is frequent in Russian; ä may also stand in brackets
  if (words && text[at] !== 'ä') return NONE
  const char = text[at]!.toLowerCase()
  const before = text[at - 1] ?? ''
  const isInBrackets = '[({<'.includes(before)
  if (char === '@') return before === ' ' ? [APART] : [BRACKETED]
  if ('★☆■◆◎●'.includes(char)) return [STARRED]
  if (char === 'ア') return text.startsWith('アット', at) ? [BRACKETED] : NONE
  if (char === 'd') {
    const closing = text[at + 3] ?? ''
    return (codeAt(text, at + 2) | 32) === 116 && ' ])}>-'.includes(closing) ? DOTS : NONE
  }
  if (char === 'a' && before === '_') return /^at(?:_| ?mark_)/i.test(text.slice(at, at + 8)) ? [UNDERSCORED] : NONE
  if (isInBrackets) return /^(?:at|ät)(?:[ \])}>]| ?mark)/i.test(text.slice(at, at + 4)) ? [BRACKETED] : NONE
  return NONE
}

/** Masks what the expression finds around `at`; returns its end, 0 when there is none. */
function around(text: string, at: number, form: RegExp, hits: Hits): number {
  const from = Math.max(0, at - LONGEST)
  const piece = text.slice(from, at + LONGEST)
  form.lastIndex = 0
  let found = form.exec(piece)
  // other addresses may stand before this one
  while (found && from + form.lastIndex <= at) found = form.exec(piece)
  if (!found || from + found.index > at) return 0
  hits.add(from + found.index, from + form.lastIndex, 'EMAIL')
  return from + form.lastIndex
}
