/** Functions of instant vectors and scalars. */

import { absentWhere, labelsOfAbsent } from './absent'
import { ascending } from './arithmetic'
import type { Call } from './ast'
import { type Bucket, bucketFraction, bucketQuantile } from './buckets'
import { failed } from './error'
import { type Label, Labels } from './labels'
import { mathFunctions, timeFunctions } from './math-functions'
import type { Notes } from './notes'
import {
  type EvaluationGrid,
  isEmpty,
  mapped,
  merged,
  newSeries,
  type Samples,
  type Scalar,
  type Series,
  timeAt,
  type Value,
  type Vector,
  vector,
} from './series'
import type { Source } from './source'

export interface CallContext {
  readonly call: Call
  readonly grid: EvaluationGrid
  readonly source: Source
  readonly samples: Samples
  readonly notes: Notes
}

type InstantFunction = (args: readonly Value[], context: CallContext) => Value | Promise<Value>

const seriesOf = (value: Value | undefined) => (value as Vector).series
const numbersOf = (value: Value | undefined) => (value as Scalar).values
const textsOf = (values: readonly Value[]) => values.map(value => (value as { value: string }).value)

export const instantFunctions: ReadonlyMap<string, InstantFunction> = new Map<string, InstantFunction>([
  ...[...mathFunctions].map(([name, compute]): [string, InstantFunction] => [
    name,
    ([value]) => mapped(seriesOf(value), compute),
  ]),
  ...[...timeFunctions].map(([name, compute]): [string, InstantFunction] => [
    name,
    ([value], context) => mapped(value ? seriesOf(value) : [now(context)], compute),
  ]),
  ['time', (_, { grid }) => ({ type: 'scalar', values: secondsOf(grid) })],
  ['pi', (_, { grid }) => ({ type: 'scalar', values: new Float64Array(grid.steps).fill(Math.PI) })],
  ['vector', ([value], { grid }) => vector([everywhere(numbersOf(value), grid)])],
  ['scalar', ([value], { grid }) => ({ type: 'scalar', values: onlyOf(seriesOf(value), grid) })],
  ['timestamp', ([value], { grid }) => mapped(seriesOf(value), (_, at) => timeAt(grid, at) / 1_000)],
  ['clamp', ([value, least, most]) => clamped(seriesOf(value), numbersOf(least), numbersOf(most))],
  ['clamp_min', ([value, least]) => clamped(seriesOf(value), numbersOf(least), undefined)],
  ['clamp_max', ([value, most]) => clamped(seriesOf(value), undefined, numbersOf(most))],
  ['round', ([value, to]) => mapped(seriesOf(value), (number, at) => rounded(number, to ? numbersOf(to)[at]! : 1))],
  [
    'absent',
    ([value], { call, grid, samples }) =>
      vector(absentWhere(seriesOf(value), labelsOfAbsent(call.args[0]!), grid, samples)),
  ],
  ['sort', ([value], context) => sorted(seriesOf(value), 1, context)],
  ['sort_desc', ([value], context) => sorted(seriesOf(value), -1, context)],
  ['label_replace', replaceLabel],
  ['label_join', joinLabels],
  ['histogram_quantile', quantile],
  ['histogram_fraction', fraction],
  // functions of native histograms, which do not exist here
  ...'histogram_count histogram_sum histogram_avg histogram_stddev histogram_stdvar'
    .split(' ')
    .map((name): [string, InstantFunction] => [name, () => vector([])]),
])

const secondsOf = (grid: EvaluationGrid): Float64Array =>
  Float64Array.from({ length: grid.steps }, (_, at) => timeAt(grid, at) / 1_000)

const everywhere = (values: Float64Array, { steps }: EvaluationGrid): Series => ({
  labels: Labels.none,
  values,
  has: new Uint8Array(steps).fill(1),
})

const now = ({ grid }: CallContext): Series => everywhere(secondsOf(grid), grid)

/** The value of the only series; NaN if there are none or several. */
function onlyOf(series: readonly Series[], { steps }: EvaluationGrid): Float64Array {
  const values = new Float64Array(steps).fill(Number.NaN)
  const found = new Uint8Array(steps)
  for (const one of series) {
    for (let at = 0; at < steps; at++) {
      if (one.has[at] === 0) continue
      values[at] = found[at] === 0 ? one.values[at]! : Number.NaN
      found[at] = 1
    }
  }
  return values
}

function clamped(series: readonly Series[], least: Float64Array | undefined, most: Float64Array | undefined): Vector {
  const limited = mapped(series, (value, at) =>
    Math.max(least?.[at] ?? Number.NEGATIVE_INFINITY, Math.min(most?.[at] ?? Number.POSITIVE_INFINITY, value)),
  )
  if (!least || !most) return limited
  // bounds that exclude each other remove the sample
  const isPossible = (at: number) => !(most[at]! < least[at]!)
  return vector(
    limited.series.map(one => ({ ...one, has: one.has.map((there, at) => there & Number(isPossible(at))) })),
  )
}

const rounded = (value: number, to: number): number => Math.floor(value * (1 / to) + 0.5) / (1 / to)

/** Only affects instant queries: a range has no order by value. */
function sorted(series: readonly Series[], direction: 1 | -1, { grid, notes, call }: CallContext): Vector {
  if (grid.steps > 1) {
    notes.warn('sort is ineffective for range queries since results are always ordered by labels', call)
    return vector(series)
  }
  const last = ({ values }: Series) => Number(Number.isNaN(values[0]!))
  const order = (a: Series, b: Series) => last(a) - last(b) || direction * ascending(a.values[0]!, b.values[0]!)
  return vector(series.filter(one => !isEmpty(one)).sort(order))
}

async function replaceLabel([value, ...rest]: readonly Value[], { source }: CallContext): Promise<Value> {
  const [target, replacement, from, expression] = textsOf(rest) as [string, string, string, string]
  if (!isLabelName(target)) throw failed(`invalid destination label name in label_replace(): ${target}`)
  const series = seriesOf(value)
  const texts = [...new Set(series.map(({ labels }) => labels.get(from)))]
  const found = await source.groups(expression, texts)
  const replaced = new Map<string, string>()
  for (const [at, groups] of found.entries()) if (groups) replaced.set(texts[at]!, expand(replacement, groups))
  return vector(
    merged(
      series.map(one => {
        const text = replaced.get(one.labels.get(from))
        return text === undefined ? one : { ...one, labels: one.labels.with([[target, text]]) }
      }),
    ),
  )
}

/** Rejects only names that are not valid UTF-8. */
const isLabelName = (name: string): boolean => name !== '' && !name.includes('\ufffd')

/** Like Go's regexp.Expand: `$1`, `${1}`, `${name}` and `$$`; names are as long as possible. */
function expand(
  template: string,
  { numbered, named }: { numbered: readonly string[]; named: Readonly<Record<string, string>> },
): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced, bare) => {
    if (whole === '$$') return '$'
    const name: string = braced ?? bare
    return (/^\d+$/.test(name) ? numbered[Number(name)] : named[name]) ?? ''
  })
}

function joinLabels([value, ...rest]: readonly Value[]): Value {
  const [target, separator, ...names] = textsOf(rest) as [string, string, ...string[]]
  if (!isLabelName(target)) throw failed(`invalid destination label name in label_join(): ${target}`)
  return vector(
    merged(
      seriesOf(value).map(one => {
        const joined = names.map(name => one.labels.get(name)).join(separator)
        return { ...one, labels: one.labels.with([[target, joined] satisfies Label]) }
      }),
    ),
  )
}

interface Histogram {
  readonly labels: Labels
  readonly buckets: { readonly bound: number; readonly series: Series }[]
}

const BOUND: ReadonlySet<string> = new Set(['le'])

/** Groups series by the classic histogram that they belong to. */
function histogramsOf(series: readonly Series[], { notes, call }: CallContext): Histogram[] {
  const found = new Map<string, Histogram>()
  for (const one of series) {
    const bound = boundOf(one.labels.get('le'))
    if (bound === undefined) {
      notes.warn(`bucket label "le" is missing or has a malformed value of "${one.labels.get('le')}"`, call.args.at(-1))
      continue
    }
    const labels = one.labels.without(BOUND)
    const known = found.get(labels.key)
    if (known) known.buckets.push({ bound, series: one })
    else found.set(labels.key, { labels, buckets: [{ bound, series: one }] })
  }
  return [...found.values()]
}

function boundOf(text: string): number | undefined {
  if (/^[+]?inf(?:inity)?$/i.test(text)) return Number.POSITIVE_INFINITY
  if (/^-inf(?:inity)?$/i.test(text)) return Number.NEGATIVE_INFINITY
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
}

function ofHistograms(
  series: readonly Series[],
  context: CallContext,
  compute: (buckets: readonly Bucket[], at: number) => number,
): Vector {
  const { grid, samples } = context
  const results = histogramsOf(series, context).map(({ labels, buckets }) => {
    const result = newSeries(labels.withoutName, grid, samples)
    for (let at = 0; at < grid.steps; at++) {
      const there = buckets.filter(bucket => bucket.series.has[at] === 1)
      if (there.length === 0) continue
      result.values[at] = compute(
        there.map(bucket => ({ bound: bucket.bound, count: bucket.series.values[at]! })),
        at,
      )
      result.has[at] = 1
    }
    return result
  })
  return vector(merged(results))
}

function quantile([q, value]: readonly Value[], context: CallContext): Value {
  const { notes, call } = context
  const wanted = numbersOf(q)
  notes.checkQuantiles(wanted, call.args[0])
  return ofHistograms(seriesOf(value), context, (buckets, at) => {
    const found = bucketQuantile(wanted[at]!, buckets)
    if (found.wasRepaired) notes.inform('input to histogram_quantile needed to be fixed for monotonicity', call.args[1])
    return found.value
  })
}

function fraction([lower, upper, value]: readonly Value[], context: CallContext): Value {
  const [from, to] = [numbersOf(lower), numbersOf(upper)]
  return ofHistograms(seriesOf(value), context, (buckets, at) => bucketFraction(from[at]!, to[at]!, buckets))
}
