// What a running `afn-otel up` bears: being killed, a full disk, broken and hostile requests, many questions at once.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { Random } from '../support/random'
import { type RunningUp, runUp, startUp, upFolder } from '../support/up'

const spansEach = 50
const hex = (bytes: number) => randomBytes(bytes).toString('hex')

/** A request with one trace. */
function request(traceId: string = hex(16)): object {
  const time = `${Date.now()}000000`
  const span = { traceId, name: 'work', startTimeUnixNano: time, endTimeUnixNano: time }
  const spans = Array.from({ length: spansEach }, () => ({ ...span, spanId: hex(8), attributes }))
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] }
}
const attributes = [{ key: 'text', value: { stringValue: 'x'.repeat(100) } }]

/** Sends traces over several connections until one fails or the test stops it; @returns the traces that were acknowledged. */
function load(up: RunningUp, connections = 4): { stop: () => Promise<string[]> } {
  const acknowledged: string[] = []
  let isOver = false
  const send = async () => {
    while (!isOver) {
      const traceId = hex(16)
      const response = await up.post('traces', request(traceId)).catch(() => undefined)
      if (!response) return
      expect(response.status).toBe(200)
      acknowledged.push(traceId)
    }
  }
  const all = Promise.all(Array.from({ length: connections }, send))
  return {
    async stop() {
      isOver = true
      await all
      return acknowledged
    },
  }
}

/** Another one each time, which is printed, so that a failure can be had again. */
const seed = Number(process.env.AFN_TEST_SEED || Date.now() % 2 ** 31)
console.log(`AFN_TEST_SEED=${seed}`)
const random = new Random(seed)

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Spans by trace, as the file has them when nobody has it open. */
async function stored(folder: string): Promise<Map<string, number>> {
  const instance = await DuckDBInstance.create(path.join(folder, 'data/afn.duckdb'))
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(
    `SELECT lpad(lower(hex(trace_id)), 32, '0'), count(*)::INTEGER FROM spans GROUP BY 1`,
  )
  connection.closeSync()
  instance.closeSync()
  return new Map(reader.getRows() as [string, number][])
}

/** How often each of the faults comes, at another moment each time. */
const rounds = isLong('store')
  ? { kills: 1_000, disks: 200, starts: 50, clocks: 50 }
  : { kills: 8, disks: 6, starts: 3, clocks: 4 }

/** Every trace that was acknowledged is in the file with all of its spans, and no half of a request is. */
async function expectAll(folder: string, acknowledged: readonly string[]) {
  const traces = await stored(folder)
  expect(acknowledged.filter(id => !traces.has(id))).toEqual([])
  expect(new Set(traces.values())).toEqual(new Set([spansEach]))
}

it('killed at any moment, it starts again, has lost nothing that it acknowledged, and holds no half of a request', {
  timeout: rounds.kills * 15_000,
}, async () => {
  const folder = upFolder()
  const acknowledged: string[] = []
  for (let round = 0; round < rounds.kills; round++) {
    const up = await startUp(['--data', 'data'], { folder })
    const sending = load(up)
    await sleep(random.below(2_500))
    // one in four while it ends by itself
    if (random.below(4) === 0) {
      const ended = up.stop()
      await sleep(random.below(300))
      await up.stop('SIGKILL')
      await ended
    } else await up.stop('SIGKILL')
    acknowledged.push(...(await sending.stop()))
  }
  const up = await startUp(['--data', 'data'], { folder })
  expect(await up.stop()).toBe(0)
  expect(acknowledged.length).toBeGreaterThan(rounds.kills)
  await expectAll(folder, acknowledged)
})

it('of two that start at once one has the folder, the other ends with one line, and nothing is lost', {
  timeout: rounds.starts * 30_000,
}, async () => {
  const folder = upFolder()
  const acknowledged: string[] = []
  for (let round = 0; round < rounds.starts; round++) {
    const both = await Promise.allSettled([1, 2].map(() => startUp(['--data', 'data'], { folder })))
    const [one, ...others] = both.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    const failures = both.flatMap(result => (result.status === 'rejected' ? [String(result.reason)] : []))
    expect(others).toEqual([])
    expect(failures).toEqual([
      expect.stringMatching(/ended with 1: afn-otel up: .* is in use by another process.*--data\n$/),
    ])
    const traceId = hex(16)
    expect((await one!.post('traces', request(traceId))).status).toBe(200)
    acknowledged.push(traceId)
    await one!.stop(round % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
  }
  await expectAll(folder, acknowledged)
})

it('its clock jumps by ten years under load, back and forth, over kills: nothing that was acknowledged is lost', {
  timeout: rounds.clocks * 60_000,
}, async () => {
  const folder = upFolder()
  const offset = path.join(folder, 'offset')
  const jumpTo = (years: number) => writeFileSync(offset, String(years * 365 * 86_400_000))
  jumpTo(0)
  writeFileSync(
    path.join(folder, 'clock.cjs'),
    `const { readFileSync } = require('node:fs')
    const real = Date.now
    let offset = 0
    const read = () => (offset = Number(readFileSync(${JSON.stringify(offset)}, 'utf8')) || 0)
    read()
    setInterval(read, 20).unref()
    Date.now = () => real() + offset`,
  )
  const env = { NODE_OPTIONS: '--require ./clock.cjs' }
  const acknowledged: string[] = []
  for (let round = 0; round < rounds.clocks; round++) {
    const up = await startUp(['--data', 'data'], { folder, env })
    const sending = load(up)
    await sleep(random.below(1_000))
    jumpTo(random.pick([10, -10, 0]))
    await sleep(random.below(1_000))
    await up.stop(random.pick(['SIGKILL', 'SIGTERM']))
    acknowledged.push(...(await sending.stop()))
  }
  jumpTo(0)
  const up = await startUp(['--data', 'data'], { folder, env })
  expect(await up.stop()).toBe(0)
  await expectAll(folder, acknowledged)
})

it('a second up on the same folder ends with one line', async () => {
  const folder = upFolder()
  const up = await startUp(['--data', 'data'], { folder })
  const second = await runUp(folder, ['--data', 'data'])
  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(/^afn-otel up: .*afn\.duckdb is in use by another process.*--data\n$/)
  await up.stop()
})

const prlimit = process.platform === 'linux' ? '/usr/bin/prlimit' : ''

it.skipIf(!prlimit)('up answers with 503 while the disk is full, and goes on when there is room again', async () => {
  const up = await startUp(['--data', 'data'])
  const limit = (bytes: number | string) => execFileSync(prlimit, ['--pid', `${up.pid}`, `--fsize=${bytes}:`])
  const first = hex(16)
  expect((await up.post('traces', request(first))).status).toBe(200)
  limit(statSync(path.join(up.folder, 'data/afn.duckdb.wal')).size + 100_000)
  let status = 200
  for (let sent = 0; sent < 500 && status === 200; sent++) status = (await up.post('traces', request())).status
  expect(status).toBe(503)
  const ready = async () => (await fetch(`${up.url}/ready`)).status
  expect(await ready()).toBe(503)
  const search = `${up.url}/api/v2/traces/${first}`
  expect((await fetch(search)).status).toBe(200)
  limit('unlimited')
  expect(await (await fetch(`${up.url}/metrics`)).text()).toMatch(/^afn_up_commit_failures_total [1-9]/m)
  const last = hex(16)
  expect((await up.post('traces', request(last))).status).toBe(200)
  expect(await ready()).toBe(200)
  expect(await up.stop()).toBe(0)
  const traces = await stored(up.folder)
  expect([traces.get(first), traces.get(last)]).toEqual([spansEach, spansEach])
  expect(new Set(traces.values())).toEqual(new Set([spansEach]))
})

it.skipIf(!prlimit)(
  'whichever write meets a full disk, nothing that was acknowledged is lost, and it goes on when there is room',
  {
    timeout: rounds.disks * 30_000,
  },
  async () => {
    const folder = upFolder()
    const acknowledged: string[] = []
    const sizeOf = (name: string) => statSync(path.join(folder, 'data', name), { throwIfNoEntry: false })?.size ?? 0
    let up = await startUp(['--data', 'data'], { folder })
    const limit = (bytes: number | string) => execFileSync(prlimit, ['--pid', `${up.pid}`, `--fsize=${bytes}:`])
    const send = async () => {
      const traceId = hex(16)
      const { status } = await up.post('traces', request(traceId))
      if (status === 200) acknowledged.push(traceId)
      return status
    }
    for (let round = 0; round < rounds.disks; round++) {
      for (let n = random.below(5); n >= 0; n--) expect(await send()).toBe(200)
      // the log, the file that a checkpoint makes larger, or both
      const largest = Math.max(sizeOf('afn.duckdb.wal'), sizeOf('afn.duckdb'))
      limit(largest + random.below(60_000))
      for (let n = 0; n < 200 && (await send()) === 200; n++);
      // the log goes into the file when nothing came for two seconds
      if (random.below(2) === 0) await sleep(2_800)
      await send()
      if (random.below(3) === 0) {
        await up.stop('SIGKILL')
        up = await startUp(['--data', 'data'], { folder })
      } else limit('unlimited')
      await expect.poll(send, { timeout: 10_000 }).toBe(200)
    }
    expect(await up.stop()).toBe(0)
    await expectAll(folder, acknowledged)
  },
)

describe('broken and hostile requests', () => {
  let up: RunningUp
  beforeAll(async () => {
    up = await startUp()
  })
  afterAll(() => up.stop())

  const field = (number: number, content: Uint8Array): Buffer => {
    const length: number[] = []
    let rest = content.length
    for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128)
    return Buffer.concat([Buffer.from([number * 8 + 2, ...length, rest]), content])
  }
  const traces = (...span: Uint8Array[]) => field(1, field(2, field(2, Buffer.concat(span))))
  const ids = [field(1, randomBytes(16)), field(2, randomBytes(8))]
  const attribute = field(9, Buffer.concat([field(1, Buffer.from('k')), field(2, field(1, Buffer.from('v')))]))
  let nested = field(1, Buffer.from('deep'))
  for (let level = 0; level < 3_000; level++) nested = field(5, field(1, nested))

  it.each<[string, number, Buffer]>([
    ['10⁶ attributes', 413, traces(...ids, Buffer.alloc(attribute.length * 1_000_000, attribute))],
    ['lists in lists', 400, traces(...ids, field(9, Buffer.concat([field(1, Buffer.from('k')), field(2, nested)])))],
    ['a trace id of 15 bytes', 400, traces(field(1, randomBytes(15)))],
    ['a request that was cut', 400, traces(...ids, attribute).subarray(0, -1)],
    ['more than fits', 413, Buffer.alloc(17 * 2 ** 20)],
  ])('%s', async (_, status, body) => {
    const post = (body: Uint8Array, headers = {}) =>
      fetch(`${up.otlp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', ...headers },
        body: new Uint8Array(body),
      })
    const concurrent = up.post('traces', request())
    const { status: plain } = await post(body)
    const { status: zipped } = await post(gzipSync(body), { 'content-encoding': 'gzip' })
    expect([plain, zipped, (await concurrent).status]).toEqual([status, status, 200])
  })

  it('lose no data of others', async () => {
    const { spans } = (await (await fetch(`${up.url}/api/afn/stats`)).json()) as { spans: number }
    expect(spans).toBe(5 * spansEach)
  })
})

it('a hundred queries at once are answered while spans come', { timeout: 300_000 }, async () => {
  const up = await startUp(['--data', 'data'])
  const sending = load(up)
  await sleep(500)
  const questions = [
    '{ name = "work" }',
    '{ span.text =~ "x+" } >> { true }',
    '{ span.text != nil } | count() > 10',
    '{}',
  ]
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const q = questions[n % questions.length]!
      const response = await fetch(`${up.url}/api/search?${new URLSearchParams({ q })}`)
      return response.status
    }),
  )
  expect(new Set(answers)).toEqual(new Set([200]))
  const acknowledged = await sending.stop()
  expect(await up.stop()).toBe(0)
  const traces = await stored(up.folder)
  expect(acknowledged.filter(id => traces.get(id) !== spansEach)).toEqual([])
})
