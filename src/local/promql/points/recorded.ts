/** Beside the points of the store what the process itself has recorded. Where somebody sends series of that name, those are the ones. */
import type { Matcher } from '../ast'
import { type Labels, METRIC } from '../labels'
import { acceptedSeries, type Expressions } from '../patterns'
import type { Samples, Stored } from '../series'
import type { LabelledSource } from './span-counts'

export class WithRecords implements LabelledSource {
  readonly #points: LabelledSource
  readonly #recorded: (from: number, to: number) => readonly Stored[]
  readonly matches: Expressions['matches']
  readonly groups: Expressions['groups']

  constructor(points: LabelledSource, recorded: (from: number, to: number) => readonly Stored[]) {
    this.#points = points
    this.#recorded = recorded
    this.matches = (...asked) => points.matches(...asked)
    this.groups = (...asked) => points.groups(...asked)
  }

  async select(matchers: readonly Matcher[], from: number, to: number, samples: Samples): Promise<readonly Stored[]> {
    const stored = await this.#points.select(matchers, from, to, samples)
    const sent = new Set(stored.map(({ labels }) => labels.get(METRIC)))
    const own = (await this.#matching(matchers, from, to)).filter(({ labels }) => !sent.has(labels.get(METRIC)))
    for (const { times } of own) samples.take(times.length)
    return [...stored, ...own]
  }

  async labels(matchers: readonly Matcher[], from: number, to: number): Promise<Labels[]> {
    const own = await this.#matching(matchers, from, to)
    return [...(await this.#points.labels(matchers, from, to)), ...own.map(({ labels }) => labels)]
  }

  async #matching(matchers: readonly Matcher[], from: number, to: number): Promise<Stored[]> {
    const all = this.#recorded(from, to)
    const isWanted = await acceptedSeries(
      matchers,
      all.map(({ labels }) => labels),
      this,
    )
    return all.filter((_, at) => isWanted[at])
  }
}
