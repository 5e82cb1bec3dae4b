import { describe, expect, it } from 'vitest'
import { readTrace } from '../../../src/backend/explorer/data/otlp-json'
import { rowsOf, treeOf } from '../../../src/backend/explorer/data/tree'
import { hexId } from '../../../src/shared/otlp/trace'

const trace = (span: object) => ({
  trace: {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [{ scope: { name: 'test' }, spans: [span] }],
      },
    ],
  },
})

/** As B3 has it: the span of the server has the id of the client's, and its children name that id. */
describe('two ends of a call that share an id', () => {
  const part = (service: string, ...spans: object[]) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [
      { spans: spans.map((span, at) => ({ startTimeUnixNano: `${at + 1}`, endTimeUnixNano: '9', ...span })) },
    ],
  })
  const [root, call, below] = ['00000000000000a1', '00000000000000aa', '00000000000000b1']
  const parts = [
    part(
      'db',
      { spanId: call, parentSpanId: root, name: 'server GET', kind: 2 },
      { spanId: below, parentSpanId: call, name: 'query', kind: 1 },
    ),
    part(
      'web',
      { spanId: root, name: 'page', kind: 2 },
      { spanId: call, parentSpanId: root, name: 'client GET', kind: 3 },
      { spanId: '00000000000000c1', parentSpanId: call, name: 'dns', kind: 1 },
    ),
  ]

  it.each([
    ['in the order of their parents', [...parts].reverse()],
    ['the other way round', parts],
  ])('are both in the tree, each with the children of its service: %s', (_, resourceSpans) => {
    const tree = treeOf(readTrace({ trace: { resourceSpans } }))
    const rows = rowsOf(tree, new Set()).map(({ span, depth }) => `${'  '.repeat(depth)}${span.name}`)
    expect(rows).toEqual(['page', '  client GET', '    server GET', '      query', '    dns'])
    expect(tree.nodes.size).toBe(5)
  })

  it('are once each when they come twice', () => {
    const spans = readTrace({ trace: { resourceSpans: [...parts, ...parts] } })
    expect(spans.map(({ name }) => name).sort()).toEqual(['client GET', 'dns', 'page', 'query', 'server GET'])
  })
})

describe('a trace as the server answers with it', () => {
  it('is read with exact times and integers, whether enumerations are words or numbers', () => {
    const traceOf = (kind: unknown, code: unknown) =>
      trace({
        spanId: '00f067aa0ba902b7',
        parentSpanId: '0000000000000000',
        name: 'GET /',
        kind,
        startTimeUnixNano: '1795574000123456789',
        endTimeUnixNano: '1795574000123456790',
        attributes: [{ key: 'big', value: { intValue: '9007199254740993' } }],
        status: { code },
      }) as Parameters<typeof readTrace>[0]
    for (const answer of [traceOf('SPAN_KIND_SERVER', 'STATUS_CODE_ERROR'), traceOf(2, 2)]) {
      expect(readTrace(answer)[0]).toMatchObject({
        id: '00f067aa0ba902b7',
        parentId: '',
        kind: 'server',
        status: 'error',
        service: 'shop',
        start: 1_795_574_000_123_456_789n,
        attributes: [{ key: 'big', value: { type: 'int', value: 9_007_199_254_740_993n } }],
      })
    }
  })

  it('is read from ids in base64, as Tempo writes them', () => {
    expect(hexId('APBnqgupArc=', 16)).toBe('00f067aa0ba902b7')
    expect(hexId('00f067aa0ba902b7', 16)).toBe('00f067aa0ba902b7')
    expect(hexId('a9e47', 32)).toBe('000000000000000000000000000a9e47')
    expect(hexId('<script>', 16)).toBe('')
  })

  it('never ends before it starts, and survives what is missing or wrong', () => {
    const [span] = readTrace(trace({ spanId: '00f067aa0ba902b7', startTimeUnixNano: '10', endTimeUnixNano: 'x' }))
    expect(span).toMatchObject({ start: 10n, end: 10n, name: '', status: 'unset' })
    expect(readTrace({})).toEqual([])
    expect(readTrace(trace({ name: 'without an id' }))).toEqual([])
  })
})
