/**
 * A service level objective with all defaults, independent of the file's form. That form, a superset of Sloth's `prometheus/v1`, is in
 * `schema.ts`; `read.ts` converts it.
 */

import { ENVIRONMENT, TEAM } from '../../shared/otlp/origin-labels'
import type { Severity } from '../../shared/severities'

/** Labels that split an objective into parts: failures in one environment or team do not consume the budget of another. */
export const parts: readonly string[] = [ENVIRONMENT, TEAM]

/** Syntax of a latency threshold with its unit. */
export const THRESHOLD = /^([0-9]+([.][0-9]+)?|[.][0-9]+)(ms|s|m|h)$/

/** Rolling periods of error budgets. */
export const periods = ['30d', '28d', '7d'] as const
export type SloPeriod = (typeof periods)[number]

/** Burn rate alerts, fastest first. Sloth calls them page quick, page slow, ticket quick and ticket slow. */
export const tierNames = ['fast_burn', 'medium_burn', 'slow_burn', 'long_term_burn'] as const
export type TierName = (typeof tierNames)[number]

/** All alerts of an SLO: the tiers, an absent metric, and invalid data. */
export type AlertKind = TierName | 'metric_absent' | 'data_invalid'

export const defaultSeverities: Readonly<Record<AlertKind, Severity>> = {
  fast_burn: 'critical',
  medium_burn: 'high',
  slow_burn: 'medium',
  long_term_burn: 'low',
  metric_absent: 'high',
  data_invalid: 'medium',
}

/** Minimum number of failures for an alert of each severity: two failures in sixty requests must not wake anybody. */
export const defaultFailures: Readonly<Record<Severity, number>> = { critical: 10, high: 5, medium: 3, low: 3 }

/**
 * When missing data is a fault: `always`, or if there was data at the same time on the day before. Apps that rarely call models, or run for
 * an hour each night, often have no data.
 */
export const expectations = ['always', 'as_yesterday'] as const

/** Appended to the name of the SLO's alerts. Each has a runbook, `docs/runbooks/SLO….md`. */
export const alertSuffix: Readonly<Record<AlertKind, string>> = {
  fast_burn: 'FastBurn',
  medium_burn: 'MediumBurn',
  slow_burn: 'SlowBurn',
  long_term_burn: 'LongTermBurn',
  metric_absent: 'MetricAbsent',
  data_invalid: 'DataInvalid',
}

/** A condition on an attribute, as in PromQL: expressions are anchored, and a missing attribute equals ''. */
export interface Matcher {
  /** OpenTelemetry's name, such as `http.response.status_code`. */
  readonly attribute: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** All conditions must hold. */
export type Matchers = readonly Matcher[]

export interface Metric {
  /** OpenTelemetry's name, such as `http.server.request.duration`. */
  readonly name: string
  /** UCUM, such as `s`, `ms` or `{evaluation}`. */
  readonly unit: string
  /** In a histogram, each observation is an event. `native`: Prometheus stores it as a native (exponential) histogram. */
  readonly type: 'counter' | 'histogram' | 'native'
}

/** Queries in Sloth's form: PromQL with `{{.window}}` in place of a duration. */
export interface EventsSli {
  readonly kind: 'events'
  readonly errorQuery: string
  readonly totalQuery: string
}

/** A query that returns the share of errors, 0 to 1. */
export interface RawSli {
  readonly kind: 'raw'
  readonly errorRatioQuery: string
}

/** Events of one metric; conditions select the bad or the good ones. */
export interface RatioSli {
  readonly kind: 'ratio'
  readonly metric: Metric
  /** Which events count. */
  readonly where: Matchers
  /** Whether events that match one of the alternatives are bad or good. */
  readonly selects: 'bad' | 'good'
  readonly alternatives: readonly Matchers[]
}

/** Observations of a histogram that should be at most `threshold`. */
export interface LatencySli {
  readonly kind: 'latency'
  readonly metric: Metric
  readonly where: Matchers
  /** In the metric's unit. Histograms that are not native need a bucket boundary exactly there. */
  readonly threshold: number
}

export type Sli = EventsSli | RawSli | RatioSli | LatencySli

/** A time that does not count, such as a maintenance window. */
export type Exclusion =
  | { readonly kind: 'once'; readonly start: Date; readonly end: Date; readonly reason: string }
  | {
      readonly kind: 'weekly'
      /** 0 is Sunday. */
      readonly days: readonly number[]
      /** Minutes after midnight, UTC; if `to` is less than `from`, it ends on the next day. */
      readonly from: number
      readonly to: number
      readonly reason: string
    }

/** Labels and annotations that the file adds to an alert. */
export interface AlertExtras {
  readonly disabled: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface Slo {
  /** `service-name`, as in Sloth; unique. */
  readonly id: string
  readonly service: string
  readonly name: string
  /** '' if the file has none. */
  readonly description: string
  /** Percent, greater than 0 and less than 100. */
  readonly objective: number
  readonly period: SloPeriod
  /** Added to every rule. */
  readonly labels: Readonly<Record<string, string>>
  readonly sli: Sli
  readonly alerts: {
    /** In UpperCamelCase, without the suffix of each alert. */
    readonly name: string
    /** For the first two tiers. */
    readonly page: AlertExtras
    /** For the last two tiers. */
    readonly ticket: AlertExtras
    /** `off`: the alert does not exist. */
    readonly severities: Readonly<Record<AlertKind, Severity | 'off'>>
    readonly expectsData: (typeof expectations)[number]
  }
  /** What a tier needs in its long window to fire: failures by severity, and a total number of events. */
  readonly lowTraffic: { readonly failures: Readonly<Record<Severity, number>>; readonly events: number }
  readonly exclude: readonly Exclusion[]
  /** `sloth`: exactly Sloth's rules, without ours. */
  readonly compat: 'sloth' | undefined
}

/**
 * The labels that split the objective. Labels set in the file do not: an objective with `labels: {team: pay}` covers series of all teams.
 */
export const partsOf = ({ labels }: Pick<Slo, 'labels'>): string[] => parts.filter(label => !(label in labels))

/** The share of events that may fail, 0 to 1, without rounding noise. */
export const budgetOf = ({ objective }: Pick<Slo, 'objective'>): number => tidy((100 - objective) / 100)

/** Rounds to the digits that are reliable after arithmetic with doubles, so 0.1 + 0.2 is 0.3. */
export const tidy = (value: number): number => Number(value.toPrecision(12))
