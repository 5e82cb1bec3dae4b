/**
 * The list of subjects who objected (GDPR Art. 18 and 21): for each value by which telemetry may name one of them, a keyed HMAC. Who
 * has the list and not the key learns how long it is, and nothing else.
 */
import { hmacOf, keyIdOf } from '../../shared/config/hmac-key'

/** A handle is no pseudonym: by the list alone nobody can say which pseudonyms in the stores are those of subjects who objected. */
export const HANDLE_PREFIX = 'afn.suppression:'
export const HANDLE_DIGITS = 16

/** Attributes whose whole value says who somebody is. Where another value than the subject's stands there, the record is another person's. */
export const personKeys = ['user.id', 'enduser.id', 'langfuse.user.id', 'user.email'] as const

/** What belongs to one person as long as nobody else is in it. */
export const groupKeys = ['session.id', 'gen_ai.conversation.id', 'langfuse.session.id'] as const

/** Attributes of which each may name a subject. */
export const subjectKeys = [...personKeys, ...groupKeys, 'client.address'] as const

export interface SuppressionList {
  /** Names the key of the handles without giving it away. */
  readonly keyId: string
  /** Each has 16 hexadecimal digits. */
  readonly handles: ReadonlySet<string>
}

/** The letters of an e-mail address may be written small or large; of other ids they may differ. */
export const spelling = (value: string): string => (value.includes('@') ? value.toLowerCase() : value)

/** @returns a function that makes the handle of an attribute's value */
export function handlesBy(key: string): (value: string) => string {
  const hmac = hmacOf(key)
  return value => hmac(HANDLE_PREFIX + spelling(value)).slice(0, HANDLE_DIGITS)
}

export const emptyList = (key: string): SuppressionList => ({ keyId: keyIdOf(key), handles: new Set() })

/** @throws Error that says in words what is wrong; it repeats nothing of the text */
export function parseList(text: string): SuppressionList {
  let list: { v?: unknown; keyId?: unknown; handles?: unknown } | null
  try {
    list = JSON.parse(text)
  } catch {
    throw new Error('it is no JSON')
  }
  if (list?.v !== 1) throw new Error('it is no list of version 1')
  const { keyId, handles } = list
  if (typeof keyId !== 'string') throw new Error('it does not say by which key it is made')
  if (!Array.isArray(handles) || !handles.every(isHandle))
    throw new Error(`it has handles that are not ${HANDLE_DIGITS} hexadecimal digits`)
  return { keyId, handles: new Set(handles) }
}

const isHandle = (value: unknown): value is string => typeof value === 'string' && /^[\da-f]{16}$/.test(value)

/** In the order of the digits, so that it does not say who came last. */
export function formatList({ keyId, handles }: SuppressionList): string {
  return `${JSON.stringify({ v: 1, keyId, handles: [...handles].sort() }, undefined, 1)}\n`
}
