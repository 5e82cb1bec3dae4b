/** Reads a name in letters that have capitals (Latin, Greek, Cyrillic). */
import { CAPITAL, codeAt, DIGIT, is, isAccented, LETTER, WORD } from '../../../scan/chars'
import { GIVEN_NAMES } from './given-names'

export interface LatinName {
  readonly end: number
  /** how many words it has, particles and initials not counted */
  readonly words: number
  /** the first word is a given name of the list */
  readonly isKnown: boolean
}

const MOST_WORDS = 5
const LONGEST_WORD = 24

/** Small words inside of names: Ludwig van Beethoven, Maria de la Cruz. */
const PARTICLES = new Set(
  'de del della di da do dos das du la le van von der den ten ter zu zur bin ibn al el e y af av'.split(' '),
)
/** Before and behind names, with a full stop: Dr. Anna Kern, John Smith Jr. */
const TITLES = new Set(
  'dr prof mr mrs ms mx sr sra srta jr st hr fr mag ing dipl dott sig mgr bc univ rev hon capt lt col'.split(' '),
)
/** No word of a name: whom letters are written to when the name is not known, companies, teams, types, form words. */
const NO_NAME = new Set(
  (
    'sir madam customer customers team all everyone everybody user users friend friends colleague colleagues manager hiring ' +
    'editor valued member members reader readers support service services department staff admin administrator ' +
    'assistant system bot agent inc ltd llc corp corporation company gmbh co group foundation university school college ' +
    'bank hospital institute office committee string number boolean object array null none undefined true false any ' +
    'unknown text type required optional value name names email phone address date please thanks thank you your the this ' +
    'that these those it its we our they there here what when where which who how why if is are was were not no yes and ' +
    'or but for with from by on in at to as of example test demo sample default new account order api ai data json html ' +
    'http https url id int integer float number double bool void date datetime timestamp varchar char monday tuesday ' +
    'wednesday thursday friday saturday sunday january february march april june july august september october november ' +
    'december foo bar baz qux engineer developer director software world there santa tbd todo n/a pending active'
  ).split(' '),
)

let known: Set<string> | undefined

/** True for a given name of the list, in any case. Unpacked when the first is looked up. */
export function isGivenName(word: string): boolean {
  known ??= new Set(GIVEN_NAMES.toLowerCase().trim().split(/\s+/))
  return known.has(word.toLowerCase())
}

/** Before a family name that a comma and the given name follow: `van den Berg, Daan`. */
const LEADING = /(?:(?:van|von|de|del|della|di|da|dos|du|la|le|der|den|ter|ten|bin|ibn|al|el) ){1,3}/y

/** The same with the family name first (`Whitfield, Hannah`, `van den Berg, Daan`), or as `latinNameAt` has it. */
export function fullNameAt(text: string, at: number, isAnnounced = false): LatinName | undefined {
  LEADING.lastIndex = at
  const name = latinNameAt(text, LEADING.test(text) ? LEADING.lastIndex : at)
  if (!name || name.words > 3 || text[name.end] !== ',' || text[name.end + 1] !== ' ') return name
  const given = latinNameAt(text, name.end + 2)
  if (!given || given.words > 2 || FOLLOWS_CODE.test(text.slice(given.end, given.end + 2))) return name
  const isSure = given.isKnown || (isAnnounced && given.words === 1 && ENDS.test(text.slice(given.end, given.end + 2)))
  return isSure ? { end: given.end, words: name.words + given.words, isKnown: given.isKnown } : name
}

const FOLLOWS_CODE = /^(?:[\w=(]|:[\w:/])/
/** Where a value ends, not an enumeration. */
const ENDS = /^(?:$|[\n\r\\"'|<)\]}]| [|<(]|\.?$|\.\s)/

/** The name that begins at `at`, undefined when there is none or when one of its words belongs to no name. */
export function latinNameAt(text: string, at: number): LatinName | undefined {
  let end = at
  let words = 0
  let isKnown = false
  for (let next = at, count = 0; count < MOST_WORDS; count++) {
    const stop = wordEnd(text, next)
    const word = text.slice(next, stop)
    const isParticle = words > 0 && PARTICLES.has(word)
    if (!isParticle) {
      if (!startsWithCapital(word)) break
      const small = word.toLowerCase()
      if (NO_NAME.has(small)) return undefined
      if (is(codeAt(text, stop), WORD)) break
      const hasStop = codeAt(text, stop) === 46
      const isTitle = hasStop && TITLES.has(small)
      end = hasStop && (word.length === 1 || isTitle) ? stop + 1 : stop
      if (word.length > 1 && !isTitle) {
        if (words === 0) isKnown = isGivenName(small.includes('-') ? small.slice(0, small.indexOf('-')) : small)
        words++
      }
    } else end = Math.max(end, at)
    const after = isParticle ? stop : end
    if (codeAt(text, after) !== 32) break
    next = after + 1
  }
  return words > 0 ? { end, words, isKnown } : undefined
}

function wordEnd(text: string, at: number): number {
  let end = at
  while (end < at + LONGEST_WORD && isNameLetter(text, end)) end++
  return end
}

/** A letter, or the hyphen or apostrophe between two. */
function isNameLetter(text: string, at: number): boolean {
  const code = codeAt(text, at)
  if (isLetter(code)) return true
  if (code !== 45 && code !== 39 && code !== 0x2019) return false
  const next = codeAt(text, at + 1)
  if (!isLetter(next)) return false
  // John's
  return next !== 115 || isLetter(codeAt(text, at + 2))
}

function isLetter(code: number): boolean {
  return is(code, LETTER) || isAccented(code)
}

/** A capital with small letters behind it, or capitals only (`JOHN SMITH`), or one with a full stop (`J.`). */
function startsWithCapital(word: string): boolean {
  const code = codeAt(word, 0)
  if (code < 128) return is(code, CAPITAL) && !is(codeAt(word, 1), DIGIT)
  const [first = ''] = word
  return first !== first.toLowerCase() && !is(codeAt(word, 1), DIGIT)
}
