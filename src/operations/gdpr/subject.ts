/**
 * A data subject with all names by which stores may know the person: the identifiers, and their pseudonyms under every key, because stores
 * keep data that was sent under earlier keys.
 */
import { hmacOf, keyIdOf } from '../../shared/config/hmac-key'
import { createRedactor } from '../../shared/redact'
import { isMask, type Tag } from '../../shared/redact/mask'
import { createMasker } from '../../shared/redact/modes'

export const identifierKinds = [
  'user.id',
  'enduser.id',
  'session.id',
  'gen_ai.conversation.id',
  'email',
  'phone',
  'ip',
] as const

export type IdentifierKind = (typeof identifierKinds)[number]

export interface Identifier {
  readonly kind: IdentifierKind
  readonly value: string
}

export interface Pseudonym {
  readonly kind: IdentifierKind
  /** As in the resource attribute `afn.redaction.key_id`. */
  readonly keyId: string
  /** `[TAG:`, 16 hexadecimal digits and `]`; all 64 digits if a Collector masked it. */
  readonly value: string
}

export interface Identity {
  readonly identifiers: readonly Identifier[]
  readonly pseudonyms: readonly Pseudonym[]
}

/** The given subject is invalid. The message is for the user. */
export class BadSubject extends Error {}

/** Maximum length of an identifier in characters. */
export const LONGEST_VALUE = 1_024
const tagOf: Partial<Record<IdentifierKind, Tag>> = { email: 'EMAIL', phone: 'PHONE', ip: 'IP' }

/**
 * @param texts `KIND=VALUE` each, or only a value: an e-mail address becomes an `email`, anything else a `user.id`
 * @returns distinct identifiers, sorted
 * @throws BadSubject
 */
export function parseSubject(texts: readonly string[]): Identifier[] {
  if (texts.length === 0)
    throw new BadSubject('--subject is missing: identify one person, such as --subject email=bob@example.com')
  const identifiers = texts.map(parseIdentifier)
  const unique = new Map(identifiers.map(one => [`${one.kind}=${one.value}`, one]))
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, identifier]) => identifier)
}

function parseIdentifier(text: string): Identifier {
  const kind = identifierKinds.find(name => text.startsWith(`${name}=`))
  const value = (kind ? text.slice(kind.length + 1) : text).trim()
  checkValue(value)
  // an id may contain `=`, so only text that looks like an attribute name counts as a kind
  const unknown = kind ? undefined : /^([a-z][a-z_]*(?:\.[a-z_]+)*)=./.exec(value)?.[1]
  if (unknown && (unknown.includes('.') || unknown === 'name'))
    throw new BadSubject(
      `--subject "${unknown}=" is not a kind of identifier; use one of ${identifierKinds.join(', ')}`,
    )
  const isEmail = tagIn(value) === 'EMAIL'
  if (kind === 'email' && !isEmail)
    throw new BadSubject('--subject email= is not followed by an e-mail address; for an ID, use user.id=')
  if (kind) return { kind, value }
  return { kind: isEmail ? 'email' : 'user.id', value }
}

/** Messages never include the value, since they may end up in a log. */
function checkValue(value: string): void {
  if (value === '') throw new BadSubject('--subject is empty; pass an ID or an address')
  if (value.length > LONGEST_VALUE)
    throw new BadSubject(`--subject is longer than ${LONGEST_VALUE} characters; pass only the ID`)
  if (/[\p{Cc}\p{Cs}]/u.test(value)) throw new BadSubject('--subject contains control characters; pass only the ID')
  if (/\*|%(?![\da-f]{2})/i.test(value) || !/[\p{L}\p{N}]/u.test(value))
    throw new BadSubject('--subject is a wildcard; pass the full ID or address of one person')
  if (/^\[[A-Z_\d]+(?::.*)?\]$/.test(value))
    throw new BadSubject('--subject is a mask or a pseudonym, which cannot be searched for; pass the original value')
}

/**
 * @param keys pseudonym keys, current and earlier ones
 * @param keyIds named by the user; each must match a key
 * @throws BadSubject for a key id without its key, because its pseudonyms could not be found
 */
export function identityOf(
  identifiers: readonly Identifier[],
  keys: readonly string[],
  keyIds: readonly string[] = [],
): Identity {
  const known = new Map(keys.map(key => [keyIdOf(key), key]))
  const missing = keyIds.find(id => !known.has(id))
  if (missing !== undefined)
    throw new BadSubject(
      `--key-id ${missing} matches no key here, so its pseudonyms would remain; pass the file of that key with --key-file`,
    )
  const pseudonyms = [...known].flatMap(([keyId, key]) =>
    identifiers.flatMap(identifier =>
      pseudonymsOf(identifier, hmacOf(key)).map(value => ({ ...identifier, keyId, value })),
    ),
  )
  return { identifiers, pseudonyms }
}

/**
 * The pseudonyms of a value: as a value on a deny list, for each type that the detectors find in it, and for its kind; and the HMAC of the
 * original text, which a Collector's `redaction` processor writes.
 */
function pseudonymsOf({ kind, value }: Identifier, hmac: (text: string) => string): string[] {
  const tags = new Set<Tag>(['REDACTED'])
  const found = tagIn(value)
  if (found) tags.add(found)
  const ofKind = tagOf[kind]
  if (ofKind) tags.add(ofKind)
  const ofApps = [...tags].map(
    tag => createMasker({ mode: 'pseudonym', types: { [tag]: 'pseudonym' }, hmac })(tag, value) as string,
  )
  const sent = kind === 'email' ? [value, value.toLowerCase()] : [value]
  return [...ofApps, ...new Set(sent.map(hmac))]
}

let redactor: ReturnType<typeof createRedactor> | undefined

/** The type that the detectors assign to the whole text. */
export function tagIn(value: string): Tag | undefined {
  redactor ??= createRedactor()
  const masked = redactor.text(value)
  return isMask(masked) ? (/^\[([A-Z_\d]+)/.exec(masked)?.[1] as Tag) : undefined
}
