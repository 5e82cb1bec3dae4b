// Reads members of Google's documents. Requests may use both styles that protobuf's JSON allows, `maxOutputTokens` and `max_output_tokens`;
// answers use the first.
import type { Doc } from '../../wire/json'

/** @param name in camel case */
export function member(from: Doc | undefined, name: string): unknown {
  return from?.[name] ?? from?.[snake(name)]
}

/** Fields of a request in both styles. */
export function inBothStyles(...names: string[]): Record<string, true> {
  return Object.fromEntries(names.flatMap(name => [name, snake(name)]).map(name => [name, true]))
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}
