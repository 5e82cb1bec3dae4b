/** All sources of series together. A series is of the first source that has its name: what somebody sends goes before what is computed here. */
import type { Matcher } from '../ast'
import { type Labels, METRIC } from '../labels'
import type { Expressions } from '../patterns'
import type { Stored } from '../series'
import type { Reading, Source } from '../source'

/** Series of one kind, such as those of the points in the store. */
export interface SeriesSource {
  /** As a source's. */
  select(matchers: readonly Matcher[], from: number, to: number, reading: Reading): Promise<readonly Stored[]>
  /** @returns the labels of such series, each once */
  labels(matchers: readonly Matcher[], from: number, to: number): Promise<readonly Labels[]>
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

  select(matchers: readonly Matcher[], from: number, to: number, reading: Reading): Promise<readonly Stored[]> {
    return this.#firstByName(
      source => source.select(matchers, from, to, reading),
      ({ labels }) => labels,
    )
  }

  labels(matchers: readonly Matcher[], from: number, to: number): Promise<readonly Labels[]> {
    return this.#firstByName(
      source => source.labels(matchers, from, to),
      labels => labels,
    )
  }

  async #firstByName<T>(
    read: (source: SeriesSource) => Promise<readonly T[]>,
    labelsOf: (one: T) => Labels,
  ): Promise<readonly T[]> {
    const nameOf = (one: T) => labelsOf(one).get(METRIC)
    let found: readonly T[] = []
    for (const source of this.#all) {
      const known = new Set(found.map(nameOf))
      const more = await read(source)
      found = [...found, ...more.filter(one => !known.has(nameOf(one)))]
    }
    return found
  }
}
