// The table of traces says of each what its spans add up to, whatever came when.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore, type Store } from '../../../src/backend/store/store'
import { ofSpans } from '../../../src/backend/store/trace-parts'
import { Random } from '../../support/random'

const start = 1_795_000_000_000
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const string = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const int = (key: string, n: number) => ({ key, value: { intValue: String(n) } })

let folder: string
let file: string
let store: Store
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-traces-'))
  file = path.join(folder, 'afn.duckdb')
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})
const open = async () => (store = await openStore({ path: file, now: () => start + 60_000 }))

const random = new Random(30)
const kinds = [
  () => [],
  () => [string('session.id', `session-${random.below(3)}`), string('user.id', `user-${random.below(3)}`)],
  () => [
    string('gen_ai.operation.name', 'chat'),
    string('gen_ai.conversation.id', `c-${random.below(2)}`),
    ...(random.below(2) === 0 ? [int('gen_ai.usage.input_tokens', random.below(1_000))] : []),
    ...(random.below(2) === 0 ? [{ key: 'afn.llm.cost.total', value: { doubleValue: random.below(64) / 64 } }] : []),
  ],
]
let spanIds = 0

/** Some spans of some of forty traces, of which each has its root last, first or never. */
function request() {
  const spans = Array.from({ length: 1 + random.below(30) }, () => {
    const trace = 1 + random.below(40)
    const isRoot = trace % 3 > 0 && random.below(6) === 0
    const from = BigInt(start + random.below(60_000)) * 1_000_000n
    spanIds++
    return {
      traceId: hex(trace, 32),
      spanId: hex(spanIds, 16),
      ...(!isRoot && { parentSpanId: hex(1 + random.below(spanIds), 16) }),
      name: `span-${spanIds}`,
      kind: 1 + random.below(3),
      startTimeUnixNano: String(from),
      endTimeUnixNano: String(from + BigInt(random.below(5_000)) * 1_000_000n),
      status: { code: random.below(8) === 0 ? 2 : 0 },
      attributes: kinds[random.below(kinds.length)]!(),
    }
  })
  return { resourceSpans: [{ resource: { attributes: [string('service.name', 'shop')] }, scopeSpans: [{ spans }] }] }
}

async function expectSums() {
  const told = await store.query('FROM traces ORDER BY trace_id')
  const added = await store.query(`SELECT s.trace_id, ${ofSpans} FROM spans s GROUP BY s.trace_id ORDER BY s.trace_id`)
  expect(told).toEqual(added)
  return told.length
}

it('while parts of traces come, when they have come to rest, and after a restart', async () => {
  await open()
  for (let round = 0; round < 25; round++) {
    const sent = request()
    await Promise.all([store.write('traces', sent), store.write('traces', request())])
    await expectSums()
    // a client that got no answer sends once more
    await store.write('traces', sent)
    if (round % 5 === 4) await store.finalizeTraces()
    await expectSums()
  }
  await store.finalizeTraces()
  expect(await expectSums()).toBe(40)
  expect(await store.query('SELECT count(*)::INTEGER AS rows FROM trace_parts')).toEqual([{ rows: 40 }])
  await store.write('traces', request())
  await store.close()
  await open()
  await expectSums()
  await store.finalizeTraces()
  await expectSums()
})

it('of spans that a version without the table has stored, from the first question on', async () => {
  await open()
  for (let n = 0; n < 10; n++) await store.write('traces', request())
  await store.close()
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  for (const statement of [
    'DROP VIEW traces',
    'DROP TABLE trace_parts',
    'DROP TABLE untraced',
    'UPDATE meta SET format = 1',
    // so many that they are no one segment
    'INSERT INTO spans SELECT * REPLACE (seq + 150000 AS seq, span_id + 1000000 AS span_id) FROM spans',
  ])
    await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
  await open()
  await expectSums()
  await store.write('traces', request())
  await expectSums()
  await expect
    .poll(() => store.query('SELECT count(*)::INTEGER AS rows FROM untraced WHERE next < until'), { timeout: 20_000 })
    .toEqual([{ rows: 0 }])
  await expectSums()
  await store.finalizeTraces()
  await expectSums()
})

it('after an erasure, and after what has been kept for its time is gone', async () => {
  await open()
  for (let n = 0; n < 10; n++) await store.write('traces', request())
  await store.erase(['DELETE FROM spans WHERE seq % 3 = 0'])
  await expectSums()
  await store.write('traces', request())
  await expectSums()
  await store.close()
  store = await openStore({ path: file, now: () => start + 4 * 86_400_000 })
  const left = await expectSums()
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(40)
})
