/** Encodes series as Tempo's JSON, which follows protobuf: fields that are 0 are omitted. */
import { type MetricsGrid, timestampMs } from './grid'
import type { Label, MetricsSeries, SeriesSet } from './series'

export interface TempoSample {
  readonly timestampMs: string
  readonly value?: number
}

export interface RangeSeries {
  readonly labels: readonly Label[]
  readonly samples: readonly TempoSample[]
  readonly exemplars?: readonly (TempoSample & { readonly labels: readonly Label[] })[]
}

export interface InstantSeries {
  readonly labels: readonly Label[]
  readonly value?: number
}

/** Sorts series by labels and samples by time; drops series without samples. */
export function rangeAnswer(set: SeriesSet, grid: MetricsGrid): RangeSeries[] {
  return ordered(set).flatMap(({ labels, values, exemplars }) => {
    const samples = values.flatMap((value, step) =>
      Number.isNaN(value) ? [] : [{ timestampMs: String(timestampMs(grid, step)), ...unlessZero(value) }],
    )
    if (samples.length === 0) return []
    const shown = [...exemplars]
      .sort((a, b) => Number(a.timestampMs - b.timestampMs))
      .map(({ labels, value, timestampMs }) => ({ labels, ...unlessZero(value), timestampMs: String(timestampMs) }))
    return [{ labels, samples, ...(shown.length > 0 && { exemplars: shown }) }]
  })
}

export function instantAnswer(set: SeriesSet): InstantSeries[] {
  return ordered(set).flatMap(({ labels, values: [value = Number.NaN] }) =>
    Number.isNaN(value) ? [] : [{ labels, ...unlessZero(value) }],
  )
}

const unlessZero = (value: number): { value?: number } => (value === 0 ? {} : { value })

/** Series with fewer labels come first. */
function ordered(set: SeriesSet): MetricsSeries[] {
  const keys = new Map(Array.from(set.values(), series => [series, JSON.stringify(series.labels)]))
  return [...set.values()].sort((a, b) => a.labels.length - b.labels.length || (keys.get(a)! < keys.get(b)! ? -1 : 1))
}
