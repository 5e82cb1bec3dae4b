/** How a record names a person: the attributes that hold who somebody is, and the expressions that find the subject in a text. */
import { type Identifier, type Identity, tagIn } from './subject'

/** Attributes whose whole value may be one of `exactValues`, in spans, resources and log records. */
export const identityKeys = [
  'user.id',
  'enduser.id',
  'session.id',
  'gen_ai.conversation.id',
  'langfuse.user.id',
  'langfuse.session.id',
  'client.address',
  'user.email',
] as const

/** Of these, the ones whose value is a person: another value is another person. */
export const personKeys = ['user.id', 'enduser.id', 'langfuse.user.id'] as const

/** And the ones whose value is a visit or a conversation, in which nobody else may be. */
export const sessionKeys = ['session.id', 'langfuse.session.id', 'gen_ai.conversation.id'] as const

/** Apps write `userId`, `user_id` and `{ user: { id } }` in their log lines. */
const spelled = (keys: readonly string[]): RegExp =>
  new RegExp(`(?:^|[._-])(?:${keys.map(key => key.replaceAll('.', '[._-]?')).join('|')})$`, 'i')
const identityKey = spelled(identityKeys)
const personKey = spelled(personKeys)
const sessions: ReadonlySet<string> = new Set(sessionKeys)
const ownKey = spelled(identityKeys.filter(key => !sessions.has(key)))

/** Whether the attribute, column or field holds who somebody is, rather than a visit of theirs. */
export const isOfPerson = (key: string): boolean => ownKey.test(key)

const emailKey = spelled(['user.email'])

/** What an attribute of `identityKeys` holds where the record is the subject's. */
export function exactValues({ identifiers, pseudonyms }: Identity): string[] {
  return [...new Set([...identifiers, ...pseudonyms].map(({ value }) => value))]
}

/** Of an id that is looked for in texts. */
const SHORTEST = 8
/** A number of fewer digits may be a time, a size or a duration. */
const LONGEST_NUMBER = 15
/** Its letters and digits take turns, as in no word. */
const isMixed = (part: string): boolean => part.length >= SHORTEST && (part.match(/\d+/g)?.length ?? 0) > 1

/**
 * Whether nothing else can be meant where the value stands in a text. People choose `checkout`, `error` or `admin` as their name, and
 * the number of an account is a duration elsewhere.
 */
export function isUnmistakable({ kind, value }: Identifier): boolean {
  if (value.length < SHORTEST) return false
  if (kind === 'phone' || kind === 'ip' || isAddress(value)) return true
  if (!/\p{L}/u.test(value)) return value.replace(/\D/g, '').length > LONGEST_NUMBER
  return /\d{4}/.test(value) || value.split(/[^\p{L}\d]+/u).some(isMixed)
}

const isAddress = (value: string): boolean => value.includes('@') && tagIn(value) === 'EMAIL'

/** What is looked for in texts. */
export const valuesInTexts = ({ identifiers, pseudonyms }: Identity): string[] => [
  ...new Set([...identifiers.filter(isUnmistakable), ...pseudonyms].map(({ value }) => value)),
]

/** What may stand before and behind a value, so that it is not a part of a longer one. */
interface DelimitedValues {
  readonly before: string
  readonly values: readonly string[]
  readonly behind: string
}

/** The end of a character of a URL that separates: a blank, quotes, `,/:;<=>?`. */
const ENCODED = '%(?:2[02CFcf]|3[A-Fa-f])'

function partsOf({ identifiers, pseudonyms }: Identity): DelimitedValues[] {
  const inTexts = identifiers.filter(isUnmistakable).map(({ value }) => value)
  const addresses = inTexts.filter(isAddress)
  const ids = inTexts.filter(value => !addresses.includes(value))
  const parts: DelimitedValues[] = [
    { before: '', values: pseudonyms.map(({ value }) => escaped(value)), behind: '' },
    {
      before: `^|[^\\w-]|${ENCODED}`,
      values: ids.flatMap(id => [escaped(id), escaped(encodeURIComponent(id))]),
      behind: `$|[^\\w.@%-]|\\.$|\\.[^\\w]|%(?:[^4]|4[^0])`,
    },
    {
      before: `^|[^\\w.+%-]|${ENCODED}`,
      values: addresses.map(addressInText),
      behind: `$|[^\\w.-]|\\.$|\\.[^\\w]`,
    },
  ]
  return parts.filter(({ values }) => values.length > 0).map(part => ({ ...part, values: [...new Set(part.values)] }))
}

/** `bob@example.com` is not the end of `a.bob@example.com`, and its letters may be small or large. */
function addressInText(value: string): string {
  const [local = '', domain = ''] = value.split(/@|%40/)
  return `${anyCase(local)}(?:@|%40)${anyCase(domain)}`
}

/** Not by a flag: it would hold for the ids in the same expression too. */
const anyCase = (text: string): string =>
  Array.from(text, letter => {
    const [small, large] = [letter.toLowerCase(), letter.toUpperCase()]
    return small !== large && small.length === large.length ? `[${small}${large}]` : escaped(letter)
  }).join('')

/** What both syntaxes take as an escape. */
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/**
 * A regular expression that finds the subject in a text. RE2's syntax, without look-around, so that JavaScript, DuckDB,
 * Loki and Tempo take the same one. A letter is one of ASCII: Japanese has no blank beside an id. What stands next to a hit is a part of the match.
 * @returns undefined where no identifier is unmistakable, and there is no key
 */
export function textPattern(identity: Identity): string | undefined {
  const parts = partsOf(identity)
  return parts.length === 0 ? undefined : parts.map(part => groups(part, '?:')).join('|')
}

/** In RE2's syntax, with what stands around the subject as its two groups. One pass takes every other one of a row of hits. */
export const maskPatterns = (identity: Identity): string[] => partsOf(identity).map(part => groups(part, ''))

const groups = ({ before, values, behind }: DelimitedValues, group: '' | '?:'): string =>
  `(${group}${before})(?:${values.join('|')})(${group}${behind})`

export interface Matcher {
  /** Whether the attribute is one that holds who somebody is, and is the subject. */
  exact(key: string, value: string): boolean
  /** Whether the attribute names the subject. */
  attribute(key: string, value: string): boolean
  /** Whether the text does. */
  text(text: string): boolean
  /** The text with a `*` for each byte that names the subject. */
  masked(text: string): string
  /** `subject` or `other` for what holds a person, whoever it is. */
  person(key: string, value: string): 'subject' | 'other' | undefined
  /** Whether a text, or an attribute for an address, names somebody who is not the subject. */
  others(key: string, text: string): boolean
}

/** In a log line that is text: `user.id=17`, `"userId": "17"`. */
const NAMED = /(?:^|[^\p{L}\p{N}])(?:end)?user[._-]?id["']?\s{0,4}[=:]\s{0,4}["']?([^\s"',;&)}\]]{1,200})/giu
/** An address, or the pseudonym of one. */
export const PERSON = /[\w.+-]{1,64}(?:@|%40)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63})+|\[[A-Z][A-Z\d_]{1,30}:[\da-f]{16}\]/gi

export function matcherOf(identity: Identity): Matcher {
  const own = new Set(exactValues(identity))
  const ownSmall = new Set([...own].map(value => value.toLowerCase()))
  const pattern = textPattern(identity)
  const expression = pattern === undefined ? undefined : new RegExp(pattern)
  const around = partsOf(identity).map(
    ({ before, values, behind }) => new RegExp(`(?<=${before})(?:${values.join('|')})(?=${behind})`, 'g'),
  )
  const exact = (key: string, value: string) => own.has(value) && identityKey.test(key)
  const text = (value: string) => expression?.test(value) ?? false
  const isOther = (value: string) => !ownSmall.has(value.replace('%40', '@').toLowerCase())
  return {
    exact,
    text,
    attribute: (key, value) => exact(key, value) || text(value),
    masked: value => around.reduce((left, one) => left.replace(one, stars), value),
    person(key, value) {
      if (value === '' || !personKey.test(key)) return undefined
      return own.has(value) ? 'subject' : 'other'
    },
    others: (key, value) =>
      (emailKey.test(key) && value !== '' && isOther(value)) ||
      [...value.matchAll(NAMED)].some(([, id]) => isOther(id!)) ||
      (value.match(PERSON) ?? []).some(isOther),
  }
}

export const stars = (text: string): string => '*'.repeat(Buffer.byteLength(text))
