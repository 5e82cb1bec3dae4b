/** The inputs of the compiler besides the syntax tree. */
import type { Store } from '../store/store'
import type { Query } from './ast'
import { type KnownKeys, knownKeys } from './known-keys'
import { checkPatterns } from './patterns'

export interface Context {
  /** The text of the query, for error messages. */
  readonly text: string
  /** Receives a line for each construct for which Tempo's own answer would be useless. */
  readonly warnings: Set<string>
  readonly keys: KnownKeys
  /** The sequence number of the last span in the index of words; -1 if the query must not use the index. */
  readonly indexed: number
}

/** @throws TraceqlError for an invalid regular expression */
export async function contextOf(store: Store, query: Query): Promise<Context> {
  await checkPatterns(store, query)
  return contextOfText(store, query.text)
}

/** For a fragment that is not a query by itself. */
export async function contextOfText(store: Store, text: string): Promise<Context> {
  return { text, warnings: new Set(), keys: await knownKeys(store), indexed: store.vitals.words.last }
}
