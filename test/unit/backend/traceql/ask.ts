// A store with the small set, and what searches find in it, as one line.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../../../src/backend/store/store'
import { type SearchAnswer, type SearchOptions, search } from '../../../../src/backend/traceql/search'
import { requests, traces } from './data'

/** ms since 1970 at which the first trace starts. */
export const base = 1_700_000_000_000

export async function smallStore(): Promise<Store> {
  const store = await openStore({ path: ':memory:' })
  for (const request of requests(base)) await store.write('traces', request as Parameters<Store['write']>[1])
  return store
}

/** `trace(span, span) trace(count()=2: span)`, the newest trace first, or what was wrong. */
export async function found(store: Store, query: string, more: Partial<SearchOptions> = {}): Promise<string> {
  try {
    return lineOf(await search(store, query, { limit: 100, spans: 100, ...more }))
  } catch (error) {
    return (error as Error).message
  }
}

const words = Object.keys(traces)

function lineOf(answer: SearchAnswer): string {
  return answer.traces
    .map(({ traceID, spanSets }) => {
      const word = words[Number.parseInt(traceID, 16) - 1]!
      const sets = spanSets.map(({ attributes = [], spans }) => {
        const values = attributes.map(({ key, value }) => `${key}=${Object.values(value ?? {})[0]}: `)
        const names = spans.map(({ spanID }) => traces[word]!.spans[(Number.parseInt(spanID, 16) % 256) - 1]!.name)
        return values.join('') + names.join(', ')
      })
      return `${word}(${sets.join('; ')})`
    })
    .join(' ')
}

/** Query, and what it finds in data.ts. */
export type Answers = [string, string][]

/** A test for each query, by topic. */
export function describeAnswers(topics: [string, Answers][]): void {
  let store: Store
  beforeAll(async () => {
    store = await smallStore()
  })
  afterAll(() => store.close())

  describe.each(topics)('%s', (_, queries) => {
    it.each(queries)('%s', async (query, spans) => {
      expect(await found(store, query)).toBe(spans)
    })
  })
}
