/** Turns the observations of a function over spans into series. */
import type { FirstStage, MetricsFunction } from '../ast'
import { type Bucket, quantile } from './buckets'
import { comparison } from './comparison'
import { type Candidate, type Candidates, withExemplars } from './exemplars'
import { filled, type MetricsGrid } from './grid'
import type { Observing } from './matched'
import { type Counting, type Observation, observe } from './observe'
import { getOrAdd, keyOf, type Label, type MetricsSeries, named, type SeriesSet, setOf } from './series'

/** @param exemplars maximum number; 0 for none */
export async function firstStage(stage: FirstStage, observing: Observing, exemplars: number): Promise<SeriesSet> {
  const metric = stage.function
  if (metric.op === 'compare') return comparison({ ...stage, function: metric }, observing)
  const { store, grid } = observing
  const observed = await observe({ ...stage, function: metric }, observing)
  const made =
    metric.op === 'quantile_over_time' ? quantiles(metric.quantiles, observed, grid) : plain(metric, observed, grid)
  const set = setOf(made.series)
  return exemplars === 0 ? set : withExemplars(store, grid, set, made.candidates, exemplars)
}

interface Made {
  readonly series: readonly MetricsSeries[]
  readonly candidates: Candidates
}

/** Counts are 0 in steps without spans; other functions have no value there. */
function plain(metric: Counting, observed: readonly Observation[], grid: MetricsGrid): Made {
  const otherwise = countingFunctions.has(metric.op) ? 0 : Number.NaN
  const unit = metric.op === 'rate' ? Number(grid.step) / 1e9 : 1
  const found = new Map<string, MetricsSeries & { readonly values: number[] }>()
  const candidates = new Map<string, Map<number, Candidate>>()
  const seriesOf = (key: string, labels: readonly Label[]) =>
    getOrAdd(found, key, () => ({ labels, values: filled(grid, otherwise), exemplars: [] }))
  // without by() there is exactly one series, even if no span matches
  if (metric.op === 'rate' || metric.op === 'count_over_time')
    if (metric.by.length === 0) seriesOf('', [named(metric.op)])
  for (const one of observed) {
    const labels = labelsOf(metric, one)
    const key = keyOf(labels)
    seriesOf(key, labels).values[one.step] = one.value / unit
    getOrAdd(candidates, key, () => new Map()).set(one.step, one.candidate)
  }
  return { series: [...found.values()], candidates }
}

const countingFunctions: ReadonlySet<MetricsFunction['op']> = new Set([
  'rate',
  'count_over_time',
  'histogram_over_time',
])

function labelsOf({ op, by }: Counting, { labels, bucket }: Observation): readonly Label[] {
  if (bucket !== undefined) return [...labels, { key: '__bucket', value: { doubleValue: bucket } }]
  return by.length === 0 ? [named(op)] : labels
}

/** One series per quantile; its value is 0 in steps without spans, as in Tempo. */
function quantiles(shares: readonly number[], observed: readonly Observation[], grid: MetricsGrid): Made {
  const found = new Map<string, { labels: readonly Label[]; steps: Map<number, Observation[]> }>()
  for (const one of observed) {
    const { steps } = getOrAdd(found, keyOf(one.labels), () => ({ labels: one.labels, steps: new Map() }))
    getOrAdd(steps, one.step, () => []).push(one)
  }
  const candidates = new Map<string, Map<number, Candidate>>()
  const series = Array.from(found.values()).flatMap(({ labels, steps }) => {
    const ofShares = shares.map(share => ({
      labels: [...labels, { key: 'p', value: { doubleValue: share } }],
      values: filled(grid, 0),
      exemplars: [],
    }))
    for (const [step, seen] of steps) {
      const buckets = bucketsOf(seen)
      for (const [index, share] of shares.entries()) ofShares[index]!.values[step] = quantile(share, buckets)
      for (const { candidate } of seen) {
        const distance = ({ values }: MetricsSeries) => Math.abs(values[step]! - candidate.value)
        const nearest = ofShares.reduce((best, one) => (distance(one) < distance(best) ? one : best))
        getOrAdd(candidates, keyOf(nearest.labels), () => new Map()).set(step, candidate)
      }
    }
    return ofShares
  })
  return { series, candidates }
}

function bucketsOf(seen: readonly Observation[]): Bucket[] {
  return seen.map(({ bucket = 0, value }) => ({ bound: bucket, count: value })).sort((a, b) => a.bound - b.bound)
}
