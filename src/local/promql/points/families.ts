/** Which metrics the store has, and what their series are called in Prometheus. */
import { type Kind, metricName } from '../../../otlp/prometheus-names'
import type { Row } from '../../store/store'

/** One of the series that Prometheus makes of each point. */
export type Part = 'value' | 'count' | 'sum' | 'bucket' | 'quantile'

export interface Family {
  readonly name: string
  readonly unit: string
  readonly kind: string
  readonly monotonic: boolean
  readonly temporality: number
  /** By the name of its series. */
  readonly parts: ReadonlyMap<string, Part>
}

/** @param row with the columns of the family; @returns undefined for what has no name in Prometheus */
export function familyOf(row: Row): Family | undefined {
  const { name, unit, kind, monotonic, temporality } = row as unknown as Family
  const translated = metricName(name, unit, kindOf(kind, monotonic))
  return translated === undefined
    ? undefined
    : { name, unit, kind, monotonic, temporality, parts: new Map(partsOf(kind, translated)) }
}

function kindOf(kind: string, isMonotonic: boolean): Kind {
  if (kind === 'gauge') return 'gauge'
  return kind === 'sum' && isMonotonic ? 'counter' : 'other'
}

function partsOf(kind: string, name: string): [string, Part][] {
  const ofAll: [string, Part][] = [
    [`${name}_count`, 'count'],
    [`${name}_sum`, 'sum'],
  ]
  if (kind === 'histogram') return [[`${name}_bucket`, 'bucket'], ...ofAll]
  if (kind === 'summary') return [[name, 'quantile'], ...ofAll]
  // an exponential histogram is one series of Prometheus, whose samples are no numbers
  return kind === 'exponentialHistogram' ? [] : [[name, 'value']]
}

const DELTA = 1

/** Its points say what was counted since the point before. */
export const isDelta = ({ temporality, kind }: Family): boolean =>
  temporality === DELTA && kind !== 'gauge' && kind !== 'summary'
