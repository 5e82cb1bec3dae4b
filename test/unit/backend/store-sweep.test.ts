// What has been kept for its time goes: traces by their highest tier, log records by class, metrics by resolution.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openStore, type Store } from '../../../src/backend/store/store'

let store: Store
afterEach(() => store.close())

const day = 86_400_000
const start = Date.parse('2026-11-01T00:00:00Z')
const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)
const at = async (days: number) => {
  clock = start + days * day
  await store.sweep()
}
let clock = start

const attribute = (key: string, value: object) => ({ key, value })

function trace(id: number, ...spans: object[]) {
  const base = {
    traceId: id.toString(16).padStart(32, '0'),
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(start),
  }
  return spans.map((span, n) => ({ ...base, spanId: (n + 1).toString(16).padStart(16, '0'), ...span }))
}

async function left(column: string, table: string) {
  const rows = await store.query(`SELECT DISTINCT ${column} AS it FROM ${table} ORDER BY it`)
  return rows.map(({ it }) => it)
}

test('a trace is kept as long as its highest tier, with all of its spans', async () => {
  clock = start
  store = await openStore({ path: ':memory:', now: () => clock })
  const spans = [
    ...trace(1, {}, {}),
    ...trace(2, {}, { attributes: [attribute('afn.llm.cost.total', { doubleValue: 0.9 })] }),
    ...trace(3, {}, { status: { code: 2 } }),
    // Slow, and over only when its last span is.
    ...trace(4, {}, { startTimeUnixNano: nanos(start + 2 * day), endTimeUnixNano: nanos(start + 2 * day) }),
  ]
  await store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
  const traces = () => left('trace_id::INTEGER', 'spans')
  await at(2.9)
  expect(await traces()).toEqual([1, 2, 3, 4])
  await at(3.1)
  expect(await traces()).toEqual([2, 3, 4])
  expect(await store.query('SELECT count(*)::INTEGER AS spans FROM spans')).toEqual([{ spans: 6 }])
  await at(30.1)
  expect(await traces()).toEqual([3, 4])
  await at(32.1)
  expect(await traces()).toEqual([3])
  await at(90.1)
  expect(await traces()).toEqual([])
})

test('the retention times of a settings file count', async () => {
  clock = start
  const retention = { traces: { detailed: 1, sampled: 2, errors: 4 }, metrics: { high: 1, medium: 2, low: 3 } }
  store = await openStore({
    path: ':memory:',
    now: () => clock,
    retention: { ...retention, logs: { debug: 1, info: 1, warn: 1, error: 1, audit: 1 } },
  })
  await store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans: trace(1, {}) }] }] })
  await at(1.1)
  expect(await left('trace_id', 'spans')).toEqual([])
})

test('log records are kept as long as their class', async () => {
  clock = start
  store = await openStore({ path: ':memory:', now: () => clock })
  const audit = [attribute('afn.audit', { boolValue: true })]
  const logRecords = [
    { severityNumber: 5 },
    {},
    { severityNumber: 13 },
    { severityNumber: 21 },
    { severityNumber: 9, attributes: audit },
  ].map(record => ({ timeUnixNano: nanos(start), ...record }))
  await store.write('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
  const classes = () => left('class', 'logs')
  expect(await classes()).toEqual(['audit', 'debug', 'error', 'info', 'warn'])
  await at(1.1)
  expect(await classes()).toEqual(['audit', 'error', 'info', 'warn'])
  await at(7.1)
  expect(await classes()).toEqual(['audit', 'error', 'warn'])
  await at(30.1)
  expect(await classes()).toEqual(['audit', 'error'])
  await at(90.1)
  expect(await classes()).toEqual(['audit'])
  await at(731)
  expect(await classes()).toEqual([])
})

test('metrics lose resolution: the last point of five minutes after a week, of an hour after a month', async () => {
  clock = start
  store = await openStore({ path: ':memory:', now: () => clock })
  const series = (user: string) =>
    Array.from({ length: 120 }, (_, minute) => ({
      timeUnixNano: nanos(start + minute * 60_000),
      asInt: String(minute),
      attributes: [attribute('user', { stringValue: user })],
    }))
  const sum = { dataPoints: [...series('a'), ...series('b')], aggregationTemporality: 2, isMonotonic: true }
  await store.write('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'calls', sum }] }] }] })
  const values = async () => {
    const rows = await store.query(`SELECT value FROM metric_points WHERE attr_s['user'] = 'b' ORDER BY time_ns`)
    return rows.map(({ value }) => value)
  }
  await at(6.9)
  expect(await values()).toHaveLength(120)
  await at(7.2)
  expect(await values()).toEqual(Array.from({ length: 24 }, (_, step) => step * 5 + 4))
  await at(32.2)
  expect(await values()).toEqual([59, 119])
  await at(366)
  expect(await values()).toEqual([])
})

test('deltas are added up where a resolution ends, so that no count is lost before its time is over', async () => {
  clock = start
  store = await openStore({ path: ':memory:', now: () => clock })
  const minutes = Array.from({ length: 120 }, (_, minute) => ({
    startTimeUnixNano: nanos(start + (minute - 1) * 60_000),
    timeUnixNano: nanos(start + minute * 60_000),
  }))
  const histogram = (minute: number, bounds: number[]) => ({
    ...minutes[minute],
    count: '3',
    sum: minute,
    min: minute,
    max: minute + 1,
    explicitBounds: bounds,
    bucketCounts: ['1', '2', '0'],
  })
  const delta = { aggregationTemporality: 1 }
  const metrics = [
    {
      name: 'calls',
      sum: { ...delta, isMonotonic: true, dataPoints: minutes.map((at, n) => ({ ...at, asInt: `${n}` })) },
    },
    {
      name: 'time',
      histogram: { ...delta, dataPoints: minutes.map((_, n) => histogram(n, n < 60 ? [1, 2] : [3, 4])) },
    },
    {
      name: 'wide',
      exponentialHistogram: { ...delta, dataPoints: minutes.map(at => ({ ...at, count: '5', scale: 1 })) },
    },
    { name: 'level', gauge: { dataPoints: minutes.map((at, n) => ({ ...at, asInt: `${n}` })) } },
  ]
  await store.write('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
  const total = 7_140 // 0 + 1 + … + 119
  const pointsOf = async () => {
    const rows =
      await store.query(`SELECT name, count(*)::INTEGER AS points, sum(value) AS value, sum(count)::INTEGER AS count,
      sum(sum) AS sum, min(min) AS min, max(max) AS max, sum(list_sum(bucket_counts))::INTEGER AS buckets
      FROM metric_points GROUP BY name ORDER BY name`)
    return Object.fromEntries(rows.map(({ name, ...row }) => [name, row]))
  }
  for (const [days, steps] of [
    [6.9, 120],
    [7.2, 24],
    [32.2, 2],
  ] as const) {
    await at(days)
    const { calls, time, wide, level } = await pointsOf()
    expect(calls).toMatchObject({ points: steps, value: total })
    expect(time).toMatchObject({ points: steps, count: 360, sum: total, min: 0, max: 120, buckets: 360 })
    expect(wide).toMatchObject({ points: 120, count: 600 })
    expect(level).toMatchObject({ points: steps })
  }
  await at(366)
  expect(await pointsOf()).toEqual({})
})

test('the room of deleted data is used again', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-sweep-'))
  clock = start
  store = await openStore({ path: path.join(folder, 'file'), now: () => clock })
  const sizes: number[] = []
  for (let round = 0; round < 5; round++) {
    for (let n = 0; n < 10; n++) {
      const spans = trace(
        1 + n,
        ...Array.from({ length: 1000 }, (_, at) => ({ name: `${round} ${n} ${at} ${Math.random()}` })),
      )
      const now = nanos(clock)
      const fresh = spans.map(span => ({ ...span, spanId: id(), startTimeUnixNano: now, endTimeUnixNano: now }))
      await store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans: fresh }] }] })
    }
    await at(4 * (round + 1))
    await store.query('CHECKPOINT')
    sizes.push(statSync(path.join(folder, 'file')).size)
  }
  expect(await left('trace_id', 'spans')).toEqual([])
  expect(sizes.at(-1)).toBeLessThan(2 * sizes[0]!)
  rmSync(folder, { recursive: true })
})

let ids = 0
const id = () => (++ids).toString(16).padStart(16, '0')

test('resources and scopes that nothing refers to any more go while the store is open, and who comes again has its own', async () => {
  clock = start
  store = await openStore({ path: ':memory:', now: () => clock })
  const write = (service: string, id: number) =>
    store.write('traces', {
      resourceSpans: [
        {
          resource: { attributes: [attribute('service.name', { stringValue: service })] },
          scopeSpans: [{ scope: { name: service }, spans: trace(id, {}) }],
        },
      ],
    })
  await write('old', 1)
  await write('comes again', 2)
  await at(4)
  await store.sweep()
  expect([await left('service_name', 'resources'), await left('name', 'scopes')]).toEqual([[], []])
  await write('comes again', 3)
  const services = 'SELECT service_name AS service FROM spans s JOIN resources r ON r.id = s.resource'
  expect(await store.query(services)).toEqual([{ service: 'comes again' }])
})

test('a resource that comes again between two sweeps is there for its spans', async () => {
  clock = start
  store = await openStore({ path: ':memory:', now: () => clock })
  const of = (id: number, at: number) => ({
    resourceSpans: [
      {
        resource: { attributes: [attribute('service.name', { stringValue: 'app' })] },
        scopeSpans: [{ spans: trace(id, { startTimeUnixNano: nanos(at), endTimeUnixNano: nanos(at) }) }],
      },
    ],
  })
  await store.write('traces', of(1, start))
  await at(4)
  await store.write('traces', of(2, clock))
  await store.sweep()
  await store.write('traces', of(3, clock))
  const services = 'SELECT r.service_name AS service FROM spans s LEFT JOIN resources r ON r.id = s.resource'
  expect(await store.query(services)).toEqual([{ service: 'app' }, { service: 'app' }])
})
