import { describe, expect, it } from 'vitest'
import { readId, readTrace } from '../../../src/explorer/data/otlp-json'

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

describe('a trace as the server tells it', () => {
  it('is read with exact times and integers, whether enumerations are words or numbers', () => {
    const told = (kind: unknown, code: unknown) =>
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
    for (const answer of [told('SPAN_KIND_SERVER', 'STATUS_CODE_ERROR'), told(2, 2)]) {
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
    expect(readId('APBnqgupArc=', 16)).toBe('00f067aa0ba902b7')
    expect(readId('00f067aa0ba902b7', 16)).toBe('00f067aa0ba902b7')
    expect(readId('a9e47', 32)).toBe('000000000000000000000000000a9e47')
    expect(readId('<script>', 16)).toBe('')
  })

  it('never ends before it starts, and survives what is missing or wrong', () => {
    const [span] = readTrace(trace({ spanId: '00f067aa0ba902b7', startTimeUnixNano: '10', endTimeUnixNano: 'x' }))
    expect(span).toMatchObject({ start: 10n, end: 10n, name: '', status: 'unset' })
    expect(readTrace({})).toEqual([])
    expect(readTrace(trace({ name: 'without an id' }))).toEqual([])
  })
})
