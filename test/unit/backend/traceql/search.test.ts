// How a search answers: which traces, in which order, and what it tells of them.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../../../src/backend/store/store'
import { type SearchOptions, search } from '../../../../src/backend/traceql/search'
import { readCatalogue } from '../../../../src/shared/queries/catalogue'
import { substitute } from '../../../../src/shared/queries/substitute'
import { otlpAttributes, type Plain } from '../../../support/otlp-json'
import { base, found, smallStore } from './ask'
import { spanId, traceId } from './data'

let store: Store
beforeAll(async () => {
  store = await smallStore()
})
afterAll(() => store.close())

const ask = (query: string, more: Partial<SearchOptions> = {}) => search(store, query, { limit: 20, spans: 3, ...more })
const nanos = (seconds: number) => BigInt(base + seconds * 1_000) * 1_000_000n

describe('the traces of a search', () => {
  it('are the newest, up to the limit', async () => {
    const { traces } = await ask('{ kind = server }', { limit: 2 })
    expect(traces.map(({ traceID }) => traceID)).toEqual([traceId('cheap'), traceId('agent')])
  })

  it('are those that overlap the window, with all of their spans', async () => {
    const within = (from: number, to: number) =>
      found(store, '{ kind = server || name = "page" || name = "charge" }', {
        window: { fromNs: nanos(from), toNs: nanos(to) },
      })
    // report, the root of long, runs from -40 s to 50 s; page from 40 s on
    expect(await within(30, 35)).toBe('long(page)')
    expect(await within(4, 5)).toBe('broken(POST /pay, charge) long(page)')
    expect(await within(60, 70)).toBe('')
    expect(await within(-60, -50)).toBe('')
    expect(await within(22, 23)).toBe('cheap(ask) long(page)')
  })
})

describe('what a search answers about a trace', () => {
  it('is what Tempo answers', async () => {
    const { traces, metrics } = await ask(
      '{ span.rows > 0 && resource.region = "eu" } | by(name) | select(status, kind, duration, span.nothing)',
    )
    const span = (place: number, at: number, ms: number, rows: string) => ({
      spanID: spanId('shop', place),
      name: 'SELECT',
      startTimeUnixNano: String(nanos(0) + BigInt(at) * 1_000_000n),
      durationNanos: String(ms * 1_000_000),
      attributes: [
        { key: 'rows', value: { intValue: rows } },
        { key: 'region', value: { stringValue: 'eu' } },
        { key: 'status', value: { stringValue: 'unset' } },
        { key: 'kind', value: { stringValue: 'client' } },
      ],
    })
    const set = {
      spans: [span(2, 20, 300, '7'), span(3, 340, 50, '2')],
      matched: 2,
      attributes: [{ key: 'by(name)', value: { stringValue: 'SELECT' } }],
    }
    expect(traces).toEqual([
      {
        traceID: traceId('shop'),
        rootServiceName: 'shop',
        rootTraceName: 'GET /cart',
        startTimeUnixNano: String(nanos(0)),
        durationMs: 900,
        spanSet: set,
        spanSets: [set],
        serviceStats: { shop: { spanCount: 5 } },
      },
    ])
    expect(metrics).toEqual({ completedJobs: 1, totalJobs: 1 })
  })

  it('has a few spans of each set, and the number of all', async () => {
    const { traces } = await ask('{ } | count() > 6', { spans: 2 })
    expect(traces[0]?.spanSet).toMatchObject({
      matched: 7,
      spans: [{ spanID: spanId('tree', 0) }, { spanID: spanId('tree', 1) }],
    })
  })

  it('has, for alternatives, the values that meet one of them, and all selected attributes', async () => {
    const namesAndKeys = async (query: string) => {
      const { traces } = await ask(query)
      return traces[0]?.spanSet.spans.map(({ name, attributes = [] }) => [name, ...attributes.map(({ key }) => key)])
    }
    const either = '{ name = "charge" && span.retries = 3 || span.limit = 0 }'
    expect(await namesAndKeys(either)).toEqual([
      ['charge', 'retries'],
      [undefined, 'retries', 'limit'],
    ])
    expect(await namesAndKeys(`${either} | select(name, span.retries)`)).toEqual([
      ['charge', 'retries'],
      ['audit', 'retries', 'limit'],
    ])
  })

  it('counts errors by service', async () => {
    const { traces } = await ask('{ name = "audit" }')
    expect(traces[0]?.serviceStats).toEqual({ shop: { spanCount: 3, errorCount: 2 } })
  })

  it('says that the root is missing', async () => {
    const { traces } = await ask('{ name = "lower" }')
    expect(traces[0]?.rootServiceName).toBe('<root span not yet received>')
    expect(traces[0]).not.toHaveProperty('rootTraceName')
  })

  it('has the value of the event that matched', async () => {
    const { traces } = await ask('{ event.x = 2 && event:name != "cache" } | select(event:timeSinceStart)')
    expect(traces[0]?.spanSet.spans[0]?.attributes).toEqual([
      { key: 'x', value: { intValue: '2' } },
      { key: 'event:name', value: { stringValue: 'retry' } },
      { key: 'event:timeSinceStart', value: { stringValue: '80ms' } },
    ])
  })

  it('has, for alternatives, values that meet the comparison of another attribute, as in Tempo', async () => {
    const { traces } = await ask('{ name = "load" && span.region = 5 || span.rows < 3 || span.http.route = "x" }')
    expect(traces[0]?.spanSet.spans.map(({ attributes = [] }) => attributes.map(({ key }) => key))).toEqual([
      ['region'],
      ['rows'],
    ])
    const any = await ask('{ span.rows = 7 || span.region != nil }')
    expect(any.traces[0]?.spanSet.spans.map(({ attributes = [] }) => attributes.map(({ key }) => key))).toEqual([
      ['region'],
      ['region'],
      ['rows'],
    ])
  })

  it('has nil for attributes that Tempo keeps in columns of their own', async () => {
    const { traces } = await ask('{ name = "render" } | select(span.http.route, span.nothing, .k8s.pod.name)')
    const nil = { stringValue: 'nil' }
    expect(traces[0]?.spanSet.spans[0]?.attributes).toEqual([
      { key: 'http.route', value: nil },
      { key: 'k8s.pod.name', value: nil },
    ])
  })

  it('has nil for an attribute that had to be missing', async () => {
    const { traces } = await ask('{ span.tags = "blue" && span.nothing = nil }')
    expect(traces[0]?.spanSet.spans[0]?.attributes).toContainEqual({ key: 'nothing', value: { stringValue: 'nil' } })
  })

  it.each([
    ['{ span.tags = "blue" }', ['blue']],
    ['{ span.tags =~ "b.*" || span.tags = "red" }', ['red', 'blue']],
    ['{ span.tags != "red" && span.tags != "blue" }', ['green']],
    ['{ span.tags = "blue" } | select(span.tags)', ['red', 'green', 'blue']],
  ])('has of an array the values of the query: %s', async (query, elements) => {
    const { traces } = await ask(query)
    const values = elements.map(stringValue => ({ stringValue }))
    expect(traces[0]?.spanSet.spans[0]?.attributes).toEqual([
      { key: 'tags', value: values.length === 1 ? values[0] : { arrayValue: { values } } },
    ])
  })

  it('has an empty value for an event or a parent that a span does not have', async () => {
    const { traces } = await ask('{ nestedSetParent < 0 } | select(span:parentID, event:name)')
    expect(traces[0]?.spanSet.spans[0]?.attributes).toContainEqual({
      key: 'span:parentID',
      value: { stringValue: '0000000000000000' },
    })
  })
})

describe("a query to which Tempo's answer misleads", () => {
  it.each([
    ['{ !(span.level > 0) }', /^Tempo finds nothing for !\( … \)/],
    ['{ 450 < span.http.response.status_code }', /^Tempo finds nothing when the constant is on the left/],
    ['{ .tier = nil }', /^Tempo treats \.tier = nil as true/],
    ['{ span.n ^ 2 = 49 }', /^Tempo swaps the operands of \^/],
    [
      '{ name = "load" } | select(name) | max(span.rows) > 1',
      /^Tempo loads attributes for stages after select\(\) too late/,
    ],
  ])('has a warning: %s', async (query, warning) => {
    expect((await ask(query)).warnings).toEqual([expect.stringMatching(warning)])
  })
  it('is no other query, which has no warning', async () => {
    expect(await ask('{ !span.flag && span.level != 1 }')).not.toHaveProperty('warnings')
  })
})

describe('spans that come between two searches', () => {
  it('are found by names, and by types, that no span had before, and count once', async () => {
    const own = await openStore({ path: ':memory:', now: () => base })
    const write = (span: string, attributes: Record<string, Plain>) => {
      const id = { traceId: 'a'.repeat(32), spanId: span.repeat(16), name: `span ${span}`, kind: 1 }
      const times = { startTimeUnixNano: String(nanos(0)), endTimeUnixNano: String(nanos(1)) }
      const spans = [{ ...id, ...times, attributes: otlpAttributes(attributes) }]
      return own.write('traces', { resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] })
    }
    const matched = async (query: string) =>
      (await search(own, query, { limit: 1, spans: 1 })).traces[0]?.spanSet.matched ?? 0
    await write('1', { 'user.id': 'u1' })
    expect(await matched('{ span.late = "x" || span.user.id = 7 || .user.id = "u1" }')).toBe(1)
    await write('2', { late: 'x' })
    await write('3', { 'user.id': 7 })
    await write('3', { 'user.id': 7 })
    expect(await matched('{ span.late = "x" || span.user.id = 7 || .user.id = "u1" }')).toBe(3)
    expect(await matched('{ span.user.id != nil }')).toBe(2)
    await own.close()
  })
})

describe('a search refuses', () => {
  it('an expression that is not RE2', async () => {
    expect(await found(store, '{ span.a =~ "x" && span.b !~ "(?=x)" }')).toMatch(
      /^1:30: regular expression: .*; use RE2 syntax$/,
    )
    expect(await found(store, '{ } | by(span.a =~ "[")')).toMatch(/^1:20: regular expression: /)
  })
  it('arithmetic between numbers', async () => {
    expect(await found(store, '({ } | rate()) + ({ } | rate())')).toMatch(
      /^1:16: \+: metrics arithmetic is not a search/,
    )
  })
})

describe("a query can't", () => {
  const nasty = [
    `'`,
    `''`,
    `\\'`,
    `'; DROP TABLE spans; --`,
    `') OR true --`,
    `"`,
    '\\',
    '\0',
    `a\0'b`,
    '$1',
    '{}',
    '%',
    '\n',
    '😀',
    '\u2028',
    `'::BLOB`,
  ]
  const asText = (value: string) => JSON.stringify(value).replaceAll('\\u0000', '\\x00')
  const asName = (value: string) => `"${value.replace(/[\\"]/g, '\\$&')}"`

  it.each(nasty)('reach the database as SQL: %j', async value => {
    for (const query of [
      `{ span.word = ${asText(value)} }`,
      `{ span.${asName(value)} = "x" }`,
      `{ .${asName(value)} = "x" || resource.${asName(value)} = 3 || instrumentation.${asName(value)} != 2.5 }`,
      `{ event.${asName(value)} = ${asText(value)} || link.${asName(value)} =~ ${asText(`\\Q${value}\\E`)} }`,
      `{ name =~ ${asText(`\\Q${value}\\E`)} || statusMessage !~ ".*" }`,
      `{ trace:id = ${asText(value)} || span:id = ${asText(value)} || link:spanID = ${asText(value)} }`,
    ])
      expect([query, await found(store, query)]).toEqual([query, ''])
    const all = await found(store, `{ name = "Case" } | by(span.${asName(value)}) | select(span.${asName(value)})`)
    expect(all).toBe(`names(by(span.${printed(value)})=nil: Case)`)
    expect(await found(store, `{ name != ${asText(value)} && name = "load" }`)).toBe('shop(load)')
  })
  const printed = (value: string) => (/[\s{}()=~!<>&|^,"]/u.test(value) ? asName(value) : value)

  const chain = (part: string, operator: string, times: number) => Array(times).fill(part).join(` ${operator} `)
  it.each([
    ['by many alternatives', `{ ${chain('span.rows = 7', '||', 300)} }`, 'shop(SELECT)'],
    ['by many conditions', `{ ${chain('span.rows = 7', '&&', 300)} }`, 'shop(SELECT)'],
    ['by a long sum', `{ ${chain('span.n', '+', 95)} > 600 }`, 'numbers(n1, n3)'],
    ['by many negations', `{ ${'!('.repeat(40)}name = "load"${')'.repeat(40)} }`, 'shop(load)'],
    ['by many parentheses', `${'('.repeat(90)}{ name = "load" }${')'.repeat(90)}`, 'shop(load)'],
    ['by many span sets', chain('{ name = "load" }', '&&', 30), 'shop(load)'],
    ['by a long chain of structure', chain('{ }', '>>', 10), ''],
    [
      'by many stages',
      `${chain('{ name = "load" } | { duration > 1ms }', '|', 50)} | count() = 1`,
      'shop(count()=1: load)',
    ],
    ['by many aggregates', chain('{ name = "load" } | max(duration) > 1ms', '|', 8), /^shop\(/],
  ])('grow too large for DuckDB: %s', async (_, query, spans) => {
    expect(await found(store, query)).toEqual(typeof spans === 'string' ? spans : expect.stringMatching(spans))
  })
})

describe('the catalogue', () => {
  const folder = fileURLToPath(new URL('../../../../collector/queries/', import.meta.url))
  const queries = [...readCatalogue(folder).values()].filter(({ language }) => language === 'traceql')
  it.each(queries)('$name is answered', async query => {
    const parameters = Object.fromEntries(
      query.parameters.flatMap(({ name, fallback }) => (fallback === undefined ? [[name, 'u1']] : [])),
    )
    expect(await found(store, substitute(query, parameters, {}))).not.toMatch(/^\d+:\d+: /)
  })
})
