/** Reads series that several queries need only once, for the longest range that any of them needs. */
import type { Matcher } from '../ast'
import type { StoredSeries } from '../series'
import type { SelectContext } from '../source'
import type { SeriesSource } from './sources'

export interface Needed {
  readonly matchers: readonly Matcher[]
  readonly from: number
  readonly to: number
}

export class ReadOnce implements SeriesSource {
  readonly #source: SeriesSource
  readonly #needed = new Map<string, { from: number; to: number }>()
  readonly #read = new Map<string, Promise<readonly StoredSeries[]>>()

  constructor(source: SeriesSource, needed: readonly Needed[]) {
    this.#source = source
    for (const { matchers, from, to } of needed) {
      const key = JSON.stringify(matchers)
      const known = this.#needed.get(key) ?? { from, to }
      this.#needed.set(key, { from: Math.min(known.from, from), to: Math.max(known.to, to) })
    }
  }

  /** @returns a longer range than requested if another query needs it */
  select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
    reading: SelectContext,
  ): Promise<readonly StoredSeries[]> {
    const key = JSON.stringify(matchers)
    const window = this.#needed.get(key) ?? { from, to }
    const found = this.#read.get(key) ?? this.#source.select(matchers, window.from, window.to, reading)
    this.#read.set(key, found)
    return found
  }

  labels: SeriesSource['labels'] = (...question) => this.#source.labels(...question)
}
