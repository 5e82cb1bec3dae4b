/**
 * What a service level objective is after it was read: every default is filled in, and nothing in it depends on the form of the file.
 * The file's own form, a superset of Sloth's `prometheus/v1`, is `schema.ts`; `read.ts` leads from one to the other.
 */

import { ENVIRONMENT, TEAM } from '../../shared/otlp/origin-labels'
import type { Severity } from '../../shared/severities'

/** Labels of series by which an objective is one of each: what fails in one environment, or of one team, burns no budget of another. */
export const parts: readonly string[] = [ENVIRONMENT, TEAM]

/** How the threshold of a latency SLI is written, with its unit. */
export const THRESHOLD = /^([0-9]+([.][0-9]+)?|[.][0-9]+)(ms|s|m|h)$/

/** The time over which a budget is counted, rolling. */
export const periods = ['30d', '28d', '7d'] as const
export type SloPeriod = (typeof periods)[number]

/** Alerts about how fast the budget burns, the fastest first. Sloth calls them page quick, page slow, ticket quick and ticket slow. */
export const tierNames = ['fast_burn', 'medium_burn', 'slow_burn', 'long_term_burn'] as const
export type TierName = (typeof tierNames)[number]

/** Every alert of an SLO: besides the tiers, that its metric is gone, and that its numbers can't be right. */
export type AlertKind = TierName | 'metric_absent' | 'data_invalid'

export const defaultSeverities: Readonly<Record<AlertKind, Severity>> = {
  fast_burn: 'critical',
  medium_burn: 'high',
  slow_burn: 'medium',
  long_term_burn: 'low',
  metric_absent: 'high',
  data_invalid: 'medium',
}

/** How many failures an alert of each severity needs: two of sixty requests wake nobody. */
export const defaultFailures: Readonly<Record<Severity, number>> = { critical: 10, high: 5, medium: 3, low: 3 }

/**
 * When data that ends is a fault: `always`, or where it was there at the same time of the day before. An app that calls no models,
 * or runs for an hour of each night, has none otherwise.
 */
export const expectations = ['always', 'as_yesterday'] as const

/** What is added to the name of the SLO's alerts. A runbook of each is `docs/runbooks/SLO….md`. */
export const alertSuffix: Readonly<Record<AlertKind, string>> = {
  fast_burn: 'FastBurn',
  medium_burn: 'MediumBurn',
  slow_burn: 'SlowBurn',
  long_term_burn: 'LongTermBurn',
  metric_absent: 'MetricAbsent',
  data_invalid: 'DataInvalid',
}

/** A condition on an attribute, as in PromQL: expressions are anchored at both ends, and an attribute that is missing is ''. */
export interface Matcher {
  /** By OpenTelemetry's name, such as `http.response.status_code`. */
  readonly attribute: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** All must hold. */
export type Matchers = readonly Matcher[]

export interface Metric {
  /** By OpenTelemetry's name, such as `http.server.request.duration`. */
  readonly name: string
  /** In UCUM, such as `s`, `ms` or `{evaluation}`. */
  readonly unit: string
  /** Of a histogram each observation is an event. `native`: stored in Prometheus as a native (exponential) histogram. */
  readonly type: 'counter' | 'histogram' | 'native'
}

/** Queries as Sloth has them: PromQL in which `{{.window}}` stands for a duration. */
export interface EventsSli {
  readonly kind: 'events'
  readonly errorQuery: string
  readonly totalQuery: string
}

/** A query that gives the share of errors, 0 to 1, itself. */
export interface RawSli {
  readonly kind: 'raw'
  readonly errorRatioQuery: string
}

/** Events of one metric, of which some are bad, or all but some. */
export interface RatioSli {
  readonly kind: 'ratio'
  readonly metric: Metric
  /** Which events count. */
  readonly where: Matchers
  /** An event that matches one of the alternatives is `bad`, or is `good`, as `selects` says. */
  readonly selects: 'bad' | 'good'
  readonly alternatives: readonly Matchers[]
}

/** Observations of a histogram that should be at most `threshold`. */
export interface LatencySli {
  readonly kind: 'latency'
  readonly metric: Metric
  readonly where: Matchers
  /** In the unit of the metric. A histogram that isn't native needs a bucket edge exactly there. */
  readonly threshold: number
}

export type Sli = EventsSli | RawSli | RatioSli | LatencySli

/** A time that doesn't count, such as a maintenance window. */
export type Exclusion =
  | { readonly kind: 'once'; readonly start: Date; readonly end: Date; readonly reason: string }
  | {
      readonly kind: 'weekly'
      /** 0 is Sunday. */
      readonly days: readonly number[]
      /** In minutes after midnight, UTC; `to` may be smaller than `from`: then it ends on the next day. */
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
  /** `service-name`, as Sloth makes it; unique. */
  readonly id: string
  readonly service: string
  readonly name: string
  /** '' where the file has none. */
  readonly description: string
  /** In percent, above 0 and below 100. */
  readonly objective: number
  readonly period: SloPeriod
  /** Of every rule. */
  readonly labels: Readonly<Record<string, string>>
  readonly sli: Sli
  readonly alerts: {
    /** In UpperCamelCase; the suffix of each alert is added to it. */
    readonly name: string
    /** Of the first two tiers. */
    readonly page: AlertExtras
    /** Of the last two tiers. */
    readonly ticket: AlertExtras
    /** `off`: there is no such alert. */
    readonly severities: Readonly<Record<AlertKind, Severity | 'off'>>
    readonly expectsData: (typeof expectations)[number]
  }
  /** What a tier needs in its long window before it may fire: by the severity of its alert, and in all. */
  readonly lowTraffic: { readonly failures: Readonly<Record<Severity, number>>; readonly events: number }
  readonly exclude: readonly Exclusion[]
  /** `sloth`: exactly Sloth's rules, without any of ours. */
  readonly compat: 'sloth' | undefined
}

/** Without what the file names itself: an objective with `labels: {team: pay}` is one, whichever team its series name. */
export const partsOf = ({ labels }: Pick<Slo, 'labels'>): string[] => parts.filter(label => !(label in labels))

/** The share of events that may fail, 0 to 1, without the noise of a subtraction. */
export const budgetOf = ({ objective }: Pick<Slo, 'objective'>): number => tidy((100 - objective) / 100)

/** As many digits as a double surely has after some arithmetic: 0.1 + 0.2 is 0.3. */
export const tidy = (value: number): number => Number(value.toPrecision(12))
