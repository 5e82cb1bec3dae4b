// How spans of a trace stand to each other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../../../src/backend/store/store'
import { search } from '../../../../src/backend/traceql/search'
import { describeAnswers } from './ask'

describeAnswers([
  [
    'structure',
    [
      ['{ name = "root" } > { span.level = 1 }', 'tree(a, b)'],
      ['{ name = "root" } >> { span.level >= 2 }', 'tree(a1, a1x, a2, b1)'],
      ['{ name = "a1x" } < { }', 'tree(a1)'],
      ['{ name = "a1x" } << { }', 'tree(root, a, a1)'],
      ['{ name = "a1" } ~ { }', 'tree(a2)'],
      ['{ span.level = 2 } ~ { span.level = 2 }', 'tree(a1, a2)'],
      ['{ name = "a" } !> { span.level = 2 }', 'orphans(lower) tree(b1)'],
      ['{ name = "a" } !>> { resource.service.name = "tree" }', 'tree(root, a, b, b1)'],
      ['{ name = "a1x" } !< { span.level >= 1 }', 'orphans(upper, lower) tree(a, a1x, a2, b, b1)'],
      ['{ name = "a1x" } !<< { span.level >= 1 }', 'orphans(upper, lower) tree(a1x, a2, b, b1)'],
      ['{ name = "a1" } !~ { span.level = 2 }', 'orphans(lower) tree(a1, b1)'],
      ['{ name = "a" } &> { span.level = 2 }', 'tree(a, a1, a2)'],
      ['{ name = "a" } &>> { span.level >= 2 }', 'tree(a, a1, a1x, a2)'],
      ['{ name = "a1x" } &< { }', 'tree(a1, a1x)'],
      ['{ name = "a1x" } &<< { span.level = 1 }', 'tree(a, a1x)'],
      ['{ name = "a1" } &~ { span.level = 2 }', 'tree(a1, a2)'],
      ['{ name = "upper" } > { name = "lower" }', ''],
      ['{ name = "upper" } !> { name = "lower" }', 'orphans(lower)'],
      ['{ name = "nothing" } !>> { name = "b1" }', 'tree(b1)'],
      ['{ name = "root" } > { name = "a" } > { name = "a1" }', 'tree(a1)'],
      ['{ name = "root" } > { name = "a" } && { name = "b1" }', 'tree(a, b1)'],
      ['{ name = "b1" } && { name = "root" } > { name = "a" }', 'tree(a, b1)'],
      ['{ span.level = 0 } >> { span.level = 2 } | count() > 2', 'tree(count()=3: a1, a2, b1)'],
      [
        '{ resource.service.name = "tree" } | by(span.level) | { } ~ { } | count() > 1',
        'tree(by(span.level)=1: count()=2: a, b; by(span.level)=2: count()=2: a1, a2)',
      ],
      ['{ nestedSetParent < 0 && resource.service.name =~ "tree|orphans" }', 'tree(root)'],
      ['{ nestedSetLeft = 0 }', 'orphans(upper, lower)'],
      ['{ nestedSetRight - nestedSetLeft = 1 && resource.service.name = "tree" }', 'tree(a1x, a2, b1)'],
      ['{ span:childCount = 2 && resource.service.name = "tree" }', 'tree(root, a)'],
    ],
  ],
])

describe('in a trace of a thousand spans', () => {
  const spans = 1_000
  const id = (place: number) => (place + 1).toString(16).padStart(16, '0')
  let large: Store
  beforeAll(async () => {
    large = await openStore({ path: ':memory:' })
    const all = Array.from({ length: spans }, (_, place) => ({
      traceId: 'f'.repeat(32),
      spanId: id(place),
      // three long arms of one root
      parentSpanId: place === 0 ? '' : id(Math.max(0, place - 3)),
      name: place % 2 ? 'odd' : 'even',
      kind: 1,
      startTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(place)),
      endTimeUnixNano: '1700000001000000000',
      attributes: [{ key: 'place', value: { intValue: String(place) } }],
    }))
    await large.write('traces', { resourceSpans: [{ scopeSpans: [{ spans: all }] }] })
  })
  afterAll(() => large.close())

  it.each([
    ['{ } >> { }', 999],
    ['{ } << { }', 997],
    ['{ } &>> { }', 1_000],
    ['{ } !>> { }', 1],
    ['{ } !<< { }', 3],
    // 1, 4, 7 … 997 are one arm: 502 is the first beyond 500
    ['{ span.place = 1 } >> { span.place > 500 }', 166],
    ['{ span.place > 500 } << { span.place = 1 }', 1],
    ['{ span.place > 500 } << { span.place < 4 }', 4],
    ['{ span.place >= 500 } >> { span.place >= 500 }', 497],
    ['{ name = "odd" } >> { name = "none" }', 0],
    ['{ span.place > 0 } &<< { span.place = 0 }', 1_000],
    // the root is even; the first odd span of each arm has no odd one above it
    ['{ } | by(name) | { } >> { } | coalesce()', 499 + 497],
  ])('%s', async (query, matched) => {
    const { traces } = await search(large, query, { limit: 1, spans: 1 })
    expect(traces[0]?.spanSet.matched ?? 0).toBe(matched)
  })
})
