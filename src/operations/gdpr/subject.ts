/**
 * A data subject, and everything by which the stores may know this person: the identifiers as they are, and their pseudonyms under
 * each key, since a store keeps what was sent under last year's key too.
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
  /** As in `afn.redaction.key_id` of a resource. */
  readonly keyId: string
  /** `[TAG:` and 16 hexadecimal digits and `]`; all 64 digits where a Collector has masked it. */
  readonly value: string
}

export interface Identity {
  readonly identifiers: readonly Identifier[]
  readonly pseudonyms: readonly Pseudonym[]
}

/** What the user wrote can't be a subject. Its message is for the user. */
export class BadSubject extends Error {}

/** Characters of an identifier. */
export const LONGEST_VALUE = 1_024
const tagOf: Partial<Record<IdentifierKind, Tag>> = { email: 'EMAIL', phone: 'PHONE', ip: 'IP' }

/**
 * @param texts each `KIND=VALUE`, or a value alone: an e-mail address is an `email`, everything else a `user.id`
 * @returns without repetitions, in an order that does not depend on that of the texts
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
  // an id may have a `=` itself, so only what looks like the name of an attribute is taken for one
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

/** The messages repeat nothing of the value: they may end up in a log. */
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
 * @param keys of pseudonyms, today's and those before it
 * @param keyIds that the user named: each has to be that of a key
 * @throws BadSubject for a key id without its key: what is under that key can't be found
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
 * Of a value that a list denies as a whole, of what the detectors find in it, and of what its kind says; and of a Collector, whose `redaction`
 * writes the HMAC itself, of the text as it was sent.
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

/** The kind of value that the detectors make of the whole text. */
export function tagIn(value: string): Tag | undefined {
  redactor ??= createRedactor()
  const masked = redactor.text(value)
  return isMask(masked) ? (/^\[([A-Z_\d]+)/.exec(masked)?.[1] as Tag) : undefined
}
