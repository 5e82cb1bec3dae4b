// A small set of traces, each with something that one rule of TraceQL is about. The tests beside it say by hand what each
// query finds; a real Tempo 3.1 got the same queries, and where it answers otherwise the test says so.
import { double as f, otlpAttributes, type Plain, Raw } from '../../../support/otlp-json'

type Plains = Readonly<Record<string, Plain>>

interface Span {
  readonly name: string
  /** The name of another span of the trace, or one that never came. */
  readonly parent?: string
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  readonly status?: 'ok' | 'error'
  readonly message?: string
  /** ms after the start of the trace. */
  readonly at?: number
  readonly ms?: number
  readonly attributes?: Plains
  readonly events?: readonly { readonly name: string; readonly at?: number; readonly attributes?: Plains }[]
  readonly links?: readonly { readonly trace: string; readonly span: string; readonly attributes?: Plains }[]
}

interface Trace {
  readonly service?: string
  readonly resource?: Plains
  readonly scope?: { readonly name: string; readonly version?: string; readonly attributes?: Plains }
  /** Seconds after the first. */
  readonly at: number
  readonly spans: readonly Span[]
}

const chat = (model: string, more: Plains, span: Partial<Span> = {}): Span => ({
  name: `chat ${model}`,
  parent: 'ask',
  kind: 'client',
  at: 10,
  ms: 100,
  ...span,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': model,
    ...more,
  },
})

/** By a word that names what the trace is about. */
export const traces: Readonly<Record<string, Trace>> = {
  shop: {
    service: 'shop',
    resource: { region: 'eu', tier: 'gold', zone: 'a' },
    scope: { name: 'http', version: '1.2.3', attributes: { flavour: 'plain' } },
    at: 0,
    spans: [
      {
        name: 'GET /cart',
        kind: 'server',
        ms: 900,
        attributes: { 'http.route': '/cart', 'http.response.status_code': 200n, region: 'us' },
      },
      { name: 'load', parent: 'GET /cart', at: 10, ms: 500, attributes: { region: 5n } },
      {
        name: 'SELECT',
        parent: 'load',
        kind: 'client',
        at: 20,
        ms: 300,
        attributes: { 'db.system.name': 'postgresql', rows: 7n },
      },
      {
        name: 'SELECT',
        parent: 'load',
        kind: 'client',
        at: 340,
        ms: 50,
        attributes: { 'db.system.name': 'postgresql', rows: 2n },
      },
      { name: 'render', parent: 'GET /cart', at: 600, ms: 200 },
    ],
  },
  broken: {
    service: 'shop',
    at: 2,
    spans: [
      {
        name: 'POST /pay',
        kind: 'server',
        status: 'error',
        message: 'card refused',
        ms: 2_500,
        attributes: { 'http.response.status_code': 502n },
      },
      {
        name: 'charge',
        parent: 'POST /pay',
        kind: 'client',
        status: 'error',
        message: 'timeout',
        at: 5,
        ms: 2_400,
        attributes: { retries: 3n, limit: 10n },
      },
      {
        name: 'audit',
        parent: 'POST /pay',
        kind: 'producer',
        status: 'ok',
        at: 2_450,
        ms: 1,
        attributes: { retries: 0n, limit: 0n },
      },
    ],
  },
  types: {
    service: 'types',
    at: 4,
    spans: [
      { name: 'int', attributes: { mixed: 42n, big: 9_007_199_254_740_993n } },
      { name: 'float', parent: 'int', attributes: { mixed: f(42), half: f(1.5) } },
      { name: 'text', parent: 'int', attributes: { mixed: '42', other: 'Ångström' } },
      { name: 'bool', parent: 'int', attributes: { mixed: true, flag: false } },
      { name: 'none', parent: 'int' },
    ],
  },
  arrays: {
    service: 'arrays',
    at: 6,
    spans: [
      { name: 'three', attributes: { tags: ['red', 'green', 'blue'], sizes: [1n, 5n, 9n] } },
      { name: 'one', parent: 'three', attributes: { tags: ['red'], sizes: [5n] } },
      { name: 'empty', parent: 'three', attributes: { tags: [] } },
      { name: 'map', parent: 'three', attributes: { tags: new Raw({ kvlistValue: { values: [] } }) } },
      { name: 'floats', parent: 'three', attributes: { ratios: [f(0.5), f(1.5)], marks: [true, true] } },
    ],
  },
  events: {
    service: 'events',
    at: 8,
    spans: [
      {
        name: 'two events',
        ms: 100,
        events: [
          { name: 'cache', at: 5, attributes: { x: 1n } },
          { name: 'retry', at: 80, attributes: { x: 2n, why: 'busy' } },
        ],
      },
      { name: 'one event', parent: 'two events', ms: 50, events: [{ name: 'cache', at: 1, attributes: { x: 2n } }] },
      { name: 'bare event', parent: 'two events', ms: 50, events: [{ name: 'note', at: 2 }] },
      { name: 'no event', parent: 'two events', ms: 50 },
    ],
  },
  links: {
    service: 'links',
    at: 10,
    spans: [
      {
        name: 'linked',
        links: [
          { trace: '000000000000000000000000000000ff', span: '00000000000000aa', attributes: { how: 'batch' } },
          { trace: '1234567890abcdef1234567890abcdef', span: '1234567890abcdef', attributes: { how: 'follow' } },
        ],
      },
      { name: 'not linked', parent: 'linked' },
    ],
  },
  tree: {
    service: 'tree',
    at: 12,
    spans: [
      { name: 'root', ms: 1_000, attributes: { level: 0n } },
      { name: 'a', parent: 'root', at: 10, ms: 400, attributes: { level: 1n } },
      { name: 'a1', parent: 'a', at: 20, ms: 100, attributes: { level: 2n } },
      { name: 'a2', parent: 'a', at: 130, ms: 100, attributes: { level: 2n } },
      { name: 'a1x', parent: 'a1', at: 30, ms: 10, attributes: { level: 3n } },
      { name: 'b', parent: 'root', at: 500, ms: 100, attributes: { level: 1n } },
      { name: 'b1', parent: 'b', at: 510, ms: 10, attributes: { level: 2n } },
    ],
  },
  orphans: {
    service: 'orphans',
    at: 14,
    spans: [
      { name: 'upper', parent: 'never came', ms: 50, attributes: { level: 1n } },
      { name: 'lower', parent: 'upper', at: 5, ms: 10, attributes: { level: 2n } },
    ],
  },
  nameless: { at: 16, resource: { region: 'eu' }, spans: [{ name: 'without service', ms: 5 }] },
  names: {
    service: 'サービス',
    at: 18,
    spans: [
      {
        name: 'two\nlines',
        attributes: {
          'weird key': 'v',
          'with"quote': 'q',
          鍵: '値',
          "it's": "don't; DROP TABLE spans",
          back: 'C:\\dir',
        },
      },
      { name: 'Case', parent: 'two\nlines', attributes: { word: 'Hello', nul: 'a\0b' } },
    ],
  },
  long: {
    service: 'long',
    at: -40,
    spans: [
      { name: 'report', ms: 90_000 },
      { name: 'page', parent: 'report', at: 80_000, ms: 100 },
    ],
  },
  agent: {
    service: 'agent',
    at: 20,
    spans: [
      { name: 'ask', kind: 'server', ms: 1_500, attributes: { 'user.id': 'u1', 'http.route': '/ask' } },
      chat('small', {
        'gen_ai.usage.input_tokens': 100n,
        'gen_ai.usage.output_tokens': 10n,
        'afn.llm.cost.total': f(0.25),
      }),
      chat(
        'small',
        { 'gen_ai.usage.input_tokens': 200n, 'gen_ai.usage.output_tokens': 20n, 'afn.llm.cost.total': f(0.5) },
        { at: 120 },
      ),
      chat(
        'large',
        { 'gen_ai.usage.input_tokens': 5_000n, 'gen_ai.usage.output_tokens': 2_500n, 'afn.llm.cost.total': f(2) },
        { at: 300, ms: 1_000 },
      ),
      {
        name: 'search',
        parent: 'ask',
        at: 230,
        ms: 40,
        attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' },
      },
    ],
  },
  cheap: {
    service: 'agent',
    at: 22,
    spans: [
      { name: 'ask', kind: 'server', ms: 300, attributes: { 'user.id': 'u2', 'http.route': '/ask' } },
      chat('small', { 'gen_ai.usage.input_tokens': 50n, 'afn.llm.usage.rollup': true }),
      chat('small', { 'afn.llm.cost.total': 1n }, { at: 120 }),
    ],
  },
  numbers: {
    service: 'numbers',
    at: 24,
    spans: [
      { name: 'n1', ms: 10, attributes: { n: 7n, m: 2n, q: f(2.5), z: 0n, most: 9_223_372_036_854_775_807n } },
      { name: 'n2', parent: 'n1', ms: 20, attributes: { n: -3n, m: 3n, q: new Raw({ doubleValue: 'NaN' }), z: 1n } },
      { name: 'n3', parent: 'n1', ms: 30, attributes: { n: f(7), m: 7n, a: 'same', b: 'same' } },
      { name: 'n4', parent: 'n1', ms: 40, attributes: { a: 'same', b: 'other', on: true, off: false } },
    ],
  },
}

const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const

/** The id of a trace, by its word: short on purpose, with zeros in front. */
export const traceId = (word: string): string => (Object.keys(traces).indexOf(word) + 1).toString(16).padStart(32, '0')

/** Spans that have the same name in a trace are distinguished by their place. */
export const spanId = (word: string, place: number): string =>
  ((Object.keys(traces).indexOf(word) + 1) * 256 + place + 1).toString(16).padStart(16, '0')

/** OTLP JSON. @param base ms since 1970 at which the first trace starts */
export function requests(base: number): object[] {
  return Object.entries(traces).map(([word, trace]) => requestOf(word, trace, base))
}

function requestOf(word: string, { service, resource, scope, at, spans }: Trace, base: number): object {
  const start = BigInt(base + at * 1_000) * 1_000_000n
  const attributes = otlpAttributes({ ...(service !== undefined && { 'service.name': service }), ...resource })
  const scoped = {
    name: scope?.name ?? 'test',
    version: scope?.version ?? '',
    attributes: otlpAttributes(scope?.attributes),
  }
  const idOf = (name: string) => {
    const place = spans.findIndex(span => span.name === name)
    return place < 0 ? 'ffffffffffffffff' : spanId(word, place)
  }
  return {
    resourceSpans: [
      {
        resource: { attributes },
        scopeSpans: [
          {
            scope: scoped,
            spans: spans.map((span, place) => spanOf(span, traceId(word), spanId(word, place), start, idOf)),
          },
        ],
      },
    ],
  }
}

function spanOf(span: Span, trace: string, id: string, start: bigint, idOf: (name: string) => string): object {
  const from = start + BigInt(span.at ?? 0) * 1_000_000n
  return {
    traceId: trace,
    spanId: id,
    ...(span.parent !== undefined && { parentSpanId: idOf(span.parent) }),
    name: span.name,
    kind: kinds[span.kind ?? 'internal'],
    startTimeUnixNano: String(from),
    endTimeUnixNano: String(from + BigInt(span.ms ?? 1) * 1_000_000n),
    attributes: otlpAttributes(span.attributes),
    status: { code: span.status === 'error' ? 2 : span.status === 'ok' ? 1 : 0, message: span.message ?? '' },
    events: (span.events ?? []).map(event => ({
      timeUnixNano: String(from + BigInt(event.at ?? 0) * 1_000_000n),
      name: event.name,
      attributes: otlpAttributes(event.attributes),
    })),
    links: (span.links ?? []).map(link => ({
      traceId: link.trace,
      spanId: link.span,
      attributes: otlpAttributes(link.attributes),
    })),
  }
}
