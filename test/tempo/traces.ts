// Twelve small traces, each with something that a query of the catalogue looks for. answers.ts says by hand which query
// finds which; the tiers are those of src/shared/tiers.
import { decide, policies, spansOfOtlp } from '../../src/shared/tiers'
import { inBaseline } from '../../src/shared/tiers/baseline'
import { double, otlpAttributes, type Plain } from '../support/otlp-json'

const usd = double
const score = double

interface Span {
  /** Place in the trace; the parent is a place too, or `lost` for one that never comes. */
  parent?: number | 'lost'
  name: string
  kind?: 'internal' | 'server' | 'client'
  /** ms after the trace's start. */
  at?: number
  ms: number
  error?: boolean
  attributes?: Record<string, Plain>
  event?: { name: string; attributes: Record<string, Plain> }
}

interface Trace {
  service?: string
  /** ms after the first trace. */
  at: number
  spans: Span[]
}

const request = (ms: number, more: Partial<Span> = {}): Span => ({
  name: 'POST /chat',
  kind: 'server',
  ms,
  ...more,
  attributes: { 'http.route': '/chat', 'url.path': '/chat', 'http.response.status_code': 200, ...more.attributes },
})

const call = (
  provider: string,
  model: string,
  ms: number,
  attributes: Record<string, Plain>,
  more: Partial<Span> = {},
): Span => ({
  name: `chat ${model}`,
  kind: 'client',
  parent: 0,
  at: 50,
  ms,
  ...more,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
    'afn.llm.usage.source': 'gen_ai.usage.input_tokens' in attributes ? 'provider' : 'missing',
    ...attributes,
  },
})

const tokens = (input: number, output: number) => ({
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
})

const mini = 'gpt-5-mini'
const sonnet = 'claude-sonnet-5'
const u1 = { 'user.id': 'u1', 'session.id': 's1', 'gen_ai.conversation.id': 'c1' }
const u2 = { 'user.id': 'u2', 'session.id': 's2', 'gen_ai.conversation.id': 'c1' }
const planner = { 'user.id': 'u1', 'session.id': 's3', 'gen_ai.conversation.id': 'c2', 'gen_ai.agent.name': 'planner' }
const search = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' }

const step = (at: number, input: number): Span =>
  call('openai', mini, 300, { ...tokens(input, 100), 'afn.llm.cost.total': usd(0.1), ...planner }, { parent: 1, at })

const embedding = (at: number): Span => ({
  name: 'embeddings text-embedding-3-small',
  kind: 'client',
  parent: 0,
  at,
  ms: 20,
  attributes: {
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'text-embedding-3-small',
    'gen_ai.usage.input_tokens': 50,
    'afn.llm.usage.source': 'provider',
    'afn.llm.cost.total': usd(0.001),
  },
})

export const traces: Record<string, Trace> = {
  plain: {
    at: 0,
    spans: [
      request(1_200),
      call('openai', mini, 900, {
        ...tokens(5_000, 300),
        ...u1,
        'gen_ai.usage.cache_read.input_tokens': 100,
        'afn.llm.cost.total': usd(0.02),
        'afn.llm.time_to_first_chunk_ms': 400,
        'afn.llm.stream.end': 'complete',
        'gen_ai.agent.name': 'support',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"write to [EMAIL]"}]}]',
      }),
    ],
  },
  slow: {
    // in another step of a series than the others
    at: 6_000,
    spans: [
      request(3_100),
      call('anthropic', sonnet, 3_000, {
        ...tokens(8_000, 2_500),
        ...u2,
        'gen_ai.usage.cache_read.input_tokens': 7_000,
        'afn.llm.cost.total': usd(0.3),
        'afn.llm.time_to_first_chunk_ms': 1_500,
        'afn.llm.stream.end': 'complete',
        'gen_ai.response.finish_reasons': ['length'],
        'afn.llm.rate_limit.tokens.limit': 1_000,
        'afn.llm.rate_limit.tokens.remaining': 50,
        'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"a list: [1, 2]"}]}]',
      }),
    ],
  },
  loop: {
    at: 0,
    spans: [
      request(1_900),
      {
        name: 'invoke_agent planner',
        parent: 0,
        at: 10,
        ms: 1_800,
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          ...planner,
          ...tokens(6_000, 300),
          'afn.llm.usage.rollup': true,
        },
      },
      step(20, 1_000),
      step(620, 2_000),
      step(1_220, 3_000),
      { name: 'execute_tool search', parent: 1, at: 330, ms: 200, attributes: search },
      { name: 'execute_tool search', parent: 1, at: 930, ms: 200, attributes: search },
      {
        name: 'execute_tool search',
        parent: 1,
        at: 1_000,
        ms: 200,
        error: true,
        attributes: { ...search, 'error.type': 'TimeoutError' },
      },
      {
        name: 'SELECT documents',
        kind: 'client',
        parent: 7,
        at: 1_010,
        ms: 600,
        attributes: { 'db.system.name': 'postgresql', 'db.query.text': 'SELECT * FROM documents WHERE id = ?' },
      },
    ],
  },
  retried: {
    at: 0,
    spans: [
      request(700),
      call(
        'openai',
        mini,
        100,
        {
          ...u2,
          'http.response.status_code': 429,
          'error.type': 'rate_limit_exceeded',
          'afn.llm.attempt': 1,
          'afn.llm.retry_after': double(1.5),
        },
        { error: true },
      ),
      call(
        'openai',
        mini,
        400,
        {
          ...tokens(200, 50),
          ...u2,
          'afn.llm.cost.total': usd(0.01),
          'afn.llm.attempt': 2,
          'http.response.status_code': 200,
        },
        { at: 200 },
      ),
    ],
  },
  cut: {
    at: 0,
    spans: [
      request(500, { error: true, attributes: { 'http.response.status_code': 502 } }),
      call(
        'anthropic',
        sonnet,
        400,
        { 'user.id': 'u3', 'afn.llm.stream.end': 'cut', 'error.type': '_OTHER' },
        { error: true },
      ),
    ],
  },
  aborted: {
    at: 0,
    spans: [
      request(500),
      call('openai', mini, 400, { 'user.id': 'u3', 'afn.llm.stream.end': 'aborted', 'gen_ai.request.stream': true }),
    ],
  },
  unpriced: {
    at: 0,
    spans: [
      request(300),
      call('ollama', 'local-llm', 200, {
        ...tokens(100, 20),
        'user.id': 'u3',
        'afn.llm.guardrail.triggered': true,
        'redaction.masked.count': 2,
      }),
    ],
  },
  embeddings: {
    service: 'worker',
    at: 0,
    spans: [{ name: 'index documents', ms: 300 }, embedding(10), embedding(40), embedding(70)],
  },
  unhealthy: {
    at: 0,
    spans: [
      {
        name: 'GET /health',
        kind: 'server',
        ms: 5,
        error: true,
        attributes: { 'http.route': '/health', 'url.path': '/health', 'http.response.status_code': 503 },
      },
    ],
  },
  modelless: { at: 0, spans: [request(15)] },
  orphan: {
    service: 'worker',
    at: 0,
    spans: [call('openai', mini, 100, { ...tokens(10, 5), 'afn.llm.cost.total': usd(0.005) }, { parent: 'lost' })],
  },
  poor: {
    at: 0,
    spans: [
      request(600),
      call(
        'openai',
        mini,
        300,
        { ...tokens(20, 10), 'user.id': 'u1', 'afn.llm.cost.total': usd(0.002) },
        {
          event: {
            name: 'gen_ai.evaluation.result',
            attributes: { 'gen_ai.evaluation.name': 'relevance', 'afn.llm.evaluation.score.normalized': score(0.4) },
          },
        },
      ),
      {
        name: 'evaluate tone',
        parent: 1,
        at: 400,
        ms: 0,
        attributes: { 'gen_ai.evaluation.name': 'tone', 'afn.llm.evaluation.score.normalized': score(1) },
      },
    ],
  },
}

export const nameOf = (traceId: string): string =>
  Object.keys(traces)[Number.parseInt(traceId.slice(-2), 16)] ?? traceId

/** Outside the baseline, in which a tenth of all ids are; with leading zeros, which Tempo cuts. */
function traceIdsOf(start: number): string[] {
  for (let attempt = 0; ; attempt++) {
    const common = `00${(attempt * 2 ** 44 + start).toString(16).padStart(28, '0')}`
    const ids = Object.keys(traces).map((_, index) => `${common}${index.toString(16).padStart(2, '0')}`)
    if (!ids.some(id => inBaseline(id, policies.baseline))) return ids
  }
}

/** Each trace as an OTLP request, and the tenants that the Collector would send it to. */
export function requests(start: number): { body: object; tenants: string[] }[] {
  const traceIds = traceIdsOf(start)
  return Object.values(traces).map((trace, index) => {
    const traceId = traceIds[index]!
    const spanId = (place: number) => (start * 4_096 + index * 64 + place + 1).toString(16).padStart(16, '0').slice(-16)
    const nanos = (ms: number) => `${BigInt(start + trace.at + ms) * 1_000_000n}`
    const spans = trace.spans.map((span, place) => ({
      traceId,
      spanId: spanId(place),
      ...(span.parent !== undefined && { parentSpanId: spanId(span.parent === 'lost' ? 60 : span.parent) }),
      name: span.name,
      kind: { internal: 1, server: 2, client: 3 }[span.kind ?? 'internal'],
      startTimeUnixNano: nanos(span.at ?? 0),
      endTimeUnixNano: nanos((span.at ?? 0) + span.ms),
      status: { code: span.error ? 2 : 0 },
      attributes: otlpAttributes(span.attributes),
      events: span.event
        ? [
            {
              name: span.event.name,
              timeUnixNano: nanos(span.at ?? 0),
              attributes: otlpAttributes(span.event.attributes),
            },
          ]
        : [],
    }))
    const resource = { attributes: otlpAttributes({ 'service.name': trace.service ?? 'chat-api' }) }
    const body = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }] }
    const { tier } = decide(spansOfOtlp(body))
    const tenants = ['detailed', 'sampled', 'errors'].slice(0, ['detailed', 'sampled', 'errors'].indexOf(tier) + 1)
    return { body, tenants: tenants.map(tier => `afn-${tier}`) }
  })
}
