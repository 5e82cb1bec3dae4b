/** Series that rules record in this process, such as the state of objectives. */
import type { Matcher } from '../ast'
import type { Labels } from '../labels'
import { acceptedSeries, type Expressions } from '../patterns'
import type { StoredSeries } from '../series'
import type { SelectContext } from '../source'
import type { SeriesSource } from './sources'

export interface RecordedSeries {
  readonly labels: Labels
  /** Samples after `from` up to `to`, in milliseconds; undefined if there are none. */
  stored(from: number, to: number): StoredSeries | undefined
}

export class RecordSource implements SeriesSource {
  readonly isBeside: boolean
  readonly #recorded: () => readonly RecordedSeries[]
  readonly #expressions: Expressions

  /** @param isBeside for series that senders may send as well, such as `slo_exclude` */
  constructor(recorded: () => readonly RecordedSeries[], expressions: Expressions, isBeside = false) {
    this.isBeside = isBeside
    this.#recorded = recorded
    this.#expressions = expressions
  }

  async select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
    { samples }: SelectContext,
  ): Promise<StoredSeries[]> {
    const found = await this.#matching(matchers, from, to)
    for (const { times } of found) samples.take(times.length)
    return found
  }

  async labels(matchers: readonly Matcher[], from: number, to: number): Promise<Labels[]> {
    const found = await this.#matching(matchers, from, to)
    return found.map(({ labels }) => labels)
  }

  async #matching(matchers: readonly Matcher[], from: number, to: number): Promise<StoredSeries[]> {
    const all = this.#recorded()
    const isWanted = await acceptedSeries(
      matchers,
      all.map(({ labels }) => labels),
      this.#expressions,
    )
    return all.filter((_, at) => isWanted[at]).flatMap(one => one.stored(from, to) ?? [])
  }
}
