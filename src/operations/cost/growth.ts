/**
 * The exact growth of counters in Prometheus. `increase()` and `rate()` extrapolate to the edges of their window, so their sum over days is
 * not the spend of a month. Here, each sample belongs to exactly one time span, so nothing is missed or counted twice. After a counter
 * reset, the value counts from 0.
 *
 * Single samples are only read where a counter was reset; elsewhere the last value of each span suffices.
 */

import type { Span } from '../../shared/calendar/period'
import { type Backend, getJson } from '../../shared/queries/http'
import { quoted } from '../../shared/queries/promql-strings'
import { ExactSum } from './exact-sum'

export interface Growth {
  /** Prometheus' labels, without the metric's name. */
  readonly labels: Readonly<Record<string, string>>
  /** One per span; 0 if the series has no samples there. */
  readonly values: readonly number[]
}

/** The server that has a span; earlier spans of the same series may be on another one. */
export type ServerOf = (span: Span) => Backend

/**
 * How far back to look for the last value before the first span. OTLP exports idle counters every minute too, so a series without samples
 * for a week belongs to a process that has ended.
 */
const BASELINE_MS = 7 * 86_400_000

/**
 * @param selector of a counter, such as `afn_llm_cost_total{service_name="chat"}`
 * @param spans ascending and contiguous
 * @throws BackendError
 */
export async function growthOf(serverOf: ServerOf, selector: string, spans: readonly Span[]): Promise<Growth[]> {
  const [first] = spans
  if (!first) return []
  const last = new Map(
    await instant(serverOf(first), `last_over_time(${selector}[${range(BASELINE_MS)}])`, first.start),
  )
  const within = (await inTurn(runsOf(spans, serverOf).map(run => () => read(run, selector)))).flat()
  const growths = new Map<string, number[]>()
  for (const [index, found] of within.entries()) {
    const restarted: string[] = []
    for (const [key, value] of found.last) {
      const from = last.get(key)
      const isWhole = !found.restarts.get(key) && (from === undefined || (found.least.get(key) ?? value) >= from)
      if (isWhole) put(growths, key, index, spans.length, from === undefined ? value : value - from)
      else restarted.push(key)
    }
    const span = spans[index]!
    const samples = await samplesOf(serverOf(span), selector, restarted, span)
    for (const key of restarted) put(growths, key, index, spans.length, walk(samples.get(key) ?? [], last.get(key)))
    for (const [key, value] of found.last) last.set(key, value)
  }
  return Array.from(growths, ([key, values]) => ({ labels: JSON.parse(key), values }))
}

/** Growth over these samples, from the last known value; without one, the counter began in this span at 0. */
export function walk(samples: readonly number[], from = 0): number {
  const sum = new ExactSum()
  let last = from
  for (const value of samples) {
    sum.add(value)
    if (value >= last) sum.add(-last)
    last = value
  }
  return sum.value
}

/** Keyed by the series' labels as JSON. */
type Values = ReadonlyMap<string, number>

interface Within {
  readonly last: Values
  readonly least: Values
  /** The number of counter resets within the span. */
  readonly restarts: Values
}

/** Spans of equal length on one server, which are the steps of one query. */
interface Run {
  readonly server: Backend
  readonly length: number
  readonly spans: Span[]
}

/** Prometheus' limit of points per series. */
const MOST_STEPS = 10_000

function runsOf(spans: readonly Span[], serverOf: ServerOf): Run[] {
  const runs: Run[] = []
  for (const span of spans) {
    const [server, length, run] = [serverOf(span), span.end - span.start, runs.at(-1)]
    if (run && run.server === server && run.length === length && run.spans.length < MOST_STEPS) run.spans.push(span)
    else runs.push({ server, length, spans: [span] })
  }
  return runs
}

async function read({ server, length, spans }: Run, selector: string): Promise<Within[]> {
  const [first, last] = [spans[0]!.end, spans.at(-1)!.end]
  const [lasts, leasts, restarts] = await Promise.all(
    ['last_over_time', 'min_over_time', 'resets'].map(async name => {
      const query = `${name}(${selector}[${range(length)}])`
      const step = { start: seconds(first), end: seconds(last), step: seconds(length) }
      const found = await ask(server, 'query_range', { query, ...step })
      const steps: Map<string, number>[] = spans.map(() => new Map())
      for (const { metric, values = [] } of found)
        for (const [at, value] of values)
          steps[Math.round((at * 1_000 - first) / length)]?.set(keyOf(metric), Number(value))
      return steps
    }),
  )
  return spans.map((_, index) => ({ last: lasts![index]!, least: leasts![index]!, restarts: restarts![index]! }))
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3)
const range = (ms: number): string => `${Math.max(1, Math.round(ms))}ms`

interface Sampled {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: readonly [number, string]
  readonly values?: readonly (readonly [seconds: number, value: string])[]
}

async function ask(
  server: Backend,
  what: 'query' | 'query_range',
  parameters: Readonly<Record<string, string>>,
): Promise<readonly Sampled[]> {
  const answer = (await getJson(server, `api/v1/${what}`, parameters)) as {
    data?: { result?: readonly Sampled[] }
  }
  return answer.data?.result ?? []
}

async function instant(server: Backend, query: string, at: number): Promise<Values> {
  const found = await ask(server, 'query', { query, time: seconds(at) })
  return new Map(found.map(({ metric, value }) => [keyOf(metric), Number(value?.[1])]))
}

/** With more series than this, all samples of the span are read at once: a deployment restarts every process. */
const FEW = 8

/** By series, in order. A sample at the start belongs to the previous span, but Prometheus 2 includes it in both. */
async function samplesOf(server: Backend, selector: string, keys: readonly string[], span: Span) {
  const selectors = keys.length > FEW ? [selector] : keys.map(key => exactly(selector, JSON.parse(key)))
  const window = range(span.end - span.start)
  const found = await inTurn(
    selectors.map(one => () => ask(server, 'query', { query: `${one}[${window}]`, time: seconds(span.end) })),
  )
  return new Map(
    found.flat().map(({ metric, values = [] }) => {
      const within = values.filter(([at]) => Math.round(at * 1_000) > span.start)
      return [keyOf(metric), within.map(([, value]) => Number(value))]
    }),
  )
}

function keyOf(metric: Readonly<Record<string, string>>): string {
  const { __name__: _, ...labels } = metric
  return JSON.stringify(Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

/** The selector with a further matcher for each label. */
function exactly(selector: string, labels: Readonly<Record<string, string>>): string {
  const more = Object.entries(labels).map(([name, value]) => `${labelName(name)}=${quoted(value)}`)
  const [, name, matchers = ''] = /^([^{]+)(?:\{(.*)\})?$/s.exec(selector)!
  return `${name}{${[matchers, ...more].filter(Boolean).join(',')}}`
}

/** Prometheus 3 requires quotes for UTF-8 names. */
const labelName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name))

function put(growths: Map<string, number[]>, key: string, index: number, count: number, value: number): void {
  const values = growths.get(key) ?? new Array<number>(count).fill(0)
  values[index] = value
  growths.set(key, values)
}

const AT_ONCE = 4

/** Runs tasks in order, a few at a time: Prometheus runs 20 queries at once by default, and other clients need it, too. */
async function inTurn<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = new Array(tasks.length)
  let next = 0
  const worker = async () => {
    while (next < tasks.length) {
      const index = next++
      results[index] = await tasks[index]!()
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, tasks.length) }, worker))
  return results
}
