/** The section `dashboard_config` of `monitoring-config.json`, in the form that its schema has. */
import type { GridPos, Level, PanelType, Store } from '../board'
import type { Language } from '../words'

export interface OwnBoard {
  readonly uid: string
  readonly title: string
  readonly description?: string
  readonly language?: Language
  readonly based_on?: string
  readonly panels: readonly OwnPanel[]
}

export interface OwnPanel {
  readonly title: string
  readonly description?: string
  readonly type: PanelType
  readonly unit: string
  readonly queries: readonly OwnQuery[]
  readonly place?: GridPos
  readonly thresholds?: readonly { readonly from?: number; readonly level: Level }[]
  readonly links?: readonly { readonly title: string; readonly url: string }[]
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
  readonly stacked?: boolean
  readonly since?: 'day' | 'month'
  readonly empty?: string
}

interface OwnSeries {
  readonly legend?: string
  readonly store?: Store
}
export interface OwnPromql extends OwnSeries {
  readonly query: string
}
export type Show = 'rate' | 'total' | 'last' | 'p50' | 'p90' | 'p95' | 'p99'
export type Condition = string | { readonly regex: string } | { readonly not: string }
export interface OwnMetric extends OwnSeries {
  /** By OpenTelemetry's name. */
  readonly metric: string
  readonly show: Show
  readonly by?: readonly string[]
  readonly where?: Readonly<Record<string, Condition>>
}
export type OwnQuery = OwnPromql | OwnMetric
