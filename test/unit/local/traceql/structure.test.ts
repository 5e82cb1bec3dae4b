// How spans of a trace stand to each other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../../../src/local/store/store'
import { found, smallStore } from './ask'

/** Query, and what it finds in data.ts. */
const groups: [string, [string, string][]][] = [
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
]

let store: Store
beforeAll(async () => {
  store = await smallStore()
})
afterAll(() => store.close())

describe.each(groups)('%s', (_, queries) => {
  it.each(queries)('%s', async (query, spans) => {
    expect(await found(store, query)).toBe(spans)
  })
})
