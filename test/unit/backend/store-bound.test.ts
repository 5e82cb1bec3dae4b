// The size of the file is bounded: whatever comes, the oldest goes first, as whole traces. Sizes are those of the file system.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { openStore, type Store } from '../../../src/backend/store/store'
import type { Document } from '../../../src/shared/otlp/schema'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-bound-'))
const file = path.join(folder, 'file')
let store: Store
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const size = () => [file, `${file}.wal`].reduce((sum, name) => sum + (existsSync(name) ? statSync(name).size : 0), 0)
const MB = 2 ** 20
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const now = String(BigInt(Date.now()) * 1_000_000n)

/** Two requests of which each has half of every trace, with text that can't be made smaller. */
async function write(from: number, traces: number): Promise<void> {
  for (const half of [0, 1]) {
    const spans = Array.from({ length: traces }, (_, n) => ({
      traceId: hex(from + n, 32),
      spanId: hex((from + n) * 2 + half + 1, 16),
      parentSpanId: half ? hex((from + n) * 2 + 1, 16) : '',
      name: randomBytes(2_000).toString('base64'),
      startTimeUnixNano: now,
      endTimeUnixNano: now,
    }))
    await store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] } as Document)
  }
}

it('the file of the store stays within its size, and has the newest traces, each with all of its spans', {
  timeout: 120_000,
}, async () => {
  const maxBytes = 24 * MB
  store = await openStore({ path: file, maxBytes })
  const audit = { key: 'afn.audit', value: { boolValue: true } }
  const logRecords = [{ timeUnixNano: now, body: { stringValue: 'signed' }, attributes: [audit] }]
  await store.write('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] } as Document)
  let most = 0
  let sent = 0
  // 43 MB of names alone; what a checkpoint writes anew may stand beside for a moment
  for (; sent < 8_000; sent += 250) {
    await write(sent, 250)
    most = Math.max(most, size())
  }
  expect(most).toBeLessThan(1.25 * maxBytes)
  const [row] = await store.query(`
    SELECT count(*)::INTEGER AS spans, count(DISTINCT trace_id)::INTEGER AS traces, min(trace_id)::INTEGER AS first,
      max(trace_id)::INTEGER AS last, (SELECT count(*)::INTEGER FROM logs) AS logs FROM spans`)
  const { spans, traces, first, last, logs } = row as Record<string, number>
  expect(last).toBe(sent - 1)
  expect(first).toBeGreaterThan(sent / 2)
  // no hole, no half
  expect(traces).toBe(last! - first! + 1)
  expect(spans).toBe(2 * traces!)
  // the bound is used, and what takes no room stays
  expect(traces).toBeGreaterThan(500)
  expect(logs).toBe(1)
})
