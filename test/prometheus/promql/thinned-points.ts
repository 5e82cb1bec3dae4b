/** Metrics of two days, one that is kept every 5 minutes now and one that is kept every hour; and by hand what a sweep leaves of them. */
import { openStore, type Store } from '../../../src/backend/store/store'
import type { Document } from '../../../src/shared/otlp/schema'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** All in milliseconds. */
export const now = Date.parse('2026-11-01T00:00:00Z')
export const stretches = [
  { name: 'every 5 minutes', from: now - 10 * DAY, step: 5 * MINUTE, lookback: 15 * MINUTE },
  { name: 'every hour', from: now - 40 * DAY, step: HOUR, lookback: 3 * HOUR },
] as const
export type Stretch = (typeof stretches)[number]

/** Milliseconds after a whole minute. */
const AT = 7_000
const BOUNDS = [0.1, 1, 5]

/** What an app does in a minute of a day: uneven, none for two hours, and once it starts anew. */
interface Made {
  readonly at: number
  /** When its process started. */
  readonly start: number
  /** In this minute. */
  readonly calls: number
  readonly buckets: readonly number[]
  readonly level: number
}

export function madeIn({ from }: Stretch): readonly Made[] {
  const restart = from + 9 * HOUR + 17 * MINUTE
  const made: Made[] = []
  for (let minute = 1; minute < 24 * 60; minute++) {
    const at = from + minute * MINUTE + AT
    if (minute >= 14 * 60 + 3 && minute < 16 * 60 + 8) continue
    const calls = 5 + Math.round(4 * Math.sin(minute / 50)) + (minute % 7)
    const buckets = [calls - 2, 1, 0, 1]
    made.push({
      at,
      start: at > restart ? restart : from + AT,
      calls,
      buckets,
      level: Math.round(100 * Math.cos(minute / 90)),
    })
  }
  return made
}

const nanos = (ms: number) => `${ms}000000`

/** A store that got both days when they were, and was swept today. */
export async function sweptStore(): Promise<Store> {
  let clock = 0
  const store = await openStore({ path: ':memory:', now: () => clock })
  for (const stretch of stretches.toReversed()) {
    clock = stretch.from + DAY
    await store.write('metrics', requestOf(madeIn(stretch)))
  }
  clock = now
  await store.sweep()
  return store
}

function requestOf(made: readonly Made[]): Document {
  const totals = new Map<number, { calls: number; buckets: number[] }>()
  const calls: object[] = []
  const deltas: object[] = []
  const spent: object[] = []
  const level: object[] = []
  for (const one of made) {
    const total = totals.get(one.start) ?? { calls: 0, buckets: [0, 0, 0, 0] }
    totals.set(one.start, total)
    total.calls += one.calls
    total.buckets = total.buckets.map((count, at) => count + one.buckets[at]!)
    const timeUnixNano = nanos(one.at)
    const startTimeUnixNano = nanos(one.start)
    calls.push({ startTimeUnixNano, timeUnixNano, asInt: String(total.calls) })
    deltas.push({ startTimeUnixNano: nanos(one.at - MINUTE), timeUnixNano, asInt: String(one.calls) })
    spent.push({
      startTimeUnixNano,
      timeUnixNano,
      count: String(total.calls),
      sum: total.calls / 4,
      explicitBounds: BOUNDS,
      bucketCounts: total.buckets.map(String),
    })
    level.push({ timeUnixNano, asDouble: one.level })
  }
  const metrics = [
    { name: 'calls', sum: { dataPoints: calls, aggregationTemporality: 2, isMonotonic: true } },
    { name: 'deltas', sum: { dataPoints: deltas, aggregationTemporality: 1, isMonotonic: true } },
    { name: 'spent', unit: 's', histogram: { dataPoints: spent, aggregationTemporality: 2 } },
    { name: 'level', gauge: { dataPoints: level } },
  ]
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'chat' } }] }
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }
}

/** As OpenMetrics has it, for `promtool tsdb create-blocks-from`: the last sample of each step, and the 0 with which each process began. */
export function leftOf(stretch: Stretch): string {
  const lines = new Map<string, string[]>()
  const put = (series: string, at: number, value: number) => {
    const [name = ''] = series.split('{')
    const labels = series.slice(name.length + 1, -1)
    const all = [...(labels ? [labels] : []), 'job="chat"', 'service_name="chat"']
    const key = `${name}{${all.join(',')}}`
    lines.set(key, [...(lines.get(key) ?? []), `${key} ${value} ${at / 1_000}`])
  }
  const les = [...BOUNDS.map(String), '+Inf']
  const putCounters = (at: number, calls: number, buckets: readonly number[]) => {
    put('calls_total', at, calls)
    put('spent_seconds_count', at, calls)
    put('spent_seconds_sum', at, calls / 4)
    for (const [index, le] of les.entries())
      put(
        `spent_seconds_bucket{le="${le}"}`,
        at,
        buckets.slice(0, index + 1).reduce((a, b) => a + b),
      )
  }
  const made = madeIn(stretch)
  const stepOf = (at: number) => Math.floor(at / stretch.step)
  let [calls, deltas, inStep, begun, started, last] = [0, 0, 0, 0, 0, 0]
  let buckets = [0, 0, 0, 0]
  for (const [index, one] of made.entries()) {
    if (one.start !== started) {
      started = one.start
      calls = 0
      buckets = [0, 0, 0, 0]
      putCounters(started, 0, buckets)
    }
    calls += one.calls
    inStep += one.calls
    begun ||= one.at - MINUTE
    buckets = buckets.map((count, at) => count + one.buckets[at]!)
    const next = made[index + 1]
    if (next && stepOf(next.at) === stepOf(one.at)) continue
    // a sender that was away for longer counts anew, as in the Collector's processor deltatocumulative
    if (one.at > last + stretch.lookback) {
      put('deltas_total', begun, 0)
      deltas = 0
    }
    deltas += inStep
    ;[inStep, begun, last] = [0, 0, one.at]
    putCounters(one.at, calls, buckets)
    put('deltas_total', one.at, deltas)
    put('level', one.at, one.level)
  }
  // the samples of a family stand together
  return `${[...lines.values()].flat().join('\n')}\n# EOF\n`
}
