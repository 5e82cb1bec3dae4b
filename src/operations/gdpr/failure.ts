/** A store's error message in a form that may be kept. */
import { matcherOf } from './person-attributes'
import type { Identity } from './subject'

const TRACE_ID = /[\da-f]{32}/i

/** Replaces a message that names the subject: a store may repeat the query. */
export function messageWithout(identity: Identity, message: string): string {
  const { identifiers, pseudonyms } = identity
  const names =
    [...identifiers, ...pseudonyms].some(({ value }) => message.includes(value)) ||
    matcherOf(identity).text(message) ||
    TRACE_ID.test(message)
  return names ? 'it failed; its message names the subject and is not kept' : message
}
