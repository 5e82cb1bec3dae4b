/**
 * The part of the rules that Go's RE2 can say, for the Collector's second line. `src/pipeline/deployment/redaction.ts`
 * writes it into the configuration. Checksums and context are the first line's alone.
 *
 * Each expression is run over every value, and how it begins decides what that costs: to a literal Go jumps (0.01 µs a
 * value where there is none), classes and alternatives are tried at each character (0.5 µs and more). So each beginning
 * has an expression of its own.
 */
import { type Form, isExact, isWhole } from './detectors/secrets/formats/common-issuers'
import { ISSUERS } from './detectors/secrets/formats/issuers'
import { TYPE_NAME } from './mask'

/** The one rule for values that begins with no literal. */
export const EMAIL = '[A-Za-z0-9._+-]+@(?:[A-Za-z0-9-]+\\.){1,8}[A-Za-z]{2,}'

/** Of a key: cheap, since it begins with a literal; to remove it nobody has to know where the address begins. */
export const EMAIL_IN_KEY = '@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}'

/** Groups as they are printed on a card, not a run of digits: the Collector reads numbers as text, too. */
export const CARDS = ['4\\d{3}', '5\\d{3}', '6\\d{3}', '35\\d{2}']
  .map(first => `${first}(?: \\d{4} \\d{4} \\d{4}|-\\d{4}-\\d{4}-\\d{4})\\b`)
  .concat(['34', '37'].map(first => `${first}\\d{2}(?: \\d{6} \\d{5}|-\\d{6}-\\d{5})\\b`))

const UUID = '[\\da-fA-F]{8}(?:-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}'

/** Secrets that their shape identifies. */
const SHAPES = [
  'eyJ[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*){0,3}', // JSON Web Token
  '-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----(?:(?s:.)*?-----END [^-]{0,60}-----|(?s:.)*)',
  'Bearer [\\w.~+/=-]{20,}',
  'bearer [\\w.~+/=-]{20,}',
  'Basic (?:[A-Za-z0-9+/]{6,}={1,2}|[A-Za-z0-9+/]{24,})',
  `sk-(?:(?:proj|ant|svcacct|admin)-[\\w-]{24,}|lf-${UUID}|or-v1-[\\da-f]{40,})`, // families behind a short prefix
  '://[^\\s/@?#"\'`<>\\\\:\\[]{0,128}:[^\\s/@?#"\'`<>\\\\\\[]{1,256}@', // user and password of a URL
]

/**
 * Attribute keys whose values are secrets whatever they are: a few words of `secret-words.ts`, with their first letter
 * left out, so that `dbPassword` and `Password` are one. Anchored at the end, since a hit masks values of any type:
 * `gen_ai.usage.input_tokens` is a count.
 */
export const SECRET_KEYS = [
  'asswords?$',
  'asswd$',
  'assphrase$',
  'ecret$',
  'pi[._-]?[kK]ey$',
  'rivate[._-]?[kK]ey$',
  'ccess[._-]?[tT]oken$',
  'efresh[._-]?[tT]oken$',
  'ession[._-]?[tT]oken$',
  'uth[._-]?[tT]oken$',
  'uthorization$',
  'ookie$',
  'redentials?$',
  'ASSWORD$',
  'ECRET$',
  'PI_?KEY$',
]

/** A value that is masks of ours and nothing else; of a list of texts the Collector reads the JSON. */
export const MASKED = `^(?:${mask()}|\\["${mask()}"(?:,"${mask()}")*\\])$`

function mask(): string {
  return `\\[${TYPE_NAME}(?::\\*?[\\dA-Za-z]{4,16})?\\]`
}

const CLASSES: Readonly<Record<Form, string>> = {
  t: '[\\w-]',
  w: '\\w',
  h: '[\\da-fA-F]',
  A: '[\\dA-Z]',
  '.': '(?:[\\w-]{8,}\\.?)', // parts of eight or more
  b: '[\\w+/=-]',
  u: UUID,
}

/** Longer than an id: what follows a prefix that could be the end of a word has to be this long, in one piece. */
const ONE_PIECE = 33

/** The secrets that a vendor or a standard marks. */
export function secretPatterns(): string[] {
  const byBeginning = new Map<string, string[]>()
  for (const [form, fewest, prefixes] of ISSUERS) {
    for (const prefix of prefixes.split(' ')) {
      const tail = endsWords(prefix, form)
        ? `[A-Za-z\\d]{${Math.max(ONE_PIECE, fewest)},}`
        : CLASSES[form] + lengthOf(prefix, form, fewest)
      const beginning = prefix.slice(0, 2)
      byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), literal(prefix.slice(2)) + tail])
    }
  }
  return [...SHAPES, ...[...byBeginning].map(([beginning, rest]) => `${literal(beginning)}(?:${rest.join('|')})`)]
}

/** How much of the alphabet follows, and that nothing does behind it where more would be something else. */
function lengthOf(prefix: string, form: Form, fewest: number): string {
  if (form === 'u') return ''
  if (form === '.') return `{${Math.floor(fewest / 8)},}`
  return (isExact(prefix, form) ? `{${fewest}}` : `{${fewest},}`) + (isWhole(form) ? '\\b' : '')
}

/**
 * `task-` ends with `sk-`, `store_` with `re_`, `mexico-` with `ico-`. A word's beginning is no literal, so it is not
 * looked for.
 */
function endsWords(prefix: string, form: Form): boolean {
  const joint = /^(?:[a-z]{1,3}-|[a-z\d]{1,2}_)$/.test(prefix) ? prefix.slice(-1) : ''
  return joint !== '' && form !== 'u' && new RegExp(CLASSES[form]).test(joint)
}

const literal = (text: string): string => text.replace(/[.$*+?()[\]{}|\\^]/g, '\\$&')
