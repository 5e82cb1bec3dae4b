/** A metric that is counted from the spans of the store, in SQL. */
import { labelName } from '../../../shared/otlp/prometheus-names'
import { attribute } from '../../store/columns'

export interface SpanCounter {
  /** What is added up, by the name of its series; of a bucket with its edge. */
  readonly parts: readonly { readonly name: string; readonly le?: string; readonly sum: string }[]
  readonly labels: readonly (readonly [label: string, sql: string])[]
  readonly where: string
  /** Whether its series tell the team of the app. */
  readonly byTeam?: boolean
  /** An attribute without which nothing is counted: where no span has it, no span is read. */
  readonly needs?: string
}

/** Labels of span attributes, under Prometheus' names. */
export const named = (...keys: readonly string[]): [label: string, sql: string][] =>
  keys.map(key => [labelName(key)!, `coalesce(${attribute('span', key, 'string')}, '')`])
