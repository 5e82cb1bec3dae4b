// What whoever rates objectives says of them at one moment: the embedded backend (own-evaluator.ts) or a Prometheus (prometheus-evaluator.ts).
import type { Slo } from '../../slo/spec'
import { periodSeconds } from '../../slo/windows'
import type { Objective, RaisedAlert } from '../api/alert-answers'

/** An alert whose condition holds. */
export interface ActiveAlert extends Pick<RaisedAlert, 'name' | 'severity' | 'service' | 'summary' | 'description'> {
  /** The same for as long as it is the same alert. */
  readonly key: string
  readonly state: 'pending' | 'firing'
  /** When its condition became true, in seconds since 1970; undefined: with this evaluation. */
  readonly since: number | undefined
}

export interface Evaluation {
  readonly active: readonly ActiveAlert[]
  readonly objectives: readonly Objective[]
  /** A sentence each. */
  readonly problems: readonly string[]
}

export interface Evaluator {
  readonly by: 'up' | 'prometheus'
  /** @param signal aborts when nobody waits for it any more */
  evaluate(signal: AbortSignal): Promise<Evaluation>
}

export function objectiveOf(
  slo: Slo,
  state: Objective['state'],
  rated: Partial<Pick<Objective, 'figures' | 'burns'>> = {},
): Objective {
  const { id, service, name, objective, period } = slo
  return { id, service, name, objective, period: periodSeconds[period], state, figures: null, burns: [], ...rated }
}
