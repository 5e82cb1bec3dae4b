/** Which metrics the store has, and what their series are called in Prometheus. */
import { type Kind, metricName } from '../../../shared/otlp/prometheus-names'
import type { Row, Store } from '../../store/store'

/** One of the series that Prometheus makes of each point. `missing`: none is made here. */
export type SeriesKind = 'value' | 'count' | 'sum' | 'bucket' | 'quantile' | 'missing'

export interface Family {
  readonly name: string
  readonly unit: string
  readonly kind: string
  readonly monotonic: boolean
  readonly temporality: number
  /** By the name of its series. */
  readonly parts: ReadonlyMap<string, SeriesKind>
}

/** All families of a store. Each point is looked at once: a later call looks at the points that came since. */
export class Families {
  readonly #store: Pick<Store, 'query'>
  readonly #known = new Map<string, Family>()
  #seq = -1n
  #points = 0
  #learning: Promise<void> | undefined

  constructor(store: Pick<Store, 'query'>) {
    this.#store = store
  }

  /** @returns those that had points at any time, and how many points the store has now */
  async all(): Promise<{ readonly families: readonly Family[]; readonly points: number }> {
    // a call that comes during another one reads after it, since it may need points that came since
    while (this.#learning) await this.#learning.catch(() => {})
    this.#learning = this.#learn()
    await this.#learning.finally(() => {
      this.#learning = undefined
    })
    return { families: [...this.#known.values()], points: this.#points }
  }

  async #learn(): Promise<void> {
    const [state] = await this.#store.query(
      'SELECT max(seq) AS last, count(*)::DOUBLE AS points FROM metric_points WHERE seq >= 0',
    )
    this.#points = state!.points as number
    const last = state!.last as bigint | null
    if (last === null || last <= this.#seq) return
    const rows = await this.#store.query(
      'SELECT DISTINCT name, unit, kind, monotonic, temporality FROM metric_points WHERE seq > $1 AND seq <= $2',
      [this.#seq, last],
    )
    for (const row of rows) {
      const family = familyOf(row)
      if (family) this.#known.set(JSON.stringify(row), family)
    }
    this.#seq = last
  }
}

/** @param row with the columns of the family; @returns undefined for what has no name in Prometheus */
function familyOf(row: Row): Family | undefined {
  const { name, unit, kind, monotonic, temporality } = row as unknown as Family
  const translated = metricName(name, unit, kindOf(kind, monotonic))
  return translated === undefined
    ? undefined
    : { name, unit, kind, monotonic, temporality, parts: new Map(partsOf(kind, translated)) }
}

function kindOf(kind: string, isMonotonic: boolean): Kind {
  if (kind === 'gauge') return 'gauge'
  return kind === 'sum' && isMonotonic ? 'counter' : 'other'
}

function partsOf(kind: string, name: string): [string, SeriesKind][] {
  const ofAll: [string, SeriesKind][] = [
    [`${name}_count`, 'count'],
    [`${name}_sum`, 'sum'],
  ]
  if (kind === 'histogram') return [[`${name}_bucket`, 'bucket'], ...ofAll]
  if (kind === 'summary') return [[name, 'quantile'], ...ofAll]
  // it is one series of Prometheus, whose samples are no numbers; some expect the series of another histogram
  if (kind === 'exponentialHistogram')
    return [name, `${name}_bucket`, ...ofAll.map(([each]) => each)].map(each => [each, 'missing'])
  return [[name, 'value']]
}

const DELTA = 1

/** Its points say what was counted since the point before. */
export const isDelta = ({ temporality, kind }: Family): boolean =>
  temporality === DELTA && kind !== 'gauge' && kind !== 'summary'
