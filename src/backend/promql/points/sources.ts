/** Combines all sources of series. Series from senders take precedence over computed ones. */
import type { Matcher } from '../ast'
import { type Labels, METRIC } from '../labels'
import type { Expressions } from '../patterns'
import type { StoredSeries } from '../series'
import type { SelectContext, Source } from '../source'

/** One source of series, such as the points in the store. */
export interface SeriesSource {
  /** As in `Source`. */
  select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
    reading: SelectContext,
  ): Promise<readonly StoredSeries[]>
  /** @returns the distinct labels of such series */
  labels(matchers: readonly Matcher[], from: number, to: number): Promise<readonly Labels[]>
  /** Whether its series may share a metric name with those of earlier sources; by default, earlier sources replace them. */
  readonly isBeside?: boolean
}

export class Sources implements Source {
  readonly #all: readonly SeriesSource[]
  readonly matches: Source['matches']
  readonly groups: Source['groups']

  constructor(all: readonly SeriesSource[], { matches, groups }: Expressions) {
    this.#all = all
    this.matches = matches
    this.groups = groups
  }

  select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
    reading: SelectContext,
  ): Promise<readonly StoredSeries[]> {
    return this.#united(
      source => source.select(matchers, from, to, reading),
      ({ labels }) => labels,
    )
  }

  labels(matchers: readonly Matcher[], from: number, to: number): Promise<readonly Labels[]> {
    return this.#united(
      source => source.labels(matchers, from, to),
      labels => labels,
    )
  }

  async #united<T>(
    read: (source: SeriesSource) => Promise<readonly T[]>,
    labelsOf: (one: T) => Labels,
  ): Promise<readonly T[]> {
    let found: readonly T[] = []
    for (const source of this.#all) {
      const identity = (one: T) => (source.isBeside ? labelsOf(one).key : labelsOf(one).get(METRIC))
      const known = new Set(found.map(identity))
      const more = await read(source)
      found = [...found, ...more.filter(one => !known.has(identity(one)))]
    }
    return found
  }
}
