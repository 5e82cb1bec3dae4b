// Spans with long prompts: DuckDB has to bring them from its log into the file with the memory that it may take.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { openStore } from '../../../src/backend/store/store'
import type { Document } from '../../../src/shared/otlp/schema'

const now = String(BigInt(Date.now()) * 1_000_000n)
const span = () => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  name: 'chat',
  startTimeUnixNano: now,
  endTimeUnixNano: now,
  attributes: [{ key: 'prompt', value: { stringValue: randomBytes(150_000).toString('base64') } }],
})
const request = (count: number) =>
  ({ resourceSpans: [{ scopeSpans: [{ spans: Array.from({ length: count }, span) }] }] }) as Document

it('spans of 200 kB all come in while the log goes into the file again and again, and are there', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-large-'))
  const file = path.join(folder, 'file')
  const store = await openStore({ path: file })
  const logSize = () => statSync(`${file}.wal`, { throwIfNoEntry: false })?.size ?? 0
  for (let sent = 0; sent < 350; sent += 10) await store.write('traces', request(10))
  // when nothing comes
  await expect.poll(logSize, { timeout: 30_000 }).toBe(0)
  await store.write('traces', request(1))
  const read = await store.query(
    `SELECT count(*)::INTEGER AS spans, min(length(attr_s['prompt']))::INTEGER AS least FROM spans`,
  )
  await store.close()
  rmSync(folder, { recursive: true })
  expect(read).toEqual([{ spans: 351, least: 200_000 }])
})
