// The tree of each trace, and what happens to spans that come twice.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openStore, type Store } from '../../../src/backend/store/store'

let store: Store
afterEach(() => store.close())

/** `id < parent` or an id alone for a root, and whether it is a client or a server. */
function spans(trace: number, ...texts: string[]) {
  const hex = (value: number | string, digits: number) => Number(value).toString(16).padStart(digits, '0')
  return {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: texts.map(text => {
              const [, id, parent, kind] = /^(\d+)(?: < (\d+))?(?: (\w+))?$/.exec(text)!
              return {
                traceId: hex(trace, 32),
                spanId: hex(id!, 16),
                parentSpanId: parent && hex(parent, 16),
                name: id,
                kind: { server: 2, client: 3 }[kind ?? ''] ?? 1,
              }
            }),
          },
        ],
      },
    ],
  }
}

async function places(trace: number) {
  await store.finalizeTraces()
  return written(trace)
}

async function written(trace: number) {
  const rows = await store.query(
    `SELECT name, nleft, nright, nparent, nchildren FROM spans WHERE trace_id = ${trace}::UHUGEINT ORDER BY seq`,
  )
  return Object.fromEntries(rows.map(row => [row.name, [row.nleft, row.nright, row.nparent, row.nchildren]]))
}

test('nested sets are right, in whatever order the spans come', async () => {
  store = await openStore({ path: ':memory:' })
  await store.write('traces', spans(1, '4 < 3', '3 < 1'))
  expect(await places(1)).toEqual({ 4: [0, 0, 0, 0], 3: [0, 0, 0, 1] })
  await store.write('traces', spans(1, '2 < 1', '1'))
  expect(await places(1)).toEqual({ 1: [1, 8, -1, 2], 3: [2, 5, 1, 1], 4: [3, 4, 2, 0], 2: [6, 7, 1, 0] })
})

test('a trace that comes in one request is written with its nested sets, and later spans get theirs', async () => {
  store = await openStore({ path: ':memory:' })
  await store.write('traces', spans(1, '2 < 1', '1', '3 < 2'))
  expect(await written(1)).toEqual({ 1: [1, 6, -1, 1], 2: [2, 5, 1, 1], 3: [3, 4, 2, 0] })
  await store.write('traces', spans(1, '4 < 1', '5'))
  expect(await places(1)).toEqual({
    1: [1, 8, -1, 2],
    2: [2, 5, 1, 1],
    3: [3, 4, 2, 0],
    4: [6, 7, 1, 0],
    5: [9, 10, -1, 0],
  })
})

test('traces with two roots, orphans and circles have nested sets too', async () => {
  store = await openStore({ path: ':memory:' })
  await store.write('traces', spans(2, '1', '2', '3 < 9', '4 < 2', '5 < 6', '6 < 5', '7 < 7'))
  expect(await places(2)).toEqual({
    1: [1, 2, -1, 0],
    2: [3, 6, -1, 1],
    4: [4, 5, 3, 0],
    3: [0, 0, 0, 0],
    5: [0, 0, 0, 1],
    6: [0, 0, 0, 1],
    7: [0, 0, 0, 1],
  })
})

test('the two ends of a call that share an id are two spans', async () => {
  store = await openStore({ path: ':memory:' })
  await store.write('traces', spans(3, '1 server', '2 < 1 client', '3 < 2'))
  await store.write('traces', spans(3, '2 < 2 server'))
  await store.finalizeTraces()
  const rows = await store.query('SELECT kind, nleft, nright, nparent FROM spans ORDER BY nleft')
  expect(rows).toEqual([
    { kind: 2, nleft: 1, nright: 8, nparent: -1 },
    { kind: 3, nleft: 2, nright: 7, nparent: 1 },
    { kind: 2, nleft: 3, nright: 6, nparent: 2 },
    { kind: 1, nleft: 4, nright: 5, nparent: 3 },
  ])
})

test('a span that comes twice is stored once, at once or much later', async () => {
  store = await openStore({ path: ':memory:' })
  await store.write('traces', spans(4, '1', '2 < 1', '1'))
  await store.write('traces', spans(4, '2 < 1', '3 < 2'))
  expect(await store.query('SELECT count(*)::INTEGER AS spans FROM spans')).toEqual([{ spans: 3 }])
  // As if it had been stored before the store was opened.
  await store.query('INSERT INTO spans SELECT * REPLACE (seq + 1000 AS seq) FROM spans')
  await store.write('traces', spans(4, '4 < 2'))
  expect(Object.keys(await places(4))).toEqual(['1', '2', '3', '4'])
  expect(await store.query('SELECT count(*)::INTEGER AS spans FROM spans')).toEqual([{ spans: 4 }])
})

test('a trace that a client sends again after a restart is stored once', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-store-'))
  try {
    for (let start = 0; start < 2; start++) {
      if (start > 0) await store.close()
      store = await openStore({ path: path.join(folder, 'afn.duckdb'), now: () => 0 })
      await store.write('traces', spans(6, '1', '2 < 1'))
    }
    expect(await places(6)).toEqual({ 1: [1, 4, -1, 1], 2: [2, 3, 1, 0] })
    expect(await store.query('SELECT count(*)::INTEGER AS spans FROM spans')).toEqual([{ spans: 2 }])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a trace that came twice, long apart, is one after the next sweep', async () => {
  store = await openStore({ path: ':memory:', now: () => 0 })
  await store.write('traces', spans(7, '1', '2 < 1'))
  await store.query(
    'INSERT INTO spans SELECT * REPLACE (seq + 1000 AS seq, span_id + 2 AS span_id, name::INTEGER + 2 AS name) FROM spans',
  )
  await store.query('INSERT INTO spans SELECT * REPLACE (seq + 2000 AS seq) FROM spans')
  await store.query('INSERT INTO trace_parts FROM trace_parts')
  await store.sweep()
  expect(await written(7)).toEqual({ 1: [1, 6, -1, 2], 2: [2, 3, 1, 0], 3: [7, 8, -1, 0], 4: [4, 5, 1, 0] })
})

test('a listener gets the traces to which nothing was added for a while', async () => {
  store = await openStore({ path: ':memory:' })
  const rested = new Promise(resolve => store.onRest(resolve))
  await store.write('traces', spans(5, '1'))
  expect(await rested).toEqual([`${'0'.repeat(31)}5`])
  expect(await store.query('SELECT nleft FROM spans')).toEqual([{ nleft: 1 }])
})
