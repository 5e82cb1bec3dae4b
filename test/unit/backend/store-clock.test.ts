// The machine's clock jumps by years, and back: nothing goes before its time, and what is over goes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openStore, type Store } from '../../../src/backend/store/store'
import type { Document } from '../../../src/shared/otlp/schema'

const [hour, day, year] = [3_600_000, 86_400_000, 365 * 86_400_000]
const start = Date.parse('2026-11-30T12:00:00Z')
const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)

let folder: string
let store: Store
/** Of the machine, and of the time that really passes. */
let clock = start
let passed = 0

const open = async () => {
  store = await openStore({ path: path.join(folder, 'file') })
}
const restart = async () => {
  await store.close()
  await open()
}
const pass = (ms: number) => {
  clock += ms
  passed += ms
}

let ids = 0
/** By an app whose clock is right. */
async function write() {
  const id = (++ids).toString(16)
  const time = nanos(start + passed)
  const span = {
    traceId: id.padStart(32, '0'),
    spanId: id.padStart(16, '0'),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
  }
  await store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] } as Document)
  const body = { body: { stringValue: id }, timeUnixNano: time }
  await store.write('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [body] }] }] } as Document)
}
async function left() {
  const [row] = await store.query(
    'SELECT (SELECT count(*) FROM spans)::INTEGER AS spans, (SELECT count(*) FROM logs)::INTEGER AS logs',
  )
  return row
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-clock-'))
  ids = passed = 0
  clock = start
  const real = performance.now()
  vi.spyOn(Date, 'now').mockImplementation(() => clock)
  vi.spyOn(performance, 'now').mockImplementation(() => real + passed)
  await open()
})
afterEach(async () => {
  await store.close()
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

it.each([10, -10, 1, -1])('a jump of %d years and back loses nothing, over sweeps and starts', async years => {
  await write()
  const jump = years * year
  clock += jump
  await store.sweep()
  await write()
  for (let n = 0; n < 3; n++) {
    pass(600_000)
    await store.sweep()
    await restart()
    await write()
  }
  clock -= jump
  await store.sweep()
  await restart()
  await write()
  expect(await left()).toEqual({ spans: 6, logs: 6 })
})

it('what is over goes in the same hours as ever while the file is open', async () => {
  await write()
  for (let hours = 0; hours < 70; hours++) {
    pass(hour)
    await store.sweep()
  }
  expect((await left())?.spans).toBe(1)
  for (let hours = 0; hours < 3; hours++) {
    pass(hour)
    await store.sweep()
  }
  expect((await left())?.spans).toBe(0)
})

it('a pause is made up for while the file is open again', async () => {
  await write()
  await store.close()
  clock += 10 * day
  await open()
  await store.sweep()
  expect((await left())?.spans).toBe(1)
  for (let tens = 0; tens < 20; tens++) {
    pass(600_000)
    await store.sweep()
  }
  expect((await left())?.spans).toBe(0)
})
