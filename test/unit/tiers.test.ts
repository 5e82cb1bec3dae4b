import { describe, expect, it, test } from 'vitest'
import type { TracesData } from '../../src/shared/otlp/trace'
import { decide, healthCheck, retention, spansOfOtlp, type TierSpan } from '../../src/shared/tiers'

/** Outside the baseline, so that only the policy in question can lift it. */
const traceId = '00000000000000000000000000000001'
const ms = (n: number): bigint => BigInt(n) * 1_000_000n
const at = 1_790_000_000_000_000_000n

function span(part: Partial<TierSpan> = {}): TierSpan {
  return { traceId, kind: 'internal', statusCode: 0, start: at, end: at + ms(100), attributes: {}, events: [], ...part }
}

const exception = { name: 'exception', attributes: {} }
const score = (value: unknown) => ({ 'gen_ai.evaluation.score.value': value })
const mapped = (value: unknown) => ({ 'afn.llm.evaluation.score.normalized': value })
const cost = (value: unknown) => ({ 'afn.llm.cost.total': value })

test('retention is the table of the design', () => {
  expect(retention).toEqual({
    traces: { detailed: 3, sampled: 30, errors: 90 },
    metrics: { high: 7, medium: 32, low: 365 },
    logs: { debug: 1, info: 7, warn: 30, error: 90, audit: 730 },
  })
})

describe('one policy at a time', () => {
  test.each<[string, Partial<TierSpan>, string]>([
    ['nothing special', {}, 'detailed (no policy)'],
    ['status ERROR', { statusCode: 2 }, 'errors (errors)'],
    ['an exception event on an ok span', { events: [exception] }, 'errors (errors)'],
    ['an exception that is a log record', { attributes: { 'afn.exception.logged': true } }, 'errors (errors)'],
    ['error.type alone is no error', { attributes: { 'error.type': 'timeout' } }, 'detailed (no policy)'],
    ['exactly 2000 ms', { end: at + ms(2000) }, 'detailed (no policy)'],
    ['less than a whole millisecond more', { end: at + ms(2001) - 1n }, 'detailed (no policy)'],
    ['2001 ms', { end: at + ms(2001) }, 'sampled (slow)'],
    ['exactly 0.5 USD', { attributes: cost(0.5) }, 'detailed (no policy)'],
    ['more than 0.5 USD', { attributes: cost(0.500001) }, 'sampled (costly)'],
    ['1 USD, which JavaScript sends as an int', { attributes: cost(1) }, 'sampled (costly)'],
    ['a cost that is text', { attributes: cost('0.9') }, 'detailed (no policy)'],
    ['score 0.7', { attributes: score(0.7) }, 'detailed (no policy)'],
    ['score 0.69', { attributes: score(0.69) }, 'sampled (low_quality)'],
    ['score 0', { attributes: score(0) }, 'sampled (low_quality)'],
    ['score 3 of 1 to 5, mapped', { attributes: { ...score(3), ...mapped(0.5) } }, 'sampled (low_quality)'],
    ['score 0.5 of 0 to 0.5, mapped', { attributes: { ...score(0.5), ...mapped(1) } }, 'detailed (no policy)'],
    ['score 0.2 on an event', { events: [{ name: 'x', attributes: score(0.2) }] }, 'sampled (low_quality)'],
    ['a guardrail', { attributes: { 'afn.llm.guardrail.triggered': true } }, 'sampled (guardrail)'],
    ['a guardrail that is text', { attributes: { 'afn.llm.guardrail.triggered': 'true' } }, 'detailed (no policy)'],
  ])('%s', (_, part, expected) => {
    const { tier, reason } = decide([span(), span(part)])
    expect(`${tier} (${reason})`).toBe(expected)
  })
})

describe('a CLIENT span that was answered with a 4xx', () => {
  const refused = span({
    kind: 'client',
    statusCode: 2,
    events: [exception],
    attributes: { 'http.response.status_code': 429 },
  })

  it('is no error', () => expect(decide([span(), refused]).tier).toBe('detailed'))
  it('is no error under the old attribute either', () => {
    expect(decide([{ ...refused, attributes: { 'http.status_code': 404 } }]).tier).toBe('detailed')
  })
  it('matters when it fails its parent', () => {
    expect(decide([span({ statusCode: 2 }), refused])).toEqual({ tier: 'errors', reason: 'errors' })
  })
  it.each([399, 500])('%i is an error', status => {
    expect(decide([{ ...refused, attributes: { 'http.response.status_code': status } }]).tier).toBe('errors')
  })
  it('is an error on a SERVER span', () => expect(decide([{ ...refused, kind: 'server' }]).tier).toBe('errors'))
})

it('measures from the first start to the last end of the trace', () => {
  const late = span({ start: at + ms(1990), end: at + ms(2001) })
  expect(decide([late, span()]).reason).toBe('slow')
})

it('gives the first reason of the table when several apply', () => {
  const bad = { ...cost(2), ...score(0.1), 'afn.llm.guardrail.triggered': true }
  expect(decide([span({ attributes: bad })]).reason).toBe('costly')
  expect(decide([span({ attributes: bad, end: at + ms(9000) })]).reason).toBe('slow')
  expect(decide([span({ attributes: bad, statusCode: 2 })]).reason).toBe('errors')
})

describe('health checks', () => {
  const health = (path: string, part: Partial<TierSpan> = {}): TierSpan =>
    span({ kind: 'server', attributes: { 'url.path': path }, end: at + ms(5000), ...part })

  it.each(['/health', '/health/ready', '/health/', '/healthz', '/livez', '/readyz', '/api/health', '/health?x=1'])(
    'stay in detailed even when slow: %s',
    path => expect(decide([health(path)]).tier).toBe('detailed'),
  )
  it.each(['/healthy', '/users/health', '/api/healthz', '/'])('are not every path: %s', path => {
    expect(decide([health(path)]).reason).toBe('slow')
  })
  it.each(healthCheck.attributes)('are recognised by %s', key => {
    expect(decide([health('', { attributes: { [key]: '/health' } })]).tier).toBe('detailed')
  })
  it('count as errors when they fail', () => {
    expect(decide([health('/health', { statusCode: 2 })]).tier).toBe('errors')
  })
  it('may begin with the CLIENT that asks', () => {
    const probe = span({ kind: 'client', parentSpanId: '0000000000000000' })
    expect(decide([probe, health('/health', { parentSpanId: '00000000000000aa' })]).tier).toBe('detailed')
  })
  it('are not a job that pings one on its way', () => {
    expect(decide([span(), health('/health', { parentSpanId: '00000000000000aa' })]).reason).toBe('slow')
  })
  it('are not a trace that serves something else too', () => {
    expect(decide([health('/health'), health('/chat', { parentSpanId: '00000000000000aa' })]).reason).toBe('slow')
  })
})

describe('OTLP JSON', () => {
  const document = (part: object): TracesData => ({
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'ABCDEF00000000000000000000000001', ...part }] }] }],
  })

  it('keeps the types that decide', () => {
    const [first] = spansOfOtlp(
      document({
        parentSpanId: '00000000000000aa',
        kind: 3,
        status: { code: 2 },
        startTimeUnixNano: '1790000000000000001',
        endTimeUnixNano: '1790000000000000003',
        attributes: [
          { key: 'int', value: { intValue: '429' } },
          { key: 'double', value: { doubleValue: 0.5 } },
          { key: 'string', value: { stringValue: '0.5' } },
          { key: 'bool', value: { boolValue: false } },
          { key: 'list', value: { arrayValue: {} } },
        ],
        events: [{ name: 'exception', attributes: [{ key: 'double', value: { doubleValue: 'NaN' } }] }],
      }),
    )
    expect(first).toEqual({
      traceId: 'abcdef00000000000000000000000001',
      parentSpanId: '00000000000000aa',
      kind: 'client',
      statusCode: 2,
      start: 1790000000000000001n,
      end: 1790000000000000003n,
      attributes: { int: 429, double: 0.5, string: '0.5', bool: false, list: undefined },
      events: [{ name: 'exception', attributes: { double: Number.NaN } }],
    })
  })

  it('reads enum names, and an absent field as OTLP does', () => {
    const named = spansOfOtlp(document({ kind: 'SPAN_KIND_SERVER', status: { code: 'STATUS_CODE_ERROR' } }))[0]
    expect(named).toMatchObject({ kind: 'server', statusCode: 2, start: 0n })
    expect(spansOfOtlp(document({}))[0]).toMatchObject({ kind: 'unspecified', statusCode: 0, attributes: {} })
    expect(spansOfOtlp({})).toEqual([])
  })
})

describe('input that is no trace', () => {
  it.each<[string, TierSpan[], RegExp]>([
    ['no spans', [], /no spans; pass all spans of one trace/],
    ['a short id', [span({ traceId: 'abc' })], /"abc" is not valid; it has 32 hexadecimal digits/],
    ['the zero id', [span({ traceId: '0'.repeat(32) })], /not all 0/],
    ['two traces', [span(), span({ traceId: `${traceId.slice(1)}2` })], /group them by trace id first/],
  ])('%s', (_, spans, message) => expect(() => decide(spans)).toThrow(message))
})
