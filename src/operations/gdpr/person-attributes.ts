/** How records name persons: the attributes that hold identities, and patterns that find the subject in text. */
import { type Identifier, type Identity, tagIn } from './subject'

/** Attributes of spans, resources and log records whose whole value may be one of `exactValues`. */
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

/** Those among them that identify a person: a different value is a different person. */
export const personKeys = ['user.id', 'enduser.id', 'langfuse.user.id'] as const

/** Those that identify a session or conversation, which other persons may share. */
export const sessionKeys = ['session.id', 'langfuse.session.id', 'gen_ai.conversation.id'] as const

/** Also matches `userId`, `user_id` and `{ user: { id } }` in log lines. */
const spelled = (keys: readonly string[]): RegExp =>
  new RegExp(`(?:^|[._-])(?:${keys.map(key => key.replaceAll('.', '[._-]?')).join('|')})$`, 'i')
const identityKey = spelled(identityKeys)
const personKey = spelled(personKeys)
const sessions: ReadonlySet<string> = new Set(sessionKeys)
const ownKey = spelled(identityKeys.filter(key => !sessions.has(key)))

/** Whether the attribute, column or field holds a person's identity, rather than a session's. */
export const isOfPerson = (key: string): boolean => ownKey.test(key)

const emailKey = spelled(['user.email'])

/** The values of attributes of `identityKeys` in the subject's records. */
export function exactValues({ identifiers, pseudonyms }: Identity): string[] {
  return [...new Set([...identifiers, ...pseudonyms].map(({ value }) => value))]
}

/** Minimum length of an id that is searched for in text. */
const SHORTEST = 8
/** Numbers with at most this many digits may be a time, a size or a duration. */
const LONGEST_NUMBER = 15
/** Whether letters and digits alternate, unlike in any word. */
const isMixed = (part: string): boolean => part.length >= SHORTEST && (part.match(/\d+/g)?.length ?? 0) > 1

/**
 * Whether the value can only mean the subject wherever it occurs in text. People choose names such as `checkout`, `error` or `admin`, and
 * an account number may be a duration elsewhere.
 */
export function isUnmistakable({ kind, value }: Identifier): boolean {
  if (value.length < SHORTEST) return false
  if (kind === 'phone' || kind === 'ip' || isAddress(value)) return true
  if (!/\p{L}/u.test(value)) return value.replace(/\D/g, '').length > LONGEST_NUMBER
  return /\d{4}/.test(value) || value.split(/[^\p{L}\d]+/u).some(isMixed)
}

const isAddress = (value: string): boolean => value.includes('@') && tagIn(value) === 'EMAIL'

/** The values that are searched for in text. */
export const valuesInTexts = ({ identifiers, pseudonyms }: Identity): string[] => [
  ...new Set([...identifiers.filter(isUnmistakable), ...pseudonyms].map(({ value }) => value)),
]

/** What may precede and follow a value, so that it is not part of a longer one. */
interface DelimitedValues {
  readonly before: string
  readonly values: readonly string[]
  readonly behind: string
}

/** A URL-encoded separator: a blank, quotes, or one of `,/:;<=>?`. */
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

/** `bob@example.com` must not match the end of `a.bob@example.com`; case does not matter. */
function addressInText(value: string): string {
  const [local = '', domain = ''] = value.split(/@|%40/)
  return `${anyCase(local)}(?:@|%40)${anyCase(domain)}`
}

/** A flag would also apply to the ids in the same expression. */
const anyCase = (text: string): string =>
  Array.from(text, letter => {
    const [small, large] = [letter.toLowerCase(), letter.toUpperCase()]
    return small !== large && small.length === large.length ? `[${small}${large}]` : escaped(letter)
  }).join('')

/** Escapes for both regular expression syntaxes. */
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/**
 * A regular expression that finds the subject in text. It uses RE2 syntax without look-around, so that JavaScript, DuckDB, Loki and Tempo
 * accept it. Only ASCII characters count as letters, since Japanese text has no blanks around ids. A match includes the adjacent
 * characters.
 * @returns undefined if no identifier is unmistakable and there is no key
 */
export function textPattern(identity: Identity): string | undefined {
  const parts = partsOf(identity)
  return parts.length === 0 ? undefined : parts.map(part => groups(part, '?:')).join('|')
}

/** In RE2 syntax, with the adjacent characters as two groups. One pass replaces every second of several adjacent matches. */
export const maskPatterns = (identity: Identity): string[] => partsOf(identity).map(part => groups(part, ''))

const groups = ({ before, values, behind }: DelimitedValues, group: '' | '?:'): string =>
  `(${group}${before})(?:${values.join('|')})(${group}${behind})`

export interface Matcher {
  /** Whether the attribute holds an identity that is the subject's. */
  exact(key: string, value: string): boolean
  /** Whether the attribute names the subject. */
  attribute(key: string, value: string): boolean
  /** Whether the text names the subject. */
  text(text: string): boolean
  /** The text with a `*` for each byte that names the subject. */
  masked(text: string): string
  /** `subject` or `other` if the attribute identifies a person. */
  person(key: string, value: string): 'subject' | 'other' | undefined
  /** Whether the text, or an attribute with an address, names somebody other than the subject. */
  others(key: string, text: string): boolean
}

/** A user id in a text log line: `user.id=17`, `"userId": "17"`. */
const NAMED = /(?:^|[^\p{L}\p{N}])(?:end)?user[._-]?id["']?\s{0,4}[=:]\s{0,4}["']?([^\s"',;&)}\]]{1,200})/giu
/** An e-mail address, or its pseudonym. */
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
