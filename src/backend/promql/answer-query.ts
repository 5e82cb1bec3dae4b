/** Answers PromQL queries in the shape of Prometheus' HTTP API. */
import { type Expr, rangeIn } from './ast'
import { check } from './check'
import type { QueryTiming } from './durations'
import { PromqlError } from './error'
import { Evaluator } from './evaluate'
import { compareLabels, type Labels } from './labels'
import { Notes } from './notes'
import { sampleText } from './numbers'
import { parse } from './parse'
import { type EvaluationGrid, isEmpty, Samples, type Series, type StoredSeries, timeAt, type Value } from './series'
import type { Source } from './source'

/** Maximum number of samples that a query may load. Prometheus allows 50 million, which would be too much memory for a laptop. */
export const MOST_SAMPLES = 10_000_000

export interface Question {
  readonly query: string
  readonly source: Source
  /** Its reason is thrown on abort. */
  readonly signal: AbortSignal
  /** Default: MOST_SAMPLES. */
  readonly mostSamples?: number
  /** Default step of subqueries in milliseconds. */
  readonly subqueryStep?: number
}

type SamplePair = readonly [seconds: number, value: string]
type Metric = Readonly<Record<string, string>>

export type Result =
  | { readonly resultType: 'scalar' | 'string'; readonly result: SamplePair }
  | {
      readonly resultType: 'vector'
      readonly result: readonly { readonly metric: Metric; readonly value: SamplePair }[]
    }
  | {
      readonly resultType: 'matrix'
      readonly result: readonly { readonly metric: Metric; readonly values: readonly SamplePair[] }[]
    }

export interface PromqlAnswer {
  readonly data: Result
  readonly warnings: readonly string[]
  readonly infos: readonly string[]
}

/**
 * @param time milliseconds since 1970
 * @throws PromqlError
 */
export async function answerInstant(question: Question, time: number): Promise<PromqlAnswer> {
  const grid = { start: time, step: 1, steps: 1 }
  return answered(question, { grid, end: time }, async (expr, evaluator) => {
    const range = rangeIn(expr)
    if (range) return matrixOfStored(await evaluator.matrix(range))
    return atOneMoment(await evaluator.value(expr), time)
  })
}

/**
 * @param end milliseconds since 1970; the grid's last step may be before it
 * @throws PromqlError
 */
export async function answerRange(question: Question, grid: EvaluationGrid, end: number): Promise<PromqlAnswer> {
  return answered(question, { grid, end }, async (expr, evaluator, type) => {
    if (type === 'matrix' || type === 'string')
      throw new PromqlError(
        'bad_data',
        `invalid parameter "query": invalid expression type "${type === 'matrix' ? 'range vector' : 'string'}" for range query, must be Scalar or instant Vector`,
      )
    return overTime(await evaluator.value(expr), grid)
  })
}

async function answered(
  { query, source, signal, mostSamples = MOST_SAMPLES, subqueryStep }: Question,
  { grid, end }: { readonly grid: EvaluationGrid; readonly end: number },
  compute: (expr: Expr, evaluator: Evaluator, type: string) => Promise<Result>,
): Promise<PromqlAnswer> {
  const expr = parsed(query, { step: grid.steps > 1 || end > grid.start ? grid.step : 0, range: end - grid.start })
  const notes = new Notes(query)
  const samples = new Samples(mostSamples)
  const evaluation = { source, signal, notes, samples, ...(subqueryStep && { subqueryStep }) }
  const data = await compute(expr.expr, new Evaluator(evaluation, grid, end), expr.type)
  return { data, warnings: notes.warnings, infos: notes.infos }
}

function parsed(query: string, window: QueryTiming) {
  try {
    const expr = parse(query, window)
    return { expr, type: check(query, expr) }
  } catch (error) {
    if (!(error instanceof PromqlError) || error.type !== 'bad_data') throw error
    throw new PromqlError('bad_data', `invalid parameter "query": ${error.message}`)
  }
}

const metricOf = (labels: Labels): Metric => Object.fromEntries(labels.pairs)

const sample = (time: number, value: number): SamplePair => [time / 1_000, sampleText(value)]

function atOneMoment(value: Value, time: number): Result {
  if (value.type === 'string') return { resultType: 'string', result: [time / 1_000, value.value] }
  if (value.type === 'scalar') return { resultType: 'scalar', result: sample(time, value.values[0]!) }
  const there = value.series.filter(({ has }) => has[0] === 1)
  return {
    resultType: 'vector',
    result: there.map(({ labels, values }) => ({ metric: metricOf(labels), value: sample(time, values[0]!) })),
  }
}

function overTime(value: Value, grid: EvaluationGrid): Result {
  if (value.type === 'string') throw new Error('a text has no value over time')
  if (value.type === 'scalar') {
    const values = Array.from(value.values, (number, at) => sample(timeAt(grid, at), number))
    return { resultType: 'matrix', result: [{ metric: {}, values }] }
  }
  const sorted = value.series.filter(one => !isEmpty(one)).sort((a, b) => compareLabels(a.labels, b.labels))
  return {
    resultType: 'matrix',
    result: sorted.map(one => ({ metric: metricOf(one.labels), values: over(one, grid) })),
  }
}

function over({ values, has }: Series, grid: EvaluationGrid): SamplePair[] {
  const samples: SamplePair[] = []
  for (let at = 0; at < has.length; at++) if (has[at] === 1) samples.push(sample(timeAt(grid, at), values[at]!))
  return samples
}

function matrixOfStored(stored: readonly StoredSeries[]): Result {
  const result = [...stored]
    .sort((a, b) => compareLabels(a.labels, b.labels))
    .map(({ labels, times, values }) => ({
      metric: metricOf(labels),
      values: Array.from(times, (time, at) => sample(time, values[at]!)),
    }))
  return { resultType: 'matrix', result }
}
