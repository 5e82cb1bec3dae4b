// What rules would record in Prometheus, of each evaluation of up: how objectives stand, and which alerts fire. Boards ask for these.

import { idLabels, ratioRecord } from '../../slo/recording-rules'
import { budgetOf } from '../../slo/spec'
import { promDuration } from '../../slo/windows'
import type { Objective, RaisedAlert } from '../api/alert-answers'
import { Labels, METRIC } from '../promql/labels'
import { Column } from '../promql/points/column'
import type { RecordedSeries } from '../promql/points/record-source'

/** Milliseconds for which samples are kept, and how many: who looks at the alerts has them evaluated more often than once a minute. */
const KEPT = 86_400_000
const MOST = 3_000

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

  get series(): RecordedSeries[] {
    return Array.from(this.#series.values(), ({ labels, samples }) => ({
      labels,
      stored(from, to) {
        const column = new Column()
        for (const { time, value, isEnd } of samples) column.add(time, value, { isEnd })
        return column.stored(labels, from, to)
      },
    }))
  }
}

type Recorded = readonly [labels: Labels, value: number]

/** By the names and labels of the rules that src/slo makes. */
function recordsOf(of: Objective): Recorded[] {
  const { objective, figures, burns } = of
  const budget = budgetOf({ objective })
  const record = (metric: string, value: number): Recorded => [
    Labels.of([[METRIC, metric], ...Object.entries(idLabels(of))]),
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
      if (burn === null) return []
      const window = promDuration(seconds)
      const errors = record(ratioRecord(window), burn * budget)
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
