import { describe, expect, it } from 'vitest'
import { criticalPath } from '../../../src/backend/explorer/data/critical-path'
import { findSpans } from '../../../src/backend/explorer/data/find'
import { rowsOf, treeOf } from '../../../src/backend/explorer/data/tree'
import { everything, fractionOf, timeAt } from '../../../src/backend/explorer/data/window'
import { attributes, span } from './spans'

const ids = (rows: readonly { span: { id: string } }[]) => rows.map(({ span }) => span.id)

describe('the rows of a waterfall', () => {
  const spans = [
    span('root', '', 0, 100),
    span('late', 'root', 60, 90),
    span('early', 'root', 10, 50, { status: 'error' }),
    span('leaf', 'early', 20, 30),
  ]

  it('come parent first, children by their start, whatever the order they came in', () => {
    for (const order of [spans, [...spans].reverse()]) {
      const tree = treeOf(order)
      expect(rowsOf(tree, new Set()).map(({ span, depth }) => [span.id, depth])).toEqual([
        ['root', 0],
        ['early', 1],
        ['leaf', 2],
        ['late', 1],
      ])
    }
  })

  it('leave out what is below a folded span, which shows how many and whether one failed', () => {
    const tree = treeOf(spans)
    expect(ids(rowsOf(tree, new Set(['early'])))).toEqual(['root', 'early', 'late'])
    expect(tree.nodes.get('root')).toMatchObject({ descendants: 3, errorBelow: true })
    expect(tree.nodes.get('early')).toMatchObject({ descendants: 1, errorBelow: false })
  })

  it('have the time of a span in which none of its children ran, overlaps counted once', () => {
    const tree = treeOf([
      span('root', '', 0, 100),
      span('a', 'root', 10, 40),
      span('b', 'root', 30, 60),
      span('outlives', 'root', 90, 150),
    ])
    expect(tree.nodes.get('root')?.self).toBe(40n)
    expect(tree.nodes.get('a')?.self).toBe(30n)
    expect(tree.end).toBe(150n)
  })

  it('show a span whose parent is missing as a root that says so', () => {
    const tree = treeOf([span('a', 'gone', 5, 10), span('b', 'a', 6, 7)])
    expect(rowsOf(tree, new Set()).map(({ span, depth, orphan }) => [span.id, depth, orphan])).toEqual([
      ['a', 0, true],
      ['b', 1, false],
    ])
  })

  it('show each span once when parents go in a circle', () => {
    const tree = treeOf([span('a', 'b', 0, 1), span('b', 'a', 0, 1), span('self', 'self', 0, 1), span('c', 'b', 0, 1)])
    expect(ids(rowsOf(tree, new Set())).sort()).toEqual(['a', 'b', 'c', 'self'])
  })

  it('are found in a trace fifty thousand spans deep', () => {
    const deep = Array.from({ length: 50_000 }, (_, n) => span(`s${n}`, n === 0 ? '' : `s${n - 1}`, n, 100_000))
    const tree = treeOf(deep)
    expect(rowsOf(tree, new Set())).toHaveLength(50_000)
    expect(tree.roots[0]?.descendants).toBe(49_999)
    expect(criticalPath(tree.roots[0]!).size).toBe(50_000)
  })
})

describe('a text that is looked for', () => {
  const tree = treeOf([
    span('root', '', 0, 9),
    span('call', 'root', 1, 3, { attributes: attributes({ 'gen_ai.system_instructions': 'You grant a Refund.' }) }),
    span('refund', 'root', 4, 5, { attributes: attributes({ note: 'refund' }) }),
    span('other', 'root', 6, 7),
  ])

  it('is found without saying where a row does not show it', () => {
    expect([...findSpans(tree, ' refund ')]).toEqual([
      ['call', 'gen_ai.system_instructions'],
      ['refund', ''],
    ])
    expect(findSpans(tree, ' ').size).toBe(0)
  })
})

describe('the critical path', () => {
  const pathOf = (...spans: ReturnType<typeof span>[]) => {
    const stretches = criticalPath(treeOf(spans).roots[0]!)
    return Object.fromEntries(
      [...stretches].map(([id, list]) => [id, list.map(({ from, to }) => [Number(from), Number(to)])]),
    )
  }

  it('goes through the child that ended last, and the span itself where none ran', () => {
    const path = pathOf(
      span('root', '', 0, 100),
      span('short', 'root', 10, 30),
      span('long', 'root', 10, 80),
      span('last', 'root', 85, 95),
    )
    expect(path).toEqual({
      root: [
        [95, 100],
        [80, 85],
        [0, 10],
      ],
      last: [[85, 95]],
      long: [[10, 80]],
    })
  })

  it('counts a child that outlives its parent as long as the parent ran', () => {
    expect(pathOf(span('root', '', 0, 100), span('stream', 'root', 40, 300))).toEqual({
      root: [[0, 40]],
      stream: [[40, 100]],
    })
  })

  it('adds up to the duration of the root', () => {
    const path = pathOf(
      span('root', '', 0, 1000),
      ...Array.from({ length: 200 }, (_, n) =>
        span(`s${n}`, n < 20 ? 'root' : `s${n % 20}`, (n * 37) % 700, ((n * 37) % 700) + ((n * 61) % 300)),
      ),
    )
    const total = Object.values(path)
      .flat()
      .reduce((sum, [from, to]) => sum + to! - from!, 0)
    expect(total).toBe(1000)
  })
})

describe('the stretch of time that is shown', () => {
  it('maps times to fractions and back, also beyond what a double can count', () => {
    const start = 1_795_574_000_123_456_789n
    const window = everything({ start, end: start + 1_000n })
    expect(fractionOf(start + 250n, window)).toBe(0.25)
    expect(fractionOf(start - 5n, window)).toBe(0)
    expect(timeAt(0.5, window)).toBe(start + 500n)
  })

  it('is a nanosecond at least', () => {
    expect(everything({ start: 7n, end: 7n })).toEqual({ from: 7n, to: 8n })
  })
})
