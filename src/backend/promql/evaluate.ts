/** Evaluates an expression at each step of a grid, like Prometheus' engine. */
import { Stretch } from '../event-loop-turns'
import { absentWhere, labelsOfAbsent } from './absent'
import { aggregate } from './aggregate'
import {
  type Aggregate,
  type At,
  type Binary,
  type Call,
  type Expr,
  rangeIn,
  type Selector,
  type Subquery,
  type Unary,
} from './ast'
import { ofScalars, ofVectors, withScalar } from './binary'
import { type CallContext, instantFunctions } from './instant-functions'
import { METRIC } from './labels'
import { type RangeFunction, rangeFunctions } from './range-functions'
import { selectionsOf } from './selections'
import {
  type EvaluationGrid,
  isEmpty,
  mapped,
  merged,
  newSeries,
  putLatest,
  type Scalar,
  type Series,
  type StoredSeries,
  timeAt,
  type Value,
  type Vector,
  vector,
  withoutEnds,
} from './series'
import type { SelectContext, Source } from './source'
import { explainThinned } from './thinned'
import { windowsOf } from './windows'

/** Default step of a subquery in milliseconds; equals the interval at which rules are evaluated. */
export const SUBQUERY_STEP = 15_000

export interface Evaluation extends SelectContext {
  readonly source: Source
  /** Aborts when no client waits for the answer; its reason is thrown. */
  readonly signal: AbortSignal
  /** Default: SUBQUERY_STEP. */
  readonly subqueryStep?: number
  /** Shared by evaluations that run without a pause between them. Default: a new one. */
  readonly stretch?: Stretch
}

/** Number of samples to process before other tasks may run. */
const TURN = 20_000

export class Evaluator {
  readonly #evaluation: Evaluation
  readonly #stretch: Stretch
  /** The grid of the whole query, for `@ start()` and `@ end()`. */
  readonly #whole: EvaluationGrid
  readonly #selected = new Map<Selector, readonly StoredSeries[]>()
  #looked = 0

  readonly #end: number

  /** @param end of the query, for `@ end()`; the grid need not have a step there */
  constructor(evaluation: Evaluation, grid: EvaluationGrid, end = timeAt(grid, grid.steps - 1)) {
    this.#evaluation = evaluation
    this.#stretch = evaluation.stretch ?? new Stretch()
    this.#whole = grid
    this.#end = end
  }

  /** @throws PromqlError, or the reason of the signal */
  async value(expr: Expr): Promise<Value> {
    await this.#read(expr)
    return this.#value(expr, this.#whole)
  }

  /**
   * The samples of a range vector up to the end of the query.
   * @throws PromqlError, or the signal's reason
   */
  async matrix(expr: Selector | Subquery): Promise<readonly StoredSeries[]> {
    await this.#read(expr)
    const stored = await this.#range(expr, this.#whole)
    const end = this.#reference(expr, this.#whole)(0)
    return stored.flatMap(({ labels, ...all }) => {
      const { times, values } = all.ends ? withoutEnds(all.times, all.values, all.ends) : all
      const from = after(times, end - expr.range!)
      const to = after(times, end)
      return from < to ? [{ labels, times: times.slice(from, to), values: values.slice(from, to) }] : []
    })
  }

  /** Reads the samples of all selectors; selectors of the same series share one read. */
  async #read(expr: Expr): Promise<void> {
    const { source } = this.#evaluation
    const { start, steps } = this.#whole
    const window = { from: start, to: timeAt(this.#whole, steps - 1) }
    await Promise.all(
      selectionsOf(expr, window, at => this.#moment(at)).map(async ({ selectors, from, to }) => {
        const found = await source.select(selectors[0]!.matchers, from, to, this.#evaluation)
        for (const selector of selectors) this.#selected.set(selector, found)
      }),
    )
  }

  #moment(at: At): number {
    if (at === 'start') return this.#whole.start
    return at === 'end' ? this.#end : at
  }

  async #value(expr: Expr, grid: EvaluationGrid): Promise<Value> {
    this.#evaluation.signal.throwIfAborted()
    this.#evaluation.samples.take(grid.steps)
    switch (expr.type) {
      case 'number':
        return { type: 'scalar', values: new Float64Array(grid.steps).fill(expr.value) }
      case 'string':
        return { type: 'string', value: expr.value }
      case 'paren':
        return this.#value(expr.of, grid)
      case 'unary':
        return this.#unary(expr, grid)
      case 'selector':
        return { type: 'vector', series: await this.#instant(expr, grid, false) }
      case 'aggregate':
        return { type: 'vector', series: await this.#aggregate(expr, grid) }
      case 'binary':
        return this.#binary(expr, grid)
      case 'call':
        return this.#call(expr, grid)
      case 'subquery':
        throw new Error('a range has no value at one moment')
    }
  }

  async #unary({ of, operator }: Unary, grid: EvaluationGrid): Promise<Value> {
    const value = await this.#value(of, grid)
    if (operator === '+') return value
    if (value.type === 'scalar') return { type: 'scalar', values: value.values.map(number => -number) }
    return mapped((value as Vector).series, number => -number)
  }

  /**
   * The last sample before each step, unless it is stale.
   * @param isTime returns its time in seconds instead of its value
   */
  async #instant(expr: Selector, grid: EvaluationGrid, isTime: boolean): Promise<Series[]> {
    const found: Series[] = []
    const moment = this.#reference(expr, grid)
    const selected = this.#selected.get(expr)!
    explainThinned(expr, selected, grid, moment, this.#evaluation.notes)
    for (const stored of selected) {
      const series = newSeries(stored.labels, grid, this.#evaluation.samples)
      putLatest(series, stored, moment, isTime)
      if (!isEmpty(series)) found.push(series)
      await this.#rest(grid.steps)
    }
    return found
  }

  /** The time at which a selector is evaluated, for each step of the grid. */
  #reference({ at, offset }: Selector | Subquery, grid: EvaluationGrid): (at: number) => number {
    if (at === undefined) return index => timeAt(grid, index) - offset
    const fixed = this.#moment(at) - offset
    return () => fixed
  }

  async #aggregate(expr: Aggregate, grid: EvaluationGrid): Promise<Series[]> {
    const parameter = expr.parameter && (await this.#value(expr.parameter, grid))
    const { series } = (await this.#value(expr.of, grid)) as Vector
    const numbers = parameter?.type === 'scalar' ? parameter.values : undefined
    if (expr.operator === 'quantile') this.#evaluation.notes.checkQuantiles(numbers!, expr.parameter)
    await this.#rest(grid.steps * series.length)
    return aggregate(expr, series, {
      grid,
      samples: this.#evaluation.samples,
      parameter: numbers,
      label: parameter?.type === 'string' ? parameter.value : '',
    })
  }

  async #binary(expr: Binary, grid: EvaluationGrid): Promise<Value> {
    const left = await this.#value(expr.left, grid)
    const right = await this.#value(expr.right, grid)
    const room = { grid, samples: this.#evaluation.samples }
    await this.#rest(grid.steps)
    if (left.type === 'scalar' && right.type === 'scalar') return ofScalars(expr, left, right)
    if (left.type === 'scalar') return vector(withScalar(expr, right as Vector, left, true, room))
    if (right.type === 'scalar') return vector(withScalar(expr, left as Vector, right, false, room))
    return vector(ofVectors(expr, left as Vector, right as Vector, room))
  }

  async #call(expr: Call, grid: EvaluationGrid): Promise<Value> {
    const range = rangeFunctions.get(expr.name)
    if (range) return vector(await this.#ranged(expr, range, grid))
    if (expr.name === 'timestamp') {
      const [arg] = expr.args
      if (arg!.type === 'selector') {
        const series = await this.#instant(arg!, grid, true)
        return mapped(series, seconds => seconds)
      }
    }
    const args: Value[] = []
    for (const arg of expr.args) args.push(await this.#value(arg, grid))
    const context: CallContext = { call: expr, grid, ...this.#evaluation }
    await this.#rest(grid.steps)
    return instantFunctions.get(expr.name)!(args, context)
  }

  /** Evaluates a function of a range vector. */
  async #ranged(expr: Call, compute: RangeFunction, grid: EvaluationGrid): Promise<Series[]> {
    const { notes } = this.#evaluation
    const arg = expr.args.map(rangeIn).find(Boolean)!
    const other = expr.args.find(each => rangeIn(each) === undefined)
    const parameter = other ? ((await this.#value(other, grid)) as Scalar).values : undefined
    if (expr.name === 'quantile_over_time') notes.checkQuantiles(parameter!, other)
    const moment = this.#reference(arg, grid)
    const keepsName = expr.name === 'last_over_time'
    const results: Series[] = []
    const ranges = await this.#range(arg, grid)
    if (arg.type === 'selector') explainThinned(arg, ranges, grid, moment, notes)
    for (const stored of ranges) {
      const labels = keepsName ? stored.labels : stored.labels.withoutName
      const series = newSeries(labels, grid, this.#evaluation.samples)
      for (const window of windowsOf(stored, grid, moment, arg.range!)) {
        const value = compute(window, parameter?.[window.at] ?? 0)
        if (value !== undefined) {
          series.values[window.at] = value
          series.has[window.at] = 1
        }
        if (this.#hasLooked(window.to - window.from)) await this.#rest(0)
      }
      if (isEmpty(series)) continue
      results.push(series)
      const name = stored.labels.get(METRIC)
      if (
        (expr.name === 'rate' || expr.name === 'increase') &&
        name !== '' &&
        !/_(?:total|sum|count|bucket)$/.test(name)
      )
        notes.inform(`metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "${name}"`, arg)
    }
    return expr.name === 'absent_over_time'
      ? absentWhere(results, labelsOfAbsent(arg), grid, this.#evaluation.samples)
      : merged(results)
  }

  /** The samples of a range vector; they may begin before the first window. */
  async #range(expr: Selector | Subquery, grid: EvaluationGrid): Promise<readonly StoredSeries[]> {
    if (expr.type === 'selector') return this.#selected.get(expr)!
    const { range, step = this.#evaluation.subqueryStep ?? SUBQUERY_STEP, of } = expr
    const moment = this.#reference(expr, grid)
    const [first, last] = [moment(0) - range, moment(grid.steps - 1)]
    let start = step * Math.trunc(first / step)
    if (start <= first) start += step
    const steps = Math.max(0, Math.floor((last - start) / step) + 1)
    if (steps === 0) return []
    const { series } = (await this.#value(of, { start, step, steps })) as Vector
    return series.map(({ labels, values, has }) => {
      const times = Float64Array.from(indexesOf(has), at => start + at * step)
      return { labels, times, values: values.filter((_, at) => has[at] === 1) }
    })
  }

  #hasLooked(at: number): boolean {
    this.#looked += at
    return this.#looked > TURN
  }

  /** Lets other tasks run after a certain amount of work. */
  async #rest(looked: number): Promise<void> {
    if (!this.#hasLooked(looked)) return
    this.#looked = 0
    if (!this.#stretch.isOver) return
    await this.#stretch.rest()
    this.#evaluation.signal.throwIfAborted()
  }
}

/** The index of the first time after `time`. */
function after(times: Float64Array, time: number): number {
  const found = times.findIndex(each => each > time)
  return found === -1 ? times.length : found
}

function* indexesOf(has: Uint8Array): Iterable<number> {
  for (let at = 0; at < has.length; at++) if (has[at] === 1) yield at
}
