/** The metrics in the store, and the names of their series in Prometheus. */
import { type Kind, metricName } from '../../../shared/otlp/prometheus-names'
import type { Row, Store } from '../../store/store'

/** A kind of series that Prometheus derives from a point. `missing`: not derived here. */
export type SeriesKind = 'value' | 'count' | 'sum' | 'bucket' | 'quantile' | 'missing'

export interface Family {
  readonly name: string
  readonly unit: string
  readonly kind: string
  readonly monotonic: boolean
  readonly temporality: number
  /** Keyed by the name of the series. */
  readonly parts: ReadonlyMap<string, SeriesKind>
}

/** All families of a store. Each call only reads the points that arrived since the last one. */
export class Families {
  readonly #store: Pick<Store, 'query'>
  readonly #known = new Map<string, Family>()
  #seq = -1n
  #points = 0
  #learning: Promise<void> | undefined

  constructor(store: Pick<Store, 'query'>) {
    this.#store = store
  }

  /** @returns the families of all points ever stored, and the number of points now in the store */
  async all(): Promise<{ readonly families: readonly Family[]; readonly points: number }> {
    // a concurrent call waits and then reads again, because it may need newer points
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

/** @param row has the columns of a family; @returns undefined if Prometheus has no name for it */
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
  // a native histogram in Prometheus; some queries expect the series of a classic one
  if (kind === 'exponentialHistogram')
    return [name, `${name}_bucket`, ...ofAll.map(([each]) => each)].map(each => [each, 'missing'])
  return [[name, 'value']]
}

const DELTA = 1

/** Whether each point has the change since the previous one. */
export const isDelta = ({ temporality, kind }: Family): boolean =>
  temporality === DELTA && kind !== 'gauge' && kind !== 'summary'
