// Evaluates rule files over the store with the PromQL engine of `up`, with the same results as Prometheus. No results are stored: after a
// restart, the rules are evaluated again for as far back as later rules look.
import type { RuleGroup } from '../../monitoring/slo/rule-file'
import { Stretch } from '../event-loop-turns'
import { MOST_SAMPLES } from '../promql/answer-query'
import { PromqlError } from '../promql/error'
import { Evaluator } from '../promql/evaluate'
import { Labels, METRIC } from '../promql/labels'
import { Notes } from '../promql/notes'
import { parse } from '../promql/parse'
import type { Needed } from '../promql/points/read-once'
import type { RecordedSeries } from '../promql/points/record-source'
import { type EvaluationGrid, Samples, type Series, timeAt, type Value } from '../promql/series'
import type { Source } from '../promql/source'
import type { Alert } from './alert-rule'
import { Records } from './records'
import { INTERVAL, nameOf, type Problem, type ReadRule, readRules, selectedBy } from './rules'
import { type Data, expand } from './template/expand'
import type { Sample, Surroundings } from './template/functions'

export interface RuleEngineOptions {
  readonly groups: readonly RuleGroup[]
  /** Opens a source for the evaluation of some moments. @param needed the selections of the rules */
  readonly sourceOf: (needed: readonly Needed[], signal: AbortSignal) => Source
  /** For links in annotations. */
  readonly externalUrl: string
  /** Milliseconds since 1970. Only what was seen since then can be missing: an app that was never started raises no alert. */
  readonly started: number
}

/** An alert with the annotations of its rule. */
export interface WordedAlert extends Alert {
  readonly annotations: Readonly<Record<string, string>>
}

const DAY = 86_400_000
/**
 * Milliseconds evaluated in one query. Only counts are needed for times before the longest window of an alert, so the steps there are
 * larger.
 */
const atOnce = (ago: number): number => (ago > 5 * DAY ? DAY : DAY / 4)

export class RuleEngine {
  readonly #options: RuleEngineOptions
  readonly #rules: readonly ReadRule[]
  readonly #unread: readonly Problem[]
  #records = new Records()
  /** Rules on absence whose series has been seen at least once. */
  readonly #armed = new Set<ReadRule>()
  /** Rules whose input is in memory run without a turn of the event loop between them, for a limited time. */
  readonly #turn = new Stretch()
  /** The last evaluated moment. */
  #last: number | undefined

  constructor(options: RuleEngineOptions) {
    this.#options = options
    const { rules, problems } = readRules(options.groups)
    this.#rules = rules
    this.#unread = problems
  }

  get last(): number | undefined {
    return this.#last
  }

  get problems(): readonly Problem[] {
    const failed = this.#rules.flatMap(({ rule, group, problem }) =>
      problem ? [{ group, text: `the rule ${nameOf(rule)} was not evaluated: ${problem}` }] : [],
    )
    return [...this.#unread, ...failed]
  }

  get recorded(): readonly RecordedSeries[] {
    return this.#records.series
  }

  /** Drops all state, so that the next evaluation starts over. */
  restart(): void {
    this.#records = new Records()
    this.#last = undefined
    for (const { alerts } of this.#rules) alerts?.clear()
  }

  /** Runs a query at the last moment. */
  ask(text: string, signal: AbortSignal): Promise<readonly Sample[]> {
    return this.#surroundings(this.#last ?? 0, this.#options.sourceOf([], signal), signal).query(text)
  }

  /**
   * Evaluates all moments since the last call.
   * @param now milliseconds since 1970
   * @param since the time of the first point
   */
  async evaluate(now: number, since: number | undefined, signal: AbortSignal): Promise<void> {
    const end = Math.floor(now / INTERVAL) * INTERVAL
    const longest = Math.max(0, ...this.#rules.map(({ history }) => history))
    const begun = this.#last === undefined ? (since ?? end) : this.#last + INTERVAL
    const first = Math.min(Math.ceil(Math.max(end - longest, begun) / INTERVAL) * INTERVAL, Math.max(begun, end))
    for (let from = first; from <= end; ) {
      const to = Math.min(end, from + atOnce(end - from) - INTERVAL)
      await this.#stretch(from, to, end, signal)
      this.#last = to
      from = to + INTERVAL
    }
    for (const rule of this.#rules) this.#records.forget(rule, end - rule.history)
  }

  async alerts(signal: AbortSignal): Promise<WordedAlert[]> {
    const source = this.#options.sourceOf([], signal)
    const worded: WordedAlert[] = []
    for (const { rule, alerts } of this.#rules)
      for (const alert of alerts?.alerts ?? []) {
        const surroundings = this.#surroundings(alert.sampledAt, source, signal)
        const annotations = await this.#filled(rule.annotations, dataOf(alert.sample), surroundings)
        worded.push({ ...alert, annotations })
      }
    return worded
  }

  /** @param end of the last stretch */
  async #stretch(from: number, to: number, end: number, signal: AbortSignal): Promise<void> {
    const due = this.#rules.flatMap(rule => {
      const grid = gridOf(rule, Math.max(from, end - rule.history), to)
      return grid ? [{ rule, grid }] : []
    })
    const needed = due.flatMap(({ rule, grid }) =>
      selectedBy(rule, grid.start, timeAt(grid, grid.steps - 1)).map(({ selectors, ...window }) => ({
        matchers: selectors[0]!.matchers,
        ...window,
      })),
    )
    const source = this.#options.sourceOf(needed, signal)
    for (const { rule, grid } of due)
      try {
        if (this.#turn.isOver) await this.#turn.rest()
        if (rule.absent.length > 0 && !(await this.#isArmed(rule, source, to))) continue
        await this.#evaluate(rule, grid, source, signal)
        rule.problem = undefined
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof PromqlError)) throw error
        rule.problem = error.message
      }
  }

  async #evaluate(rule: ReadRule, grid: EvaluationGrid, source: Source, signal: AbortSignal): Promise<void> {
    const found = seriesOf(await this.#evaluated(rule.expr, rule.rule.expr, grid, source, signal), grid)
    const { record, labels = {} } = rule.rule
    if (!rule.alerts) {
      const more = [...Object.entries(labels), [METRIC, record!] as const]
      this.#records.add(
        rule,
        found.map(series => ({ ...series, labels: series.labels.with(more) })),
        grid,
      )
      return
    }
    await this.#follow(rule, found, grid, source, signal)
  }

  /** Tracks the alerts of a rule from moment to moment, and their series. */
  async #follow(rule: ReadRule, found: readonly Series[], grid: EvaluationGrid, source: Source, signal: AbortSignal) {
    const alerts = rule.alerts!
    const active = new Map<string, Series>()
    const known = new Map<string, Labels>()
    for (let at = 0; at < grid.steps; at++) {
      const time = timeAt(grid, at)
      // before `up` was started, absence means nothing
      if (rule.absent.length > 0 && time < this.#options.started) continue
      const surroundings = this.#surroundings(time, source, signal)
      const there = []
      for (const { labels, values, has } of found) {
        if (has[at] === 0) continue
        const sample = { labels, value: values[at]! }
        const key = rule.hasValueInLabels ? `${sample.value} ${labels.key}` : labels.key
        const own = known.get(key) ?? (await this.#labelsOf(rule, sample, surroundings))
        known.set(key, own)
        there.push({ labels: own, sample })
      }
      alerts.update(there, time)
      for (const { labels, state } of alerts.alerts) {
        const shown = labels.with([
          [METRIC, 'ALERTS'],
          ['alertstate', state],
        ])
        const series = active.get(shown.key) ?? {
          labels: shown,
          values: new Float64Array(grid.steps).fill(1),
          has: new Uint8Array(grid.steps),
        }
        series.has[at] = 1
        active.set(shown.key, series)
      }
      if (this.#turn.isOver) await this.#turn.rest()
    }
    this.#records.add(rule, [...active.values()], grid)
  }

  async #labelsOf({ rule }: ReadRule, sample: Alert['sample'], surroundings: Surroundings): Promise<Labels> {
    const own = await this.#filled(rule.labels, dataOf(sample), surroundings)
    return sample.labels.withoutName.with([...Object.entries(own), ['alertname', rule.alert!]])
  }

  async #filled(texts: Readonly<Record<string, string>> = {}, data: Data, surroundings: Surroundings) {
    const filled: Record<string, string> = {}
    for (const [name, text] of Object.entries(texts)) filled[name] = await expand(text, data, surroundings)
    return filled
  }

  async #isArmed(rule: ReadRule, source: Source, to: number): Promise<boolean> {
    if (this.#armed.has(rule)) return true
    const reading = { samples: new Samples(MOST_SAMPLES), notes: new Notes('') }
    for (const { matchers } of rule.absent) {
      const found = await source.select(matchers, this.#options.started - 1, to, reading)
      if (!found.some(({ times }) => times.some(time => time >= this.#options.started))) continue
      this.#armed.add(rule)
      return true
    }
    return false
  }

  #surroundings(time: number, source: Source, signal: AbortSignal): Surroundings {
    const { externalUrl } = this.#options
    return {
      externalUrl,
      query: async text => {
        const grid = { start: time, step: 1, steps: 1 }
        const found = seriesOf(await this.#evaluated(parse(text), text, grid, source, signal), grid)
        return found
          .filter(({ has }) => has[0] === 1)
          .map(({ labels, values }): Sample => ({ Labels: Object.fromEntries(labels.pairs), Value: values[0]! }))
      },
    }
  }

  #evaluated(
    expr: ReadRule['expr'],
    text: string,
    grid: EvaluationGrid,
    source: Source,
    signal: AbortSignal,
  ): Promise<Value> {
    const evaluation = {
      source,
      signal,
      notes: new Notes(text),
      samples: new Samples(MOST_SAMPLES),
      stretch: this.#turn,
    }
    return new Evaluator(evaluation, grid).value(expr)
  }
}

const dataOf = ({ labels, value }: Alert['sample']): Data => ({ labels: Object.fromEntries(labels.pairs), value })

/** The evaluation times of a rule; undefined if there are none. */
function gridOf({ interval }: ReadRule, from: number, to: number): EvaluationGrid | undefined {
  const start = Math.ceil(from / interval) * interval
  return start > to ? undefined : { start, step: interval, steps: Math.floor((to - start) / interval) + 1 }
}

/** A scalar becomes a series without labels. */
function seriesOf(value: Value, { steps }: EvaluationGrid): readonly Series[] {
  if (value.type === 'vector') return value.series
  if (value.type === 'string') return []
  return [{ labels: Labels.none, values: value.values, has: new Uint8Array(steps).fill(1) }]
}
