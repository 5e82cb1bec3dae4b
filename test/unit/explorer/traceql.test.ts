import { describe, expect, it } from 'vitest'
import { filterOf, isMetrics } from '../../../src/backend/explorer/traceql/kind'
import { placeAt } from '../../../src/backend/explorer/traceql/place'
import { attributeName, condition, quoted, withCondition } from '../../../src/backend/explorer/traceql/write'
import { readCatalogue } from '../../../src/shared/queries/catalogue'

describe('what may stand at the cursor', () => {
  it.each([
    ['', { kind: 'start' }],
    ['{ ', { kind: 'name', scope: undefined }],
    ['{ spa', { kind: 'name', scope: undefined, from: 2 }],
    ['{ span.', { kind: 'name', scope: 'span', from: 7 }],
    ['{ span.gen_ai.req', { kind: 'name', scope: 'span', from: 7 }],
    ['{ .ht', { kind: 'name', scope: '', from: 3 }],
    ['{ status = ', { kind: 'value', name: 'status', quote: '' }],
    ['{ span.user.id =~ "ad', { kind: 'value', name: 'span.user.id', quote: '"', from: 19 }],
    ['{ span."odd key" = ', { kind: 'value', name: 'span."odd key"' }],
    ['{ status = error ', { kind: 'operator' }],
    ['{ status = error && ', { kind: 'name', scope: undefined }],
    ['{ a = 1 } | ', { kind: 'stage' }],
    ['{ a = 1 } | sele', { kind: 'stage', from: 12 }],
    ['{ a = 1 } | select(span.', { kind: 'name', scope: 'span' }],
    ['{ a = 1 } | rate() by (resource.service', { kind: 'name', scope: 'resource' }],
    ['{ name = "}" && ', { kind: 'name' }],
    ['{ (name = "a" || ', { kind: 'name' }],
    ['{ a = 1 } >> ', { kind: 'start' }],
  ])('%s', (before, place) => expect(placeAt(before)).toMatchObject(place))

  it.each(['{ name = "done"', '// a comment', '{ a = 1 }', '{ "text'])('nothing: %s', before =>
    expect(placeAt(before)?.kind ?? 'nothing').not.toMatch(/^(name|value|stage)$/),
  )
})

describe('whether a query reckons numbers', () => {
  it('is what the catalogue says of each of its queries', () => {
    for (const { language, kind, body } of readCatalogue('collector/queries').values())
      if (language === 'traceql') expect([body, isMetrics(body)]).toEqual([body, kind !== 'traces'])
  })

  it('does not depend on what stands in strings and comments', () => {
    expect(isMetrics('{ name = "| rate()" } // | rate()')).toBe(false)
    expect(isMetrics('{ } | count() > 2')).toBe(false)
    expect(isMetrics('{ }|rate( ) by (name)')).toBe(true)
  })
})

describe('which spans a query is about', () => {
  it.each([
    ['{ a = 1 || b = 2 } && { c = "|" }', '{ a = 1 || b = 2 } && { c = "|" }'],
    ['{ a = 1 } | select(span.b)', '{ a = 1 } '],
    ['{ a = 1 } | count() > 2', undefined],
    ['{ a = 1 } | by(span.b) | count() > 2', undefined],
  ])('%s', (query, filter) => expect(filterOf(query)).toBe(filter))
})

describe('a value that is added to the query', () => {
  it.each([
    [{ type: 'string', value: "it's" } as const, '"it\'s"'],
    [{ type: 'string', value: 'say "hi"' } as const, '`say "hi"`'],
    [{ type: 'string', value: 'a`"\n' } as const, '"a`\\"\\n"'],
    [{ type: 'int', value: 9_007_199_254_740_993n } as const, '9007199254740993'],
    [{ type: 'double', value: 1 } as const, '1.0'],
    [{ type: 'double', value: 1.5e-7 } as const, '0.00000015'],
    [{ type: 'bool', value: true } as const, 'true'],
  ])('%o', (value, literal) => expect(condition('span.x', value)).toBe(`span.x = ${literal}`))

  it('is left out where TraceQL has no literal for it', () => {
    expect(condition('span.x', { type: 'map', value: [] })).toBeUndefined()
    expect(condition('span.x', { type: 'double', value: Number.NaN })).toBeUndefined()
  })

  it('names an attribute with quotes where it needs them', () => {
    expect(attributeName('span', 'http.route')).toBe('span.http.route')
    expect(attributeName('span', 'odd key')).toBe('span."odd key"')
  })

  it('goes into the braces that are there, once', () => {
    expect(withCondition('{}', 'a = 1')).toBe('{ a = 1 }')
    expect(withCondition('{ b = 2 } | rate()', 'a = 1')).toBe('{ b = 2 && a = 1 } | rate()')
    expect(withCondition('{ a = 1 }', 'a = 1')).toBe('{ a = 1 }')
    expect(withCondition('broken', 'a = 1')).toBe('{ a = 1 }')
    expect(quoted('x')).toBe('"x"')
  })
})
