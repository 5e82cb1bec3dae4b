// Clocks that are wrong, and records without a time: what is kept, for how long, and what a list begins with. What is expected
// is arithmetic from the times that the generator wrote.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openStore, type Store } from '../../../src/backend/store/store'
import { search } from '../../../src/backend/traceql/search'
import type { Document } from '../../../src/shared/otlp/schema'
import { Random } from '../../support/random'
import { type Api, startApi } from './api/ask'

const day = 86_400_000
const start = Date.parse('2026-11-01T00:00:00Z')
const future = Date.parse('2100-01-01T00:00:00Z')
const nanos = (ms: number) => String(BigInt(Math.round(ms * 1_000)) * 1_000n)

let clock = start
let store: Store
afterEach(() => store.close())
const open = async (file = ':memory:') => {
  clock = start
  store = await openStore({ path: file, now: () => clock })
}

const span = (id: number, ms: number, more: object = {}) => ({
  traceId: id.toString(16).padStart(32, '0'),
  spanId: id.toString(16).padStart(16, '0'),
  name: `span ${id}`,
  startTimeUnixNano: nanos(ms),
  endTimeUnixNano: nanos(ms + 1),
  ...more,
})
const write = (...spans: object[]) =>
  store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] } as Document)
const left = async () => {
  const rows = await store.query('SELECT DISTINCT trace_id::INTEGER AS id FROM spans ORDER BY id')
  return rows.map(({ id }) => id)
}
const sweptAt = async (days: number) => {
  clock = start + days * day
  await store.sweep()
  return left()
}

describe('spans of a wrong clock', () => {
  it('are kept for their time from their arrival: those of 1970, of 2100, and of a clock that stands still', async () => {
    await open()
    await write(span(1, 0.001), span(2, future), span(3, start - 900 * day), span(4, start))
    expect(await sweptAt(0)).toEqual([1, 2, 3, 4])
    expect(await sweptAt(2.9)).toEqual([1, 2, 3, 4])
    expect(await sweptAt(3.1)).toEqual([])
  })

  it('do not keep their trace beyond its time', async () => {
    await open()
    const ofTrace = { traceId: span(1, 0).traceId }
    await write(span(1, start), span(2, future, ofTrace), span(3, 0, ofTrace))
    expect(await sweptAt(2.9)).toEqual([1])
    // a trace of so many years is a slow one, which is kept for 30 days
    expect(await sweptAt(29.9)).toEqual([1])
    expect(await sweptAt(30.1)).toEqual([])
  })

  it('are not first in lists, and are listed by their arrival', async () => {
    await open()
    for (let n = 1; n <= 5; n++) {
      clock = start + n * 1_000
      await write(span(n, n === 2 ? future : n === 4 ? 1 : clock - 10))
    }
    const found = async (limit: number, more = {}) => {
      const { traces } = await search(store, '{}', { limit, spans: 1, ...more })
      return traces.map(({ traceID }) => Number.parseInt(traceID, 16))
    }
    expect(await found(10)).toEqual([5, 3, 2, 1, 4])
    // page by page, behind a start that is in the future
    const after = { start: BigInt(nanos(future)), traceId: 2n }
    expect(await found(1, { after })).toEqual([1])
    // a window is of the times that spans say
    const window = (from: number, to: number) => ({ window: { fromNs: BigInt(nanos(from)), toNs: BigInt(nanos(to)) } })
    expect(await found(10, window(start, start + 60_000))).toEqual([5, 3, 1])
    expect(await found(10, window(future - 1_000, future + 1_000))).toEqual([2])
  })

  it('come page by page with all others, each once, as a plain sort of what was sent has them', async () => {
    await open()
    const random = new Random(7)
    const traces: { id: number; start: number; end: number; fresh: number }[] = []
    for (let id = 1; id <= 150; id++) {
      clock = start + id * 60_000 + random.below(3)
      const spans = Array.from({ length: 1 + random.below(3) }, () => {
        const from = [
          clock - random.below(90_000),
          clock + random.below(500_000),
          future + random.below(9),
          random.below(9),
        ]
        return from[random.below(10)] ?? from[0]!
      })
      await write(...spans.map((ms, at) => ({ ...span(id * 10 + at, ms), traceId: span(id, 0).traceId })))
      const fresh = spans.map(ms => (ms <= clock + 600_000 ? ms : clock))
      traces.push({ id, start: Math.min(...spans), end: Math.max(...spans) + 1, fresh: Math.min(...fresh) })
    }
    const pages = async (limit: number, window?: { fromNs: bigint; toNs: bigint }) => {
      const all: number[] = []
      for (let after: { start: bigint; traceId: bigint } | undefined; ; ) {
        const { traces } = await search(store, '{}', { limit, spans: 1, window, after })
        all.push(...traces.map(({ traceID }) => Number.parseInt(traceID, 16)))
        const last = traces.at(-1)
        if (!last || traces.length < limit) return all
        after = { start: BigInt(last.startTimeUnixNano), traceId: BigInt(`0x${last.traceID}`) }
      }
    }
    const sorted = (from = 0, to = Number.POSITIVE_INFINITY) =>
      [...traces]
        .filter(({ start, end }) => start <= to && end >= from)
        .sort((a, b) => b.fresh - a.fresh || a.id - b.id)
        .map(({ id }) => id)
    for (const limit of [1, 7, 1_000]) expect(await pages(limit)).toEqual(sorted())
    for (const [from, to] of [
      [start + 30 * 60_000, start + 60 * 60_000],
      [0, start],
      [future - 1_000, future + 1_000],
    ] as const)
      expect(await pages(7, { fromNs: BigInt(nanos(from)), toNs: BigInt(nanos(to)) })).toEqual(sorted(from, to))
  })

  it('do not make a search read more', { timeout: 60_000 }, async () => {
    await open()
    const count = 60_000
    for (let n = 0; n < count; n += 10_000) {
      clock = start + n
      await write(...Array.from({ length: 10_000 }, (_, at) => span(n + at + 1, start + n + at)))
    }
    clock = start + count
    await write(span(count + 1, future), span(count + 2, 1))
    const { query } = store
    const scanned: number[] = []
    const counted: Store = {
      ...store,
      async query(sql, parameters) {
        const rows = await query(sql, parameters)
        const since = /s\.start_ns >= (\d+) AND/.exec(sql)?.[1]
        if (since) {
          const [row] = await query(`SELECT count(*)::INTEGER AS n FROM spans WHERE start_ns >= ${since}`)
          scanned.push(row!.n as number)
        }
        return rows
      },
    }
    const { traces } = await search(counted, '{ duration >= 0ns }', { limit: 3, spans: 1 })
    expect(traces.map(({ traceID }) => Number.parseInt(traceID, 16))).toEqual([count + 1, count, count - 1])
    expect(scanned).toHaveLength(1)
    expect(scanned[0]).toBeGreaterThan(40_000)
    expect(scanned[0]).toBeLessThan(58_000)
  })
})

it('log records and data points without a time have the one at which they came, and are kept from then on', async () => {
  await open()
  clock = start + 5_000
  const body = { severityNumber: 5, body: { stringValue: 'no time' } }
  const logRecords = [
    body,
    { ...body, observedTimeUnixNano: nanos(start) },
    { ...body, timeUnixNano: nanos(start + 1) },
  ]
  const far = { ...body, timeUnixNano: nanos(future) }
  await store.write('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [...logRecords, far] }] }] } as Document)
  const dataPoints = [{ asInt: '1' }, { asInt: '2', timeUnixNano: nanos(future) }]
  const metrics = [{ name: 'm', gauge: { dataPoints } }]
  await store.write('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] } as Document)
  const times = async (table: string, column: string) =>
    (await store.query(`SELECT ${column} AS t FROM ${table} ORDER BY seq`)).map(({ t }) =>
      Number((t as bigint) / 1_000_000n),
    )
  await sweptAt(0.9)
  expect(await times('logs', 'time_ns')).toEqual([start + 5_000, start, start + 1, future])
  expect(await times('logs', 'observed_ns')).toEqual([start + 5_000, start, start + 5_000, start + 5_000])
  expect(await times('metric_points', 'time_ns')).toEqual([start + 5_000, future])
  await sweptAt(1.1)
  expect(await times('logs', 'time_ns')).toEqual([])
  for (const [days, resolutions] of [
    [7.2, ['medium', 'medium']],
    [32.2, ['low', 'low']],
    [366, []],
  ] as const) {
    await sweptAt(days)
    const rows = await store.query('SELECT resolution FROM metric_points')
    expect(rows.map(({ resolution }) => resolution)).toEqual(resolutions)
  }
})

it('a file of a version without times of arrival is used on, and its data counts as having come now', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-arrival-'))
  const file = path.join(folder, 'file')
  await open(file)
  await write(span(1, start), span(2, future))
  await store.close()
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  for (const table of ['spans', 'logs', 'metric_points'])
    await connection.run(`ALTER TABLE ${table} DROP COLUMN received_ns`)
  for (const table of ['meta', 'promoted_columns', 'trace_parts', 'untraced'])
    await connection.run(`DROP TABLE ${table}`)
  connection.closeSync()
  instance.closeSync()
  await open(file)
  await write(span(3, start))
  expect(await left()).toEqual([1, 2, 3])
  expect(await sweptAt(2.9)).toEqual([1, 2, 3])
  expect(await sweptAt(3.1)).toEqual([])
  rmSync(folder, { recursive: true })
})

it('the answer about a trace of a wrong clock says until when it is kept', async () => {
  await open()
  const before = Date.now() / 1_000
  const api: Api = await startApi([{ resourceSpans: [{ scopeSpans: [{ spans: [span(1, future)] }] }] }], Date.now())
  const { keptUntil } = await api.json(`/api/afn/traces/${span(1, 0).traceId}`)
  expect(Math.abs(keptUntil - before - 3 * 86_400)).toBeLessThan(600)
  expect((await api.json('/api/afn/stats')).newest).toBeLessThan(before + 600)
  await api.store.close()
})

describe('a time that 63 bits do not hold', () => {
  const never = String(2n ** 63n + 18n * 10n ** 17n)
  const at = BigInt(nanos(start))

  it('is that of the arrival, in spans, events, log records and data points, and the sender hears how many', async () => {
    await open()
    const noStart = { startTimeUnixNano: never }
    const partial = await store.write('traces', {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                span(1, start - 5_000, noStart),
                span(2, start - 5_000, { endTimeUnixNano: never }),
                span(3, start - 5_000, { ...noStart, endTimeUnixNano: never }),
                span(4, start - 5_000, { events: [{ name: 'e', timeUnixNano: never }] }),
                span(5, start - 5_000),
                { ...span(6, start), spanId: '' },
              ],
            },
          ],
        },
      ],
    } as Document)
    expect(partial?.rejected).toBe(1)
    expect(partial?.message).toMatch(/trace id.*; 4 had a time after the year 2262/)
    expect(
      await store.query('SELECT start_ns, duration_ns, events[1].time_ns AS event FROM spans ORDER BY span_id'),
    ).toEqual([
      { start_ns: at, duration_ns: 0n, event: null },
      { start_ns: at - 5_000_000_000n, duration_ns: 5_000_000_000n, event: null },
      { start_ns: at, duration_ns: 0n, event: null },
      { start_ns: at - 5_000_000_000n, duration_ns: 1_000_000n, event: at },
      { start_ns: at - 5_000_000_000n, duration_ns: 1_000_000n, event: null },
    ])
    const logRecords = [
      { timeUnixNano: never, observedTimeUnixNano: nanos(start - 9_000) },
      { observedTimeUnixNano: never },
    ]
    const body = { body: { stringValue: 'x' } }
    const logs = await store.write('logs', {
      resourceLogs: [
        {
          scopeLogs: [
            { logRecords: [...logRecords, { timeUnixNano: nanos(start) }].map(one => ({ ...one, ...body })) },
          ],
        },
      ],
    } as Document)
    expect(logs).toEqual({ rejected: 0, message: expect.stringMatching(/^2 had a time/) })
    expect(await store.query('SELECT time_ns, observed_ns FROM logs ORDER BY seq')).toEqual([
      { time_ns: at - 9_000_000_000n, observed_ns: at - 9_000_000_000n },
      { time_ns: at, observed_ns: at },
      { time_ns: at, observed_ns: at },
    ])
    const dataPoints = [
      { asInt: '1', timeUnixNano: never },
      { asInt: '1', timeUnixNano: nanos(start - 1_000), startTimeUnixNano: never },
    ]
    const points = await store.write('metrics', {
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints } }] }] }],
    } as Document)
    expect(points).toEqual({ rejected: 0, message: expect.stringMatching(/^2 had a time/) })
    expect(await store.query('SELECT time_ns, start_ns FROM metric_points ORDER BY seq')).toEqual([
      { time_ns: at, start_ns: 0n },
      { time_ns: at - 1_000_000_000n, start_ns: 0n },
    ])
  })

  it('in a file from before it was looked at ends no sweep, no question and no start', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-never-'))
    const file = path.join(folder, 'file')
    await open(file)
    await write(span(1, start, { events: [{ name: 'e', timeUnixNano: nanos(start) }] }))
    const body = { body: { stringValue: 'x' } }
    await store.write('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [body, body] }] }] } as Document)
    const metrics = [{ name: 'm', gauge: { dataPoints: [{ asInt: '1' }, { asInt: '2' }] } }]
    await store.write('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] } as Document)
    await store.close()
    const instance = await DuckDBInstance.create(file)
    const connection = await instance.connect()
    const least = `(-9223372036854775808)::BIGINT`
    await connection.run(`UPDATE logs SET time_ns = ${least}, observed_ns = ${least} WHERE seq = 0`)
    await connection.run(`UPDATE metric_points SET time_ns = ${least}, start_ns = ${least} WHERE seq = 0`)
    await connection.run(
      `UPDATE spans SET events = list_transform(events, lambda e: struct_update(e, time_ns := ${least}))`,
    )
    connection.closeSync()
    instance.closeSync()
    const faults = vi.spyOn(console, 'error')
    await open(file)
    expect((await search(store, '{ event:timeSinceStart > 1ms }', { limit: 3, spans: 1 })).traces).toEqual([])
    await sweptAt(3)
    expect(await store.query('SELECT count(*)::INTEGER AS logs FROM logs')).toEqual([{ logs: 2 }])
    await sweptAt(400)
    expect(await store.query('SELECT (SELECT count(*) FROM logs) + (SELECT count(*) FROM metric_points) AS n')).toEqual(
      [{ n: 0n }],
    )
    expect(faults.mock.calls).toEqual([])
    faults.mockRestore()
    rmSync(folder, { recursive: true })
  })
})

it('a sweep that fails is told, and neither ends a start nor what else is to go', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-sweep-'))
  const file = path.join(folder, 'file')
  await open(file)
  await write(span(1, start))
  const metrics = [{ name: 'm', gauge: { dataPoints: [{ asInt: '1' }] } }]
  await store.write('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] } as Document)
  await store.close()
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run('ALTER TABLE logs DROP COLUMN class')
  connection.closeSync()
  instance.closeSync()
  clock = start + 400 * day
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  store = await openStore({ path: file, now: () => clock })
  expect(told.mock.calls.join()).toMatch(/^afn-otel up: expired data could not be deleted \(.*class/)
  told.mockRestore()
  expect(await left()).toEqual([])
  expect(await store.query('SELECT count(*)::INTEGER AS points FROM metric_points')).toEqual([{ points: 0 }])
  rmSync(folder, { recursive: true })
})
