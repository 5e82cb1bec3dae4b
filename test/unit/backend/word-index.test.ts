// The index of words finds what the expressions find that it stands for, and forgets what the store forgets. The oracles are the texts that
// the test made, read by JavaScript's own expressions, and the same query without the index.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readSearch } from '../../../src/backend/explorer/traceql/search-text'
import { openStore, type Store } from '../../../src/backend/store/store'
import { wordPlaces } from '../../../src/backend/store/word-places'
import { search } from '../../../src/backend/traceql/search'

const SEGMENT = 8192
const day = 86_400_000
const began = Date.parse('2026-11-01T00:00:00Z')

type Span = Record<string, unknown> & { readonly traceId: string }
const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)
const pair = (key: string, value: string) => ({ key, value: { stringValue: value } })

/** A span a trace: its number is that of the trace. */
function span(n: number, more: object = {}, ms = began): Span {
  return {
    traceId: (n + 1).toString(16).padStart(32, '0'),
    spanId: (n + 1).toString(16).padStart(16, '0'),
    name: 'filler',
    startTimeUnixNano: nanos(ms),
    endTimeUnixNano: nanos(ms + 1),
    ...more,
  }
}

const filler = (from: number, count: number) => Array.from({ length: count }, (_, n) => span(from + n))
const write = (store: Store, spans: readonly object[], service = 'shop') =>
  store.write('traces', {
    resourceSpans: [{ resource: { attributes: [pair('service.name', service)] }, scopeSpans: [{ spans }] }],
  } as Parameters<Store['write']>[1])

/** Resolves when the index has the span of this number. */
async function indexed(store: Store, last: number): Promise<void> {
  while (store.vitals.words.last < last) await new Promise(resolve => setTimeout(resolve, 20))
}

/** The numbers of the traces in which the search box finds it. */
async function found(store: Store, typed: string): Promise<number[]> {
  const read = readSearch(typed)
  if (read.kind !== 'query') throw new Error(`${typed} is no query`)
  const { traces } = await search(store, read.query, { limit: 1000, spans: 1 })
  return traces.map(({ traceID }) => Number.parseInt(traceID, 16) - 1).sort((a, b) => a - b)
}

const withoutIndex = (store: Store): Store => {
  const plain: Store = {
    ...store,
    vitals: Object.create(store.vitals, { words: { value: { last: -1, newest: -1 } } }),
    shared: store,
  }
  return plain
}

let store: Store
let folder: string | undefined
afterEach(async () => {
  await store.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
  folder = undefined
})

describe('the index of words', () => {
  const long = `${'x'.repeat(400)}needle${'y'.repeat(400)}`
  const texts = [
    'Please REFUND order-17, it is late',
    'refunds are late',
    'the late order',
    '返金を、お願いします。',
    'お願いします返金',
    'gpt-4o-mini said "no"',
    'ΛΟΓΟΣ και λόγος λογος',
    'Straße ſtone Kelvin',
    `{"content":"a\\nb","long":"${long}"}`,
    'order late the',
    '100% off (now) [x] a+b',
    '',
  ]
  const typed = ['refund', 'Refunds', 'order-17', 'late', '"the late"', '"late order"', '返金', '"返金を、お願い"', 'gpt-4o', 'λογος', 'stone', 'kelvin', 'needle', `"${'x'.repeat(80)}"`, `"${long}"`, '"% off"', 'off (now)', 'a+b', '"said ""no', 'nowhere', 'refund order-17'] // biome-ignore format: a list

  it('misses or invents a span in which a word stands', async () => {
    store = await openStore({ path: ':memory:', now: () => began })
    const spans = texts.map((text, n) => span(n, { attributes: [pair('gen_ai.input.messages', text)] }))
    await write(store, [...spans, ...filler(texts.length, SEGMENT - texts.length)])
    await indexed(store, SEGMENT - 1)
    // and the same once more, behind the index
    await write(
      store,
      texts.map((text, n) => span(SEGMENT + n, { attributes: [pair('gen_ai.input.messages', text)] })),
    )
    for (const each of typed) {
      const answer = await found(store, each)
      expect([each, answer]).toEqual([each, await found(withoutIndex(store), each)])
      const read = readSearch(each)
      const words = read.kind === 'query' ? read.words : []
      const says = (text: string) =>
        words.every(word => new RegExp(word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'isu').test(text))
      const own = [...texts.keys()].filter(n => says(texts[n]!))
      expect([each, answer]).toEqual([each, [...own, ...own.map(n => SEGMENT + n)]])
    }
  })

  it('does not know a place in which the search box looks', async () => {
    store = await openStore({ path: ':memory:', now: () => began })
    const inPlace = (place: string): object => {
      if (place === 'name') return { name: 'a hidden word' }
      if (place === 'statusMessage') return { status: { code: 2, message: 'a hidden word' } }
      const [scope, ...key] = place.split('.')
      const attributes = [pair(key.join('.'), 'a hidden word')]
      const list = [{ key: key.join('.'), value: { arrayValue: { values: [{ stringValue: 'in a hidden list' }] } } }]
      if (scope === 'event')
        return {
          events: [
            { name: 'exception', attributes },
            { name: 'exception', attributes: list },
          ],
        }
      return { attributes: place.endsWith('messages') ? list : attributes }
    }
    const own = wordPlaces.filter(place => !place.startsWith('resource.'))
    await write(
      store,
      own.map((place, n) => span(n, inPlace(place))),
    )
    await write(store, [span(own.length)], 'the-hidden-service')
    await write(store, filler(own.length + 1, SEGMENT))
    await indexed(store, SEGMENT - 1)
    const all = Array.from({ length: own.length + 1 }, (_, n) => n)
    expect(await found(withoutIndex(store), 'hidden')).toEqual(all)
    expect(await found(store, 'hidden')).toEqual(all)
  })

  const saying = (word: string) => `SELECT count(*)::INTEGER AS words FROM words WHERE contains(word, '${word}')`

  it('keeps a word of a trace whose time is over, or loses one of a trace that stays', async () => {
    let now = began
    store = await openStore({ path: ':memory:', now: () => now })
    const failed = { status: { code: 2, message: 'stays because it failed, common' } }
    await write(store, [span(0, { name: 'gone common' }), span(1, failed), ...filler(2, SEGMENT - 2)])
    await indexed(store, SEGMENT - 1)
    now = began + 5 * day
    await store.sweep()
    expect(await store.query(saying('gone'))).toEqual([{ words: 0 }])
    expect(await store.query(saying('stays'))).toEqual([{ words: 1 }])
    expect(await found(store, 'common')).toEqual([1])
    now = began + 100 * day
    await store.sweep()
    expect(await store.query('SELECT count(*)::INTEGER AS words FROM words')).toEqual([{ words: 0 }])
  })

  it('keeps a word that was erased in its file, or is not made anew of what is left', async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'afn-words-'))
    const file = path.join(folder, 'store.duckdb')
    store = await openStore({ path: file, now: () => began })
    await write(store, [
      span(0, { name: 'call of mrs-quillfeather' }),
      span(1, { name: 'call of nobody' }),
      ...filler(2, 2 * SEGMENT),
    ])
    await indexed(store, SEGMENT - 1)
    expect(await found(store, 'quillfeather')).toEqual([0])
    await store.erase(['DELETE FROM spans WHERE seq = 0'])
    await indexed(store, SEGMENT - 1)
    expect(await found(store, 'quillfeather')).toEqual([])
    expect(await found(store, 'nobody')).toEqual([1])
    await store.close()
    expect(readFileSync(file).includes('quillfeather')).toBe(false)
    store = await openStore({ path: file, now: () => began })
    expect(store.vitals.words.last).toBeGreaterThanOrEqual(SEGMENT - 1)
    expect(await found(store, 'nobody')).toEqual([1])
  })
})
