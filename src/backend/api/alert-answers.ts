// What the embedded backend answers about alerts and objectives, as types alone, as answers.ts does. Times are seconds since 1970.

export interface RaisedAlert {
  readonly name: string
  /** critical, high, medium or low; of a rule of somebody else whatever it says, else empty. */
  readonly severity: string
  /** Pending: true, but not yet for as long as its rule wants. */
  readonly state: 'pending' | 'firing' | 'resolved'
  /** When it became true. */
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

/** How an objective stands over its period. */
export interface ObjectiveFigures {
  /** The first event of the period that is known. */
  readonly since: number
  /** Null where Prometheus rates: it records rates alone. */
  readonly events: number | null
  readonly bad: number | null
  /** Share of the budget that is left; below 0 when more is gone than there was. */
  readonly left: number
}

export interface Objective {
  readonly id: string
  readonly service: string
  readonly name: string
  /** Each environment, and in it each team, has a budget of its own; '' for none. */
  readonly environment: string
  readonly team: string
  /** In percent. */
  readonly objective: number
  /** In seconds. */
  readonly period: number
  /**
   * `no_edge`: the histogram has no bucket that ends at the threshold; `refused`: whoever rates can't evaluate its rules; `native`: they can't be
   * without a Prometheus.
   */
  readonly state: 'rated' | 'no_events' | 'no_edge' | 'refused' | 'native'
  /** Null where it is not rated, or not yet. */
  readonly figures: ObjectiveFigures | null
  /** How many times faster than evenly the budget burns; null where there were no events. */
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
