// Types of the answers about alerts and objectives, as in answers.ts. Times are seconds since 1970.

export interface RaisedAlert {
  readonly name: string
  /** critical, high, medium or low. Foreign rules may set any other value; empty if they set none. */
  readonly severity: string
  /** Pending: the condition holds, but not yet for the rule's `for`. */
  readonly state: 'pending' | 'firing' | 'resolved'
  /** When the condition became true. */
  readonly since: number
  readonly resolved: number | null
  readonly service: string
  /** '' for none. */
  readonly environment: string
  /** '' for none. */
  readonly team: string
  readonly summary: string
  readonly description: string
}

/** The state of an objective over its period. */
export interface ObjectiveFigures {
  /** The time of the first known event in the period. */
  readonly since: number
  /** Null if Prometheus rates, because it records only ratios. */
  readonly events: number | null
  readonly bad: number | null
  /** The share of the error budget that is left; below 0 if it is overspent. */
  readonly left: number
}

export interface Objective {
  readonly id: string
  readonly service: string
  readonly name: string
  /** Each environment, and each team in it, has its own budget; '' for none. */
  readonly environment: string
  readonly team: string
  /** In percent. */
  readonly objective: number
  /** In seconds. */
  readonly period: number
  /**
   * `no_edge`: the histogram has no bucket edge at the threshold; `refused`: the evaluator rejects the rules; `native`: native histograms
   * need a Prometheus.
   */
  readonly state: 'rated' | 'no_events' | 'no_edge' | 'refused' | 'native'
  /** Null if the objective is not rated, or not yet. */
  readonly figures: ObjectiveFigures | null
  /** The burn rate by window: 1 spends the budget exactly over the period; null if there were no events. */
  readonly burns: readonly { readonly seconds: number; readonly burn: number | null }[]
}

/** `GET /api/afn/alerts` */
export interface AlertsAnswer {
  /** Who rates: the embedded backend over its own store, or the Prometheus next to it. */
  readonly by: 'up' | 'prometheus'
  /** When that was done last; null: not yet. */
  readonly evaluated: number | null
  /** What is wrong with files, or with whoever rates; a sentence each. */
  readonly problems: readonly string[]
  /** Those that fire, the most severe first, then those that were resolved within a day. */
  readonly alerts: readonly RaisedAlert[]
  readonly objectives: readonly Objective[]
}
