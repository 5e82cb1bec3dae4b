// What a reader may type into the search box, and what it means. The oracle of what is TraceQL is the server's own parser.
import { describe, expect, it } from 'vitest'
import { readSearch } from '../../../src/backend/explorer/traceql/search-text'
import { parse } from '../../../src/backend/traceql/parse'

const ID = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('the search box', () => {
  it.each([
    ID,
    `  ${ID.toUpperCase()}\n`,
    '4bf92f35-77b3-4da6-a3ce-929d0e0e4736',
    `00-${ID}-00f067aa0ba902b7-01`,
    `traceparent: 00-${ID}-00f067aa0ba902b7-01`,
    `http://127.0.0.1:3200/#/trace/${ID}?range=6h&span=00f067aa0ba902b7`,
    `https://jaeger.example.com/trace/${ID}`,
  ])('refuses the trace id %s', text => expect(readSearch(text)).toEqual({ kind: 'trace', id: ID }))

  it('takes sixteen digits for the id of a span alone, though a trace of Zipkin has such an id', () => {
    const search = readSearch('00F067AA0BA902B7')
    expect(search).toMatchObject({ query: '{ span:id = "00f067aa0ba902b7" || trace:id = "00f067aa0ba902b7" }' })
  })

  it.each([
    ['status = error', '{ status = error }'],
    ['duration>2s && name = "x | y" | count() > 2', '{ duration>2s && name = "x | y" } | count() > 2'],
    ['span.user.id = "u-1"', '{ span.user.id = "u-1" }'],
    ['.http.route =~ "/a.*"', '{ .http.route =~ "/a.*" }'],
    ['{ nonsense', '{ nonsense'],
    ['({ status = error } && { name = "x" })', '({ status = error } && { name = "x" })'],
    ['', '{}'],
    ['""', '{}'],
  ])('takes TraceQL for words: %s', (text, query) => expect(readSearch(text)).toMatchObject({ query, words: [] }))

  it.each([
    ['refund { status = error }', ['refund'], '{ status = error }'],
    ['"blue jacket" now { name = "a" } {duration > 1s}', ['blue jacket', 'now'], '{ name = "a" } && {duration > 1s}'],
  ])('takes conditions behind words for words: %s', (text, words, filters) => {
    const search = readSearch(text) as { query: string }
    expect(search).toMatchObject({ words })
    expect(search.query.endsWith(` && ${filters}`)).toBe(true)
    expect(() => parse(search.query)).not.toThrow()
  })

  it.each([
    ['refund', ['refund']],
    ['the route /users/{id} and {x}', ['the', 'route', '/users/{id}', 'and', '{x}']],
    ['refund for "blue jacket"', ['refund', 'for', 'blue jacket']],
    ['注文した商品', ['注文した商品']],
    ['what is a+b (c) [d] {e} \\f $g ^h?', ['what', 'is', 'a+b', '(c)', '[d]', '{e}', '\\f', '$g']],
    ['say `it` "now', ['say', '`it`', 'now']],
    ['name', ['name']],
    ['why is error = 5', ['why', 'is', 'error', '=', '5']],
  ])('loses a word, or makes no TraceQL, of %s', (text, words) => {
    const search = readSearch(text)
    expect(search).toMatchObject({ kind: 'query', words })
    const { query } = search as { query: string }
    expect(() => parse(query)).not.toThrow()
  })
})
