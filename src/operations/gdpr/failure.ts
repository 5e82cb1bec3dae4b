/** What a store says of a failure, as it may be kept. */
import { matcherOf } from './person-attributes'
import type { Identity } from './subject'

const TRACE_ID = /[\da-f]{32}/i

/** It may repeat the question. */
export function messageWithout(identity: Identity, message: string): string {
  const { identifiers, pseudonyms } = identity
  const names =
    [...identifiers, ...pseudonyms].some(({ value }) => message.includes(value)) ||
    matcherOf(identity).text(message) ||
    TRACE_ID.test(message)
  return names ? 'it failed; its message names the subject and is not kept' : message
}
