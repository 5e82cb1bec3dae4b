// Reads the evaluation of the Prometheus that `afn-otel up --prometheus` starts, which has the generated rules and all metrics.
import { parts, type Slo } from '../../monitoring/slo/spec'
import { periodSeconds, promDuration, windowSeconds } from '../../monitoring/slo/windows'
import type { Objective } from '../api/alert-answers'
import { activeOf, type Evaluator, keyOfPart, objectiveOf, partBy, partsIn } from './evaluation'

export interface PrometheusEvaluatorOptions {
  /** The base URL of its API. */
  readonly url: string
  /** Rule files that it did not load, by name, with the reason. */
  readonly refused: ReadonlyMap<string, string>
  readonly slos: readonly Slo[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Timeout of a request to Prometheus, in milliseconds. */
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
        query(
          `min by (sloth_id, ${parts.join(', ')}) (min_over_time(timestamp(slo:sli_error:ratio_rate5m)[${longest}:1h]))`,
        ),
      ])
      const failed = groups.flatMap(({ rules }) => rules).filter(({ lastError }) => lastError)
      return {
        active: alerts.map(alert => activeOf({ ...alert, activeAt: Date.parse(alert.activeAt) })),
        objectives: slos.flatMap(slo => recordedObjectives(slo, { records, first, now: now() / 1_000, refused })),
        problems: [
          ...[...refused].map(([name, reason]) => `Prometheus refuses ${name}: ${reason}`),
          ...failed.map(({ name, lastError }) => `Prometheus can't evaluate the rule ${name}: ${lastError}`),
        ],
      }
    },
    recorded: () => [],
  }
}

interface RecordedSamples {
  readonly records: readonly Sample[]
  /** The times at which the records begin, rounded to the hour. */
  readonly first: readonly Sample[]
  /** Seconds since 1970. */
  readonly now: number
  readonly refused: ReadonlyMap<string, string>
}

function recordedObjectives(slo: Slo, { records, first, now, refused }: RecordedSamples): Objective[] {
  const of = (samples: readonly Sample[]) => samples.filter(({ metric }) => metric.sloth_id === slo.id)
  const partOf = ({ metric }: Sample) => partBy(label => metric[label])
  const own = of(records)
  return partsIn(own.map(partOf)).map(part => {
    const isOf = (sample: Sample) => keyOfPart(partOf(sample)) === keyOfPart(part)
    const began = of(first).find(isOf)
    return objectiveOf(slo, {
      ...part,
      value(record) {
        const sample = own.find(one => one.metric.__name__ === record && isOf(one))
        return sample ? Number(sample.value[1]) : null
      },
      unrated: refused.has(`slo-${slo.id}.yml`) ? 'refused' : undefined,
      since: began ? Number(began.value[1]) : now,
      events: null,
      bad: null,
    })
  })
}
