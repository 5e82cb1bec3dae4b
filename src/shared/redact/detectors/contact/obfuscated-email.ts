/**
 * E-mail addresses as people write them against harvesters, or say them: `bob [at] example [dot] com`, `alice dot smith at
 * gmail dot com`, `bob arroba ejemplo punto es`, `taro★example.jp`.
 */
import { codeAt, is, LOCAL } from '../../scan/chars'
import type { Detector, Hits } from '../../scan/scanner'
import { spend } from '../../scan/work'

const OPEN = '[[({<]'
const CLOSE = '[\\])}>]'
const AT_WORD = 'at|ät|at ?mark|arroba|arobase|chiocciola|apenstaartje|małpa|zavináč|собака|アット(?:マーク)?|@'
const DOT_WORD = 'dot|punkt|punto|point|ponto|kropka|punt|tečka|точка|крапка|ドット'
const AT_NAME = 'ät|arroba|arobase|chiocciola|apenstaartje|małpa|zavináč|собака'
const AT = ` ?${OPEN} ?(?:${AT_WORD}) ?${CLOSE} ?`
const DOT = `(?: ?${OPEN} ?(?:${DOT_WORD}|\\.) ?${CLOSE} ?|\\.)`
const PART = "[\\p{L}\\d_+'-]{1,32}"
const LABEL = '[\\p{L}\\d-]{1,63}'
const TOP = '[a-z]{2,24}(?![\\w-])'

// Each reads from one place on, where the address begins if it is one: none looks for its beginning.
/** The @ in brackets, or as it is before a full stop in brackets. */
const BRACKETED = new RegExp(`${PART}(?:${DOT}${PART}){0,4}(?:${AT}|@)(?:${LABEL}${DOT}){1,4}${TOP}`, 'iuy')
/** From a full stop of the local part on. */
const BEFORE_SIGN = new RegExp(`(?:${DOT}${PART}){1,4}(?:${AT}|@)`, 'iuy')
const HYPHENED = /[\w+']{1,32}(?: ?-dot- ?[\w+']{1,32}){0,3} ?-at- ?(?:[\w]{1,63} ?-dot- ?){1,4}[a-z]{2,24}(?![\w-])/iy
const CAPITALS = /[\w+'-]{1,32}(?:(?:\.| DOT )[\w+'-]{1,32}){0,4} AT (?:[\w-]{1,63} DOT ){1,4}[A-Za-z]{2,24}(?![\w-])/y
/** `at` alone is also of a sentence: a word about mail stands near, the host is a mail service, or the local part is no word. */
const MAIL = '\\b(?:e-?mail|mail|correo|courriel|write|reach|contact|address)\\b[^\\n@]{0,24}?[ :]{1,2}'
const SERVICES =
  'gmail|googlemail|yahoo|hotmail|outlook|icloud|live|proton|protonmail|aol|gmx|msn|web|fastmail|zoho|qq|naver|yandex'
const SPOKEN = new RegExp(
  `(?:(?<=${MAIL})(?:[\\w+'-]{1,32}(?: dot | underscore )){0,3}[\\w+'-]{1,32}|[\\w+'-]{0,32}[\\d._][\\w+.'-]{0,32}) at (?:[\\w-]{1,63} dot ){1,4}${TOP}` +
    `|(?:[\\w+'-]{1,32} dot ){0,3}[\\w+.'-]{1,32} at (?:${SERVICES}) dot ${TOP}`,
  'iy',
)
/** Words for the sign that no sentence has beside a domain. */
const NAMED = new RegExp(
  `${PART}(?:(?:\\.| (?:${DOT_WORD}) )${PART}){0,3} (?:${AT_NAME}) (?:${LABEL}(?: (?:${DOT_WORD}) |\\.)){1,4}${TOP}`,
  'iuy',
)
/** A name of a file looks so too: a word about mail tells, or the other word for the sign. */
const UNDERSCORED = new RegExp(
  `(?:(?<=${MAIL})[\\w+.'-]{1,32}?_at_|[\\w+.'-]{1,32}?_at ?mark_)(?:[a-z\\d-]{1,63}\\.){1,4}${TOP}`,
  'iy',
)
/** Signs that Japanese texts write in the place of the @. */
const STARRED = /[\w.+-]{1,64}[★☆■◆◎●](?:[a-z\d-]{1,63}\.){1,4}[a-z]{2,24}(?![\w-])/iy
/** An @ between spaces is an operator of Python as often. */
const APART =
  /(?<![\w.])[\w.+-]{1,64} @ (?:[a-z\d-]{1,63}\.){1,4}(?:com|org|net|edu|gov|info|jp|de|fr|it|es|nl|br|ru|cn|in|uk)(?![\w.(-])/iy

/** What stands before a part of an address. */
const SEPARATOR = new RegExp(
  `(?<=(?<sign>${AT}| ?-at- ?| (?:at|${AT_NAME}) |@)|(?<stop> ?${OPEN} ?(?:${DOT_WORD}|\\.) ?${CLOSE} ?| ?-dot- ?| (?:${DOT_WORD}|underscore) |\\.))`,
  'iuy',
)
const [HYPHEN, FULL_STOP] = [45, 46]
const LETTER = /\p{L}/u
/** Before the sign: parts, and characters in one of them. In one of the host. */
const [PARTS, PART_LENGTH, LABEL_LENGTH] = [5, 32, 63]
/** What a step to the part before costs, and reading from one place on. */
const [STEP, READ] = [8, 15]

export const obfuscatedEmail: Detector = {
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
    const char = text[at]!.toLowerCase()
    const before = text[at - 1] ?? ''
    const isInBrackets = isOpening(before) || (before === ' ' && isOpening(text[at - 2] ?? ''))
    if (char === 'd') {
      const isDot = (codeAt(text, at + 2) | 32) === 116 && ' ])}>-'.includes(text[at + 3] ?? '-')
      const forms = isInBrackets ? [BRACKETED] : before === '-' ? [HYPHENED] : [CAPITALS, SPOKEN]
      return isDot ? byParts(text, at, at, false, forms, hits) : at
    }
    const word = WORDS[char]?.find(([name, offset]) => text.startsWith(name, at - offset))
    if (word) return byParts(text, at, at - word[1] + 1, true, [NAMED], hits)
    if (char === '@' && before === ' ' && !isInBrackets) return byRun(text, at, at - 1, 64, APART, hits)
    if ('★☆■◆◎●'.includes(char)) return byRun(text, at, at, 64, STARRED, hits)
    if (char === 'a' && before === '_') {
      const isAt = /^at(?:_| ?mark_)/i.test(text.slice(at, at + 8))
      return isAt ? byRun(text, at, at - 1, PART_LENGTH, UNDERSCORED, hits) : at
    }
    const isAt = isInBrackets && SIGN_IN_BRACKETS.test(text.slice(at, at + 16))
    return isAt ? byParts(text, at, at, true, [BRACKETED], hits) : at
  },
}

const SIGN_IN_BRACKETS = new RegExp(`^(?:${AT_WORD}) ?${CLOSE}`, 'i')
const isOpening = (char: string): boolean => char !== '' && '[({<'.includes(char)
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

/** What begins with the run of characters that ends at `to`. */
function byRun(text: string, at: number, to: number, longest: number, form: RegExp, hits: Hits): number {
  let from = to
  const hasQuotes = form === UNDERSCORED
  while (from > 0 && to - from < longest && is(codeAt(text, from - 1), LOCAL) && (hasQuotes || text[from - 1] !== "'"))
    from--
  spend(STEP)
  return from < to && reads(text, from, at, form, hits) ? form.lastIndex : at
}

/**
 * What begins with one of the parts before a separator, of which each has a separator behind it: the outermost that reads as an address.
 * @param separator a place in it, behind its bracket, hyphen or blank
 * @param isSign whether it stands for the @
 */
function byParts(
  text: string,
  at: number,
  separator: number,
  isSign: boolean,
  forms: readonly RegExp[],
  hits: Hits,
): number {
  const [{ unicode }] = forms as [RegExp]
  const isHyphened = forms[0] === HYPHENED
  let end = separator
  while (end > 0 && separator - end < 3 && ' [({<-'.includes(text[end - 1]!)) end--
  const opening = end
  /** Of the parts before the sign, and of those right before this separator. */
  let starts: number[] = []
  const nearest = starts
  let hasSign = isSign
  while (starts.length < PARTS) {
    const stop = Math.max(0, end - LABEL_LENGTH)
    let start = end
    while (start > stop && isOfPart(text, start - 1, isHyphened, unicode)) start--
    spend(STEP)
    if (start === end) break
    const isShort = end - start <= PART_LENGTH
    starts.push(isShort ? start : end - PART_LENGTH)
    if (hasSign && !isShort) break
    SEPARATOR.lastIndex = start
    const found = SEPARATOR.exec(text)
    if (!found) break
    const { sign, stop: full } = found.groups!
    if (sign !== undefined) {
      if (hasSign) break
      hasSign = true
      starts = []
    }
    end = start - (sign ?? full)!.length
  }
  if (hasSign) {
    const read = outermost(text, starts, at, forms, hits)
    if (read > at || isSign) return read
  }
  // it may stand before the sign; behind that is one more full stop, which all forms but one write as a word
  if (forms[0] !== BRACKETED) return at
  BEFORE_SIGN.lastIndex = opening
  spend(READ)
  return BEFORE_SIGN.test(text) ? outermost(text, nearest, at, forms, hits) : at
}

/** @param starts from the innermost on */
function outermost(text: string, starts: readonly number[], at: number, forms: readonly RegExp[], hits: Hits): number {
  for (const start of starts.toReversed())
    for (const form of forms) if (reads(text, start, at, form, hits)) return form.lastIndex
  return at
}

function isOfPart(text: string, at: number, isHyphened: boolean, unicode: boolean): boolean {
  const code = codeAt(text, at)
  if (code === HYPHEN) return !isHyphened
  if (code < 0x80) return code !== FULL_STOP && is(code, LOCAL)
  return unicode && LETTER.test(text[at]!)
}

/** Masks what the form reads from `from` on, and that `at` is a part of. */
function reads(text: string, from: number, at: number, form: RegExp, hits: Hits): boolean {
  spend(READ)
  form.lastIndex = from
  if (!form.test(text) || form.lastIndex <= at) return false
  hits.add(from, form.lastIndex, 'EMAIL')
  return true
}
