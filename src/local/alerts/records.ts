// What rules would record in Prometheus, of each evaluation of up: how objectives stand, and which alerts fire. Boards ask for these.
import type { Objective, RaisedAlert } from '../api/alert-answers'
import { Labels, METRIC } from '../promql/labels'
import { Column } from '../promql/points/column'
import type { Stored } from '../promql/series'

/** Milliseconds for which samples are kept, and how many: who looks at the alerts has them evaluated more often than once a minute. */
const KEPT = 86_400_000
const MOST = 3_000

const HOUR = 3_600
/** Names of Sloth's, by the seconds of the window. */
const windows: Readonly<Record<number, string>> = {
  300: '5m',
  1800: '30m',
  [HOUR]: '1h',
  [2 * HOUR]: '2h',
  [6 * HOUR]: '6h',
  [24 * HOUR]: '1d',
  [72 * HOUR]: '3d',
}

interface Sample {
  readonly time: number
  readonly value: number
  /** The series ends here for now. */
  readonly isEnd: boolean
}

export class Records {
  readonly #series = new Map<string, { readonly labels: Labels; samples: Sample[] }>()

  /** @param at milliseconds since 1970 */
  add(objectives: readonly Objective[], alerts: readonly RaisedAlert[], at: number): void {
    const current = new Map(
      [...objectives.flatMap(recordsOf), ...alerts.flatMap(alertOf)].map(one => [one[0].key, one]),
    )
    for (const [key, { labels, samples }] of this.#series) {
      if (!current.has(key) && !samples.at(-1)!.isEnd) samples.push({ time: at, value: 0, isEnd: true })
      const kept = samples.slice(-MOST).filter(({ time }) => time > at - KEPT)
      if (kept.length > 0) this.#series.set(key, { labels, samples: kept })
      else this.#series.delete(key)
    }
    for (const [key, [labels, value]] of current) {
      const known = this.#series.get(key) ?? { labels, samples: [] }
      known.samples.push({ time: at, value, isEnd: false })
      this.#series.set(key, known)
    }
  }

  /** Samples after `from` up to `to`, in milliseconds. */
  stored(from: number, to: number): Stored[] {
    return [...this.#series.values()].flatMap(({ labels, samples }) => {
      const column = new Column()
      for (const { time, value, isEnd } of samples) column.add(time, value, isEnd)
      return column.stored(labels, from, to) ?? []
    })
  }
}

type Recorded = readonly [labels: Labels, value: number]

/** By the names and labels of the rules that src/slo makes. */
function recordsOf({ id, service, name, objective, figures, burns }: Objective): Recorded[] {
  const budget = 1 - objective / 100
  const record = (metric: string, value: number): Recorded => [
    Labels.of([
      [METRIC, metric],
      ['sloth_id', id],
      ['sloth_service', service],
      ['sloth_slo', name],
    ]),
    value,
  ]
  return [
    record('slo:objective:ratio', objective / 100),
    record('slo:error_budget:ratio', budget),
    ...(figures
      ? [
          record('slo:period_error_budget_remaining:ratio', figures.left),
          record('slo:period_burn_rate:ratio', 1 - figures.left),
        ]
      : []),
    ...burns.flatMap(({ seconds, burn }) => {
      const window = windows[seconds]
      if (window === undefined || burn === null) return []
      const errors = record(`slo:sli_error:ratio_rate${window}`, burn * budget)
      return window === '5m' ? [errors, record('slo:current_burn_rate:ratio', burn)] : [errors]
    }),
  ]
}

const alertOf = ({ name, severity, state, service }: RaisedAlert): Recorded[] =>
  state === 'resolved'
    ? []
    : [
        [
          Labels.of([
            [METRIC, 'ALERTS'],
            ['alertname', name],
            ['alertstate', state],
            ['severity', severity],
            ['service', service],
          ]),
          1,
        ],
      ]
