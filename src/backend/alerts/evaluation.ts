// One evaluation of the objectives at one moment, by the embedded backend (own-evaluator.ts) or by a Prometheus (prometheus-evaluator.ts).
// Both follow the same rules.

import { burnRate } from '../../monitoring/slo/burn-rate'
import { ratioRecord } from '../../monitoring/slo/recording-rules'
import type { Slo } from '../../monitoring/slo/spec'
import { periodSeconds, promDuration, windowSeconds } from '../../monitoring/slo/windows'
import { ENVIRONMENT, TEAM } from '../../shared/otlp/origin-labels'
import type { Objective, ObjectiveFigures, RaisedAlert } from '../api/alert-answers'
import type { RecordedSeries } from '../promql/points/record-source'

/** An alert whose condition holds. */
export interface ActiveAlert
  extends Pick<RaisedAlert, 'name' | 'severity' | 'service' | 'environment' | 'team' | 'summary' | 'description'> {
  /** Identifies the alert across evaluations. */
  readonly key: string
  readonly state: 'pending' | 'firing'
  /** When the condition became true, in seconds since 1970; undefined if it did with this evaluation. */
  readonly since: number | undefined
  /** The labels that notifications carry. */
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface Evaluation {
  readonly active: readonly ActiveAlert[]
  readonly objectives: readonly Objective[]
  /** One sentence each. */
  readonly problems: readonly string[]
}

export interface Evaluator {
  readonly by: 'up' | 'prometheus'
  /** @param signal aborts once nobody waits for the result */
  evaluate(signal: AbortSignal): Promise<Evaluation>
  /** The series that the rules recorded, if this process has them. */
  recorded(): readonly RecordedSeries[]
}

/** An alert of Prometheus. Its rule sets the severity, the service and the texts. */
export interface RuleAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly state: ActiveAlert['state']
  /** Milliseconds since 1970. */
  readonly activeAt: number
}

export const activeOf = ({ labels, annotations, state, activeAt }: RuleAlert): ActiveAlert => ({
  key: JSON.stringify(Object.entries(labels).sort()),
  name: labels.alertname ?? '',
  severity: labels.severity ?? '',
  service: labels.service ?? '',
  environment: labels.environment ?? '',
  team: labels.team ?? '',
  state,
  since: activeAt / 1_000,
  summary: annotations.summary ?? '',
  description: annotations.description ?? '',
  labels,
  annotations,
})

/** The environment and the team of a record; '' for none. */
export type SloPartition = Pick<Objective, 'environment' | 'team'>

/** @param of returns the value of a label */
export const partBy = (of: (label: string) => string | undefined): SloPartition => ({
  environment: of(ENVIRONMENT) ?? '',
  team: of(TEAM) ?? '',
})

export const keyOfPart = ({ environment, team }: SloPartition): string => JSON.stringify([environment, team])

/** Each partition once, sorted; a single one without names if there are no records. */
export function partsIn(found: readonly SloPartition[]): readonly SloPartition[] {
  const parts = new Map(found.map(part => [keyOfPart(part), part]))
  return parts.size > 0 ? [...parts.keys()].sort().map(key => parts.get(key)!) : [{ environment: '', team: '' }]
}

/** The state of an objective, from what its rules recorded. */
export interface RecordsOfSlo extends Omit<ObjectiveFigures, 'left'>, SloPartition {
  /** The last value of a recording rule. */
  value(record: string): number | null
  /** Why the objective can't be rated. */
  readonly unrated: Exclude<Objective['state'], 'rated' | 'no_events'> | undefined
}

export function objectiveOf(slo: Slo, { environment, team, value, unrated, ...known }: RecordsOfSlo): Objective {
  const { id, service, name, objective, period } = slo
  const burns = windowSeconds.map(seconds => {
    const ratio = value(ratioRecord(promDuration(seconds)))
    return { seconds, burn: ratio === null ? null : burnRate(slo, ratio) }
  })
  const left = value('slo:period_error_budget_remaining:ratio')
  const isRated = left !== null || burns.some(({ burn }) => burn !== null)
  return {
    ...{ id, service, name, environment, team, objective, period: periodSeconds[period] },
    state: unrated ?? (isRated ? 'rated' : 'no_events'),
    figures: unrated || left === null ? null : { ...known, left },
    burns: unrated ? [] : burns,
  }
}
