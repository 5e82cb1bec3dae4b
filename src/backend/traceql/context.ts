/** What compiling a query needs besides its tree. */
import type { Store } from '../store/store'
import type { Query } from './ast'
import { type KnownKeys, knownKeys } from './known-keys'
import { checkPatterns } from './patterns'

export interface Context {
  /** The query, for messages. */
  readonly text: string
  /** Gets a line for each place where Tempo would answer what nobody can want. */
  readonly warnings: Set<string>
  readonly keys: KnownKeys
  /** The number of the last span that is in the index of words; -1 where it is not to be used. */
  readonly indexed: number
}

/** @throws TraceqlError for a regular expression that is none */
export async function contextOf(store: Store, query: Query): Promise<Context> {
  await checkPatterns(store, query)
  return contextOfText(store, query.text)
}

/** For parts of a query that are no query as a whole. */
export async function contextOfText(store: Store, text: string): Promise<Context> {
  return { text, warnings: new Set(), keys: await knownKeys(store), indexed: store.vitals.words.last }
}
