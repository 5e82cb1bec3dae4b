// `/metrics` and `/ready` of the embedded backend say how it is.
import { afterEach, expect, it, vi } from 'vitest'
import { problemsIn } from '../../../support/exposition'
import { type Api, startApi } from './ask'

let api: Api
afterEach(() => {
  vi.restoreAllMocks()
  return api.store.close()
})

const nanos = (ms: number) => `${BigInt(ms) * 1_000_000n}`
const never = String(2n ** 63n)
const now = Date.now()
const span = (id: number, more: object = {}) => ({
  traceId: id.toString(16).padStart(32, '0'),
  spanId: id.toString(16).padStart(16, '0'),
  startTimeUnixNano: nanos(now),
  endTimeUnixNano: nanos(now),
  ...more,
})
const traces = (...spans: object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] })

async function samples(): Promise<Map<string, number>> {
  const response = await api.get('/metrics')
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const text = await response.text()
  expect(problemsIn(text)).toEqual([])
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

it('counts what came, what was not taken and why, by signal, and when it was last written and swept', async () => {
  api = await startApi(
    [
      traces(span(1), span(2, { startTimeUnixNano: never }), span(3, { spanId: '' })),
      { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'x' } }, {}] }] }] },
    ],
    now,
  )
  api.parts.requests.count('traces', 503)
  const found = await samples()
  const part = (name: string) =>
    Object.fromEntries(['traces', 'metrics', 'logs'].map(signal => [signal, found.get(`${name}{signal="${signal}"}`)]))
  expect(part('afn_up_records_received_total')).toEqual({ traces: 3, metrics: 0, logs: 2 })
  expect(part('afn_up_records_rejected_total')).toEqual({ traces: 1, metrics: 0, logs: 1 })
  expect(part('afn_up_records_misdated_total')).toEqual({ traces: 1, metrics: 0, logs: 0 })
  expect(found.get('afn_up_requests_total{signal="traces",code="503"}')).toBe(1)
  expect(found.get('afn_up_commit_duration_seconds_count')).toBe(2)
  expect(found.get('afn_up_commit_duration_seconds_sum')).toBeGreaterThan(0)
  for (const when of ['commit', 'sweep'])
    expect(found.get(`afn_up_last_${when}_timestamp_seconds`)).toBeGreaterThan(now / 1_000 - 60)
  await vi.waitFor(async () => expect((await samples()).get('afn_up_index_lag_spans')).toBe(2))
})

it('counts questions that wait, and is answered while they do', async () => {
  api = await startApi([traces(span(1))], now)
  const slow = `SELECT count(*) FROM range(100000000) a, range(1000) b WHERE a.range + b.range = -1`
  const ending = new AbortController()
  const asked = Array.from({ length: 5 }, () => api.store.query(slow, [], ending.signal).catch(() => {}))
  await vi.waitFor(async () => {
    const found = await samples()
    expect([found.get('afn_up_queries_running'), found.get('afn_up_queries_waiting')]).toEqual([2, 3])
  })
  ending.abort(new Error('enough'))
  await Promise.all(asked)
  const found = await samples()
  expect([found.get('afn_up_queries_running'), found.get('afn_up_queries_waiting')]).toEqual([0, 0])
})

it('is not ready when nothing could be written since a commit failed, and when sweeps are missing', async () => {
  api = await startApi([traces(span(1))], now)
  const ready = async () => {
    const response = await api.get('/ready')
    return [response.status, await response.text()]
  }
  expect(await ready()).toEqual([200, 'ready\n'])
  const real = performance.now()
  const after = (ms: number) => vi.spyOn(performance, 'now').mockReturnValue(real + ms)
  after(3_600_000)
  expect(await ready()).toEqual([503, 'not ready: expired data could not be deleted\n'])
  await api.store.sweep()
  expect(await ready()).toEqual([200, 'ready\n'])
  api.store.vitals.commitFailed()
  expect(await ready()).toEqual([503, 'not ready: received data could not be stored\n'])
  // after a minute it asks the disk whether it can be written
  after(3_661_000)
  expect(await ready()).toEqual([200, 'ready\n'])
  expect(api.store.vitals.isFailing).toBe(false)
})
