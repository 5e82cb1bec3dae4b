// What the Prometheus that `afn-otel up --prometheus` starts says: it has the generated rules, and all metrics.
import { ratioRecord } from '../../slo/recording-rules'
import { budgetOf, type Slo } from '../../slo/spec'
import { periodSeconds, promDuration, windowSeconds } from '../../slo/windows'
import type { Objective } from '../api/alert-answers'
import { type ActiveAlert, type Evaluator, objectiveOf } from './evaluation'

export interface PrometheusEvaluatorOptions {
  /** Of its API. */
  readonly url: string
  /** Rule files that it has not, by name, and why. */
  readonly refused: ReadonlyMap<string, string>
  readonly slos: readonly Slo[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Milliseconds for one answer of it. */
const PATIENCE = 10_000

interface Alert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing'
  readonly activeAt: string
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

interface Rule {
  readonly name: string
  readonly lastError?: string
}

export function prometheusEvaluator({ url, refused, slos, now }: PrometheusEvaluatorOptions): Evaluator {
  return {
    by: 'prometheus',
    async evaluate(signal) {
      const ask = async <T>(path: string, parameters: Record<string, string> = {}): Promise<T> => {
        const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
        const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`, { signal: patience })
        const { data, error } = (await response.json()) as { data: T; error?: string }
        if (!response.ok) throw new Error(`Prometheus: ${error}`)
        return data
      }
      const query = async (text: string) => (await ask<{ result: Sample[] }>('query', { query: text })).result
      const longest = promDuration(Math.max(...windowSeconds, ...slos.map(({ period }) => periodSeconds[period])))
      const [{ alerts }, { groups }, records, first] = await Promise.all([
        ask<{ alerts: Alert[] }>('alerts'),
        ask<{ groups: { rules: Rule[] }[] }>('rules', { exclude_alerts: 'true' }),
        query('{__name__=~"slo:sli_error:ratio_rate.+|slo:period_error_budget_remaining:ratio"}'),
        query(`min by (sloth_id) (min_over_time(timestamp(slo:sli_error:ratio_rate5m)[${longest}:1h]))`),
      ])
      const failed = groups.flatMap(({ rules }) => rules).filter(({ lastError }) => lastError)
      return {
        active: alerts.map(activeOf),
        objectives: slos.map(slo => recordedObjective(slo, { records, first, now: now() / 1_000, refused })),
        problems: [
          ...[...refused].map(([name, reason]) => `Prometheus refuses ${name}: ${reason}`),
          ...failed.map(({ name, lastError }) => `Prometheus can't evaluate the rule ${name}: ${lastError}`),
        ],
      }
    },
  }
}

function activeOf({ labels, annotations, state, activeAt }: Alert): ActiveAlert {
  return {
    key: JSON.stringify(Object.entries(labels).sort()),
    name: labels.alertname ?? '',
    severity: labels.severity ?? '',
    service: labels.service ?? '',
    state,
    since: Date.parse(activeAt) / 1_000,
    summary: annotations.summary ?? '',
    description: annotations.description ?? '',
  }
}

interface Recorded {
  readonly records: readonly Sample[]
  /** When the records begin, to the hour. */
  readonly first: readonly Sample[]
  /** Seconds since 1970. */
  readonly now: number
  readonly refused: ReadonlyMap<string, string>
}

function recordedObjective(slo: Slo, { records, first, now, refused }: Recorded): Objective {
  const own = records.filter(({ metric }) => metric.sloth_id === slo.id)
  const value = (record: string): number | null => {
    const sample = own.find(({ metric }) => metric.__name__ === record)
    return sample ? Number(sample.value[1]) : null
  }
  const burns = windowSeconds.map(seconds => {
    const ratio = value(ratioRecord(promDuration(seconds)))
    return { seconds, burn: ratio === null ? null : ratio / budgetOf(slo) }
  })
  const left = value('slo:period_error_budget_remaining:ratio')
  const began = first.find(({ metric }) => metric.sloth_id === slo.id)
  const since = began ? Number(began.value[1]) : now
  const figures = left === null ? null : { since, events: null, bad: null, left }
  const isRated = figures !== null || burns.some(({ burn }) => burn !== null)
  const state = refused.has(`slo-${slo.id}.yml`) ? 'refused' : isRated ? 'rated' : 'no_events'
  return objectiveOf(slo, state, { figures, burns })
}
