// Two traces beside each other. The oracle is what the generator below did to the second one. What belongs together is what Jaeger's trace diff
// puts together: the same service and operation below the same ones.
import { describe, expect, it } from 'vitest'
import { attributeDifferences } from '../../../src/backend/explorer/data/attribute-differences'
import type { Span } from '../../../src/backend/explorer/data/span'
import { changedRows, type DiffRow, diffOf } from '../../../src/backend/explorer/data/trace-diff'
import { treeOf } from '../../../src/backend/explorer/data/tree'
import { attributes, span } from './spans'

const MS = 1_000_000

/** A request with forty handlers, each with three queries, of 10 ms each, and a call of a model. */
const HANDLERS = 40
const first: Span[] = [
  span('root', '', 0, 500 * MS, { name: 'GET /' }),
  ...Array.from({ length: HANDLERS }, (_, n) => span(`h${n}`, 'root', 0, 100 * MS, { name: `handler ${n}` })),
  ...Array.from({ length: HANDLERS * 3 }, (_, n) =>
    span(`q${n}`, `h${n % HANDLERS}`, 0, 10 * MS, { name: 'query', service: 'db' }),
  ),
  call('m', 200, 0.5),
]

function call(id: string, tokens: number, cost: number): Span {
  return span(id, 'root', 0, 50 * MS, {
    name: 'chat',
    attributes: attributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.usage.input_tokens': tokens,
      'afn.llm.cost.total': cost,
    }),
  })
}

const handlerOf = ({ id, parentId }: Span): number => Number((id.startsWith('h') ? id : parentId).slice(1))

/** What was done to the handlers: removed, one query more or fewer, slower, faster, one that failed. */
const [REMOVED, MORE, FEWER, SLOWER, FASTER, FAILED] = [3, 7, 11, 13, 17, 19]
const second: Span[] = [
  ...first
    .filter(({ id }) => id !== 'm' && id !== `q${FEWER}`)
    .filter(one => handlerOf(one) !== REMOVED)
    .map(one => {
      if (one.id === `h${SLOWER}`) return { ...one, end: BigInt(150 * MS) }
      if (one.id === `h${FASTER}`) return { ...one, end: BigInt(50 * MS) }
      // too little to mean anything
      if (one.id === 'h23') return { ...one, end: BigInt(105 * MS) }
      if (one.id === `h${FAILED}`) return { ...one, status: 'error' as const }
      return one
    })
    .reverse(),
  call('m1', 300, 0.25),
  call('m2', 500, 0.25),
  span('extra', `h${MORE}`, 0, 10 * MS, { name: 'query', service: 'db' }),
  // the same name in another service, and below another parent, are other paths
  span('elsewhere', `h${MORE}`, 0, 10 * MS, { name: 'query', service: 'cache' }),
  span('deeper', 'q0', 0, 1 * MS, { name: 'handler 0' }),
]

const rows = diffOf(treeOf(first), treeOf(second))
const changesOf = (list: readonly DiffRow[]) =>
  list
    .filter(({ changes }) => changes.length > 0)
    .map(({ service, name, depth, changes }) => [service, name, depth, ...changes])

describe('the difference of two traces', () => {
  it('is another than was made', () => {
    expect(changesOf(rows).sort()).toEqual(
      [
        ['shop', `handler ${REMOVED}`, 1, 'removed'],
        ['db', 'query', 2, 'removed'],
        ['db', 'query', 2, 'more'],
        ['db', 'query', 2, 'fewer'],
        ['shop', `handler ${SLOWER}`, 1, 'slower'],
        ['shop', `handler ${FASTER}`, 1, 'faster'],
        ['shop', `handler ${FAILED}`, 1, 'errors'],
        ['shop', 'chat', 1, 'more'],
        ['cache', 'query', 2, 'added'],
        ['shop', 'handler 0', 3, 'added'],
      ].sort(),
    )
  })

  it('counts, times or prices the spans of a path wrongly', () => {
    const chat = rows.find(({ name }) => name === 'chat')!
    expect([chat.a.usage.tokens, chat.b.usage.tokens]).toEqual([200, 800])
    expect([chat.a.usage.costUsd, chat.b.usage.costUsd]).toEqual([0.5, 0.5])
    const of = (side: 'a' | 'b') => rows.reduce((sum, row) => sum + row[side].spans.length, 0)
    expect([of('a'), of('b')]).toEqual([first.length, second.length])
    expect(rows.find(({ name }) => name === `handler ${SLOWER}`)).toMatchObject({
      a: { mean: 100 * MS },
      b: { mean: 150 * MS, total: BigInt(150 * MS) },
    })
  })

  it('of a trace and itself is not empty', () => {
    const same = diffOf(treeOf(first), treeOf([...first].reverse()))
    expect(changesOf(same)).toEqual([])
    expect(changedRows(same)).toEqual([])
    expect(same).toHaveLength(2 + HANDLERS * 2)
  })

  it('is shown without the path that leads to it, or with paths in which nothing differs', () => {
    const shown = changedRows(rows)
    expect(changesOf(shown)).toEqual(changesOf(rows))
    const above = shown.filter(({ changes }) => changes.length === 0)
    expect(above.map(({ name, depth }) => [depth, name]).sort()).toEqual(
      [
        [0, 'GET /'],
        [1, 'handler 0'],
        [1, `handler ${FEWER}`],
        [1, `handler ${MORE}`],
        [2, 'query'],
      ].sort(),
    )
    for (const [index, { depth }] of shown.entries())
      if (depth > 0) expect(shown.slice(0, index).some(row => row.depth === depth - 1)).toBe(true)
  })

  it('is found in traces fifty thousand spans deep', () => {
    const deep = Array.from({ length: 50_000 }, (_, n) => span(`s${n}`, n === 0 ? '' : `s${n - 1}`, n, 100_000_000))
    const found = changedRows(diffOf(treeOf(deep), treeOf(deep.slice(0, -1))))
    expect(found).toHaveLength(50_000)
    expect(found.at(-1)?.changes).toEqual(['removed'])
  })
})

describe('attributes that differ', () => {
  const groups = (list: readonly Parameters<typeof attributes>[0][]) => list.map(attributes)

  it('are those whose set of values is another, by type too, in the order of their keys', () => {
    const a = groups([{ z: 'x', same: 1, both: 'p' }, { z: 'y', both: 'q' }, { gone: true }])
    const b = groups([{ both: 'q', same: 1 }, { both: 'p', z: 'y' }, { new: 2.5, z: 'x' }, { z: 3 }])
    const found = attributeDifferences(a, b).map(({ key, a, b }) => [key, a.map(v => v.value), b.map(v => v.value)])
    expect(found).toEqual([
      ['gone', [true], []],
      ['new', [], [2.5]],
      ['z', ['x', 'y'], ['y', 'x', 3n]],
    ])
    expect(attributeDifferences(groups([{ n: 'true' }]), groups([{ n: true }]))).toHaveLength(1)
  })
})
