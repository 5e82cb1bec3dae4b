// The Claude API's own spans against ours, call by call: planted differences are named with their cause, and nothing else is.
import { describe, expect, it } from 'vitest'
import { InvoiceError } from '../../../src/operations/cost/invoice/invoice'
import { isClaudePlatform, readClaudePlatform } from '../../../src/operations/cost/witness/claude-platform-spans'
import { type Cause, compareCalls } from '../../../src/operations/cost/witness/compare-calls'
import type { OurCall } from '../../../src/operations/cost/witness/statement'
import { Random } from '../../support/random'

const begin = Date.parse('2026-11-27T10:00:00Z')
const models = ['claude-sonnet-4-6', 'claude-haiku-4-5-20251001', 'claude-opus-4-8']
const hex = (n: number, digits: number) => (n + 1).toString(16).padStart(digits, '0')

interface ApiSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string | undefined
  readonly name: string
  readonly kind: number
  readonly at: number
  readonly attributes: Readonly<Record<string, string | number>>
}

/** Kinds of OTLP. */
const [INTERNAL, SERVER] = [1, 2]

const scopeSpans = (spans: readonly ApiSpan[], scope = 'com.anthropic.claude-platform') => ({
  scope: { name: scope },
  spans: spans.map(({ at, attributes, ...span }) => ({
    ...span,
    startTimeUnixNano: `${at}000000`,
    endTimeUnixNano: `${at + 900}000000`,
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? { stringValue: value } : { intValue: `${value}` },
    })),
  })),
})
const request = (...scopes: object[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'claude-platform' } }] },
      scopeSpans: scopes,
    },
  ],
})
/** As the file exporter of the Collector writes it. */
const linesOf = (spans: readonly ApiSpan[]) => spans.map(span => JSON.stringify(request(scopeSpans([span])))).join('\n')

const usage = (call: { input: number; output: number; cacheRead: number; cacheWrite: number }) => ({
  'gen_ai.usage.input_tokens': call.input,
  'gen_ai.usage.output_tokens': call.output,
  ...(call.cacheRead > 0 && { 'gen_ai.usage.cache_read.input_tokens': call.cacheRead }),
  ...(call.cacheWrite > 0 && { 'gen_ai.usage.cache_write.input_tokens': call.cacheWrite }),
})

const planted: readonly Cause[] = [
  ...Array(5).fill('iteration'),
  ...Array(5).fill('cache'),
  ...Array(5).fill('retried'),
  ...Array(5).fill('not ours'),
]

/** 500 calls of one hour, 20 of which differ. */
function hour(seed: number, known: 'trace' | 'response' | 'nothing') {
  const random = new Random(seed)
  const spans: ApiSpan[] = []
  const ours: OurCall[] = []
  const causeOf = new Map<string, Cause>()
  for (let n = 0; n < 500; n++) {
    const at = begin + Math.floor((n * 3_600_000) / 500) + random.below(6_000)
    const isCached = random.below(3) === 0
    const cacheRead = isCached ? 1_024 + random.below(4_000) : 0
    const cacheWrite = isCached && random.below(2) === 0 ? 1_024 + random.below(1_000) : 0
    const input = 100 + random.below(9_000) + cacheRead + cacheWrite
    const call = { input, output: 1 + random.below(900), cacheRead, cacheWrite }
    const model = models[random.below(models.length)]!
    // every 25th differs
    const cause = n % 25 === 7 ? planted[(n - 7) / 25] : undefined
    const traceId = hex(n, 32)
    if (cause && cause !== 'retried') causeOf.set(traceId, cause)
    const own: OurCall = {
      ...call,
      ids: [...(known === 'response' ? [`msg_${n}`] : []), hex(n, 16)],
      at: at - random.below(400),
      // without its date, as both sides are compared
      model: model.replace(/-\d{8}$/, ''),
      name: model,
      tier: '',
      traceId,
      spanId: hex(n, 16),
      service: 'shop',
    }
    const theirs = { ...call }
    const compaction: Record<string, number> = {}
    if (cause === 'iteration') {
      if (n % 2 === 0) Object.assign(theirs, { input: input + 20_000 + random.below(99), output: call.output + 900 })
      else {
        compaction['anthropic.usage.compaction.input_tokens'] = 20_000 + random.below(99)
        compaction['anthropic.usage.compaction.output_tokens'] = 900
      }
    }
    if (cause === 'cache') Object.assign(theirs, { input: input + 2_000, cacheRead: cacheRead + 2_000 })
    const attributes = {
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': model,
      'anthropic.request.id': `req_${n}`,
      ...(known === 'response' && { 'gen_ai.response.id': `msg_${n}` }),
    }
    const span = {
      traceId,
      spanId: hex(10_000 + n, 16),
      parentSpanId: known === 'trace' ? hex(n, 16) : undefined,
      name: 'anthropic.messages.create',
      kind: SERVER!,
      at,
    }
    const run = (m: number, counts: typeof call, more = {}): ApiSpan => ({
      traceId,
      spanId: hex(20_000 + n * 3 + m, 16),
      parentSpanId: span.spanId,
      name: 'anthropic.model_run',
      kind: INTERNAL!,
      at: at + m,
      attributes: { 'gen_ai.provider.name': 'anthropic', ...usage(counts), ...more },
    })
    // a request has counts of its own, those of its runs besides, or its runs alone have them
    const way = random.below(3)
    if (way < 2) spans.push({ ...span, attributes: { ...attributes, ...usage(theirs), ...compaction } })
    if (way === 1) spans.push(run(0, theirs))
    if (way === 2) spans.push({ ...span, attributes }, run(0, theirs, compaction))
    spans.push({
      ...run(2, call),
      name: 'anthropic.tool_use bash',
      attributes: { 'gen_ai.operation.name': 'execute_tool' },
    })
    if (cause === 'retried') {
      // what a gateway sent before: another answer to the same prompt
      const again = hex(1_000 + n, 32)
      causeOf.set(again, cause)
      spans.push({
        ...{ ...span, traceId: again, spanId: hex(30_000 + n, 16), parentSpanId: undefined, at: at - 5_000 },
        attributes: {
          ...attributes,
          'gen_ai.response.id': `msg_${n}_again`,
          ...usage({ ...call, output: call.output + 7 }),
        },
      })
    }
    if (cause !== 'not ours') ours.push(own)
  }
  return { file: linesOf(spans), ours, causeOf }
}

describe('500 calls with 20 planted differences', () => {
  it.each([
    ['where the API gets the context of the trace', 'trace'],
    ['where spans have the ID of the answer', 'response'],
    ['where nothing but the counts is known', 'nothing'],
  ] as const)('are named with their cause, and no other, %s', (_, known) => {
    let named = 0
    const wrong: unknown[] = []
    for (let seed = 1; seed <= 25; seed++) {
      const { file, ours, causeOf } = hour(seed, known)
      const theirs = readClaudePlatform(file)
      const { differences } = compareCalls(ours, theirs, () => 0)
      const found = new Map(differences.map(one => [one.theirs?.traceId ?? 'none', one.causes.join()]))
      for (const [trace, cause] of causeOf) if (found.get(trace) === cause) named++
      for (const [trace, cause] of found) if (!causeOf.has(trace)) wrong.push([seed, trace, cause])
    }
    expect(wrong).toEqual([])
    expect(named).toBe(500)
  })
})

const one: ApiSpan = {
  traceId: hex(1, 32),
  spanId: hex(1, 16),
  name: 'anthropic.messages.create',
  kind: SERVER!,
  at: begin,
  attributes: { 'gen_ai.request.model': models[0]!, ...usage({ input: 5, output: 6, cacheRead: 0, cacheWrite: 0 }) },
}

describe('the file', () => {
  it('is told from invoices and from spans of others', () => {
    expect(isClaudePlatform(linesOf([one]))).toBe(true)
    expect(isClaudePlatform(JSON.stringify(request(scopeSpans([one], '@afn/otel/llm'))))).toBe(false)
    expect(isClaudePlatform('{"object":"page","data":["com.anthropic.claude-platform"]}')).toBe(false)
  })

  it('may hold spans of others, be one document with blanks in it, or be an answer of Tempo', () => {
    const whole = request(
      scopeSpans([one]),
      scopeSpans([{ ...one, spanId: hex(2, 16) }], 'com.anthropic.sdk.typescript'),
    )
    const { resourceSpans: batches } = whole
    for (const document of [whole, [whole], { batches }, { trace: whole }])
      expect(readClaudePlatform(JSON.stringify(document, null, 2))).toMatchObject([{ input: 5, output: 6, runs: 1 }])
  })

  it('has no calls for requests that used nothing', () => {
    expect(readClaudePlatform(linesOf([{ ...one, attributes: { 'anthropic.request.id': 'req_1' } }]))).toEqual([])
  })

  it('has all its errors said at once, each with its line', () => {
    const read = () => readClaudePlatform(`${linesOf([one])}\n{"resourceSpans":[\n${linesOf([one])}\nnothing`)
    expect(read).toThrow(InvoiceError)
    expect(read).toThrow(/OTLP JSON:\nline 2: .*\nline 4: /s)
  })
})

it('a tier that the provider does not tell is taken for another one', () => {
  const own = {
    ids: [],
    at: begin,
    model: models[0]!,
    name: models[0]!,
    input: 5,
    output: 6,
    cacheRead: 0,
    cacheWrite: 0,
  }
  const ours = [{ ...own, tier: 'batch', traceId: 't', spanId: 's', service: 'shop' }]
  expect(compareCalls(ours, readClaudePlatform(linesOf([one])), () => 0).differences).toEqual([])
})
