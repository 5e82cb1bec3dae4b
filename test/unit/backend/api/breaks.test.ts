// Where a call was not told its trace. The pairs are made by hand: a call and what it called, as two traces, and everything that must not be
// taken for such a pair.
import { afterEach, describe, expect, it } from 'vitest'
import type { BreaksAnswer, TraceBreak } from '../../../../src/backend/api/break-answers'
import { type Attributes, type GivenSpan, hex, tracesRequest } from '../../../browser/explorer/data'
import { type Api, startApi } from './ask'

const now = 1_795_003_600_000
const start = BigInt(now - 60_000) * 1_000_000n
const [INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [1, 2, 3, 4, 5]

type Given = Omit<GivenSpan, 'id' | 'name' | 'at' | 'for'> & { readonly at?: number; readonly for?: number }

interface Trace {
  readonly service: string
  readonly resource?: Attributes
  /** The first is the root, the others are below it, or below the one they name. */
  readonly spans: readonly Given[]
}

/** Trace n has the id n, its spans n01, n02 and so on. */
function requestOf(traces: readonly Trace[]): object {
  const given = traces.map(({ service, spans }, n) => ({
    id: hex(n + 1, 32),
    start,
    services: {
      [service]: spans.map((span, at) => ({
        at: 10,
        for: 20,
        ...(at > 0 && { parent: hex((n + 1) * 256 + 1, 16) }),
        ...span,
        id: hex((n + 1) * 256 + at + 1, 16),
        name: `${service} ${at + 1}`,
      })),
    },
  }))
  const request = tracesRequest(given) as { resourceSpans: { resource: { attributes: object[] } }[] }
  for (const [n, { resource = {} }] of traces.entries())
    for (const [key, value] of Object.entries(resource))
      request.resourceSpans[n]!.resource.attributes.push({
        key,
        value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
      })
  return request
}

let api: Api | undefined
afterEach(() => api?.store.close())

/** `service span → service span` by the kind of the pair, as the trace of that number tells them. */
async function told(traces: readonly Trace[], trace = 1): Promise<string[]> {
  api = await startApi([requestOf(traces)], now)
  const { breaks }: BreaksAnswer = await api.json(`/api/afn/traces/${hex(trace, 32)}/breaks`)
  return breaks.map(({ kind, caller, callee }: TraceBreak) => `${kind}: ${caller.name} → ${callee.name}`)
}

const get: Attributes = {
  'http.request.method': 'GET',
  'server.address': 'shop.example',
  'server.port': 8080,
  'http.response.status_code': 200,
}
const request = (more: Given = {}): Given => ({
  kind: CLIENT,
  ...more,
  attributes: { ...get, 'url.full': 'http://shop.example:8080/orders?id=1', ...more.attributes },
})
const served = (more: Given = {}): Given => ({
  kind: SERVER,
  at: 12,
  for: 10,
  ...more,
  attributes: { ...get, 'url.path': '/orders', 'url.scheme': 'http', ...more.attributes },
})
const app = (...spans: Given[]): Trace => ({ service: 'app', spans: [{ at: 0, for: 100 }, ...spans] })
const orders = (...spans: Given[]): Trace => ({ service: 'orders', spans })

const mcp = (kind: number, id: string, more: Given = {}): Given => ({
  kind,
  ...more,
  attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'weather', 'jsonrpc.request.id': id },
})
const message = (kind: number, more: Given = {}): Given => ({
  kind,
  ...more,
  attributes: { 'messaging.destination.name': 'orders', 'messaging.message.id': 'm-1', ...more.attributes },
})
const created = (ms: number) => new Date(Number(start / 1_000_000n) + ms).toISOString()
const parent: Attributes = { 'host.name': 'box', 'process.pid': 10, 'process.creation.time': created(-9_000) }
const child: Attributes = {
  'host.name': 'box',
  'process.pid': 11,
  'process.parent_pid': 10,
  'process.creation.time': created(13),
}

describe('names a call that was not told its trace', () => {
  it.each<[string, Trace[], string]>([
    ['over HTTP', [app(request()), orders(served())], 'http: app 2 → orders 1'],
    [
      'over HTTP, the port of which goes without saying',
      [
        app(request({ attributes: { 'server.port': 443, 'url.full': 'https://shop.example/orders' } })),
        { service: 'orders', spans: [{ ...served(), attributes: { ...withoutPort(), 'url.scheme': 'https' } }] },
      ],
      'http: app 2 → orders 1',
    ],
    [
      'over HTTP, between machines whose clocks differ',
      [app(request()), orders(served({ at: 40 }))],
      'http: app 2 → orders 1',
    ],
    [
      'over HTTP, of two in turn',
      [app(request(), request({ at: 40 })), orders(served({ at: 42 }))],
      'http: app 3 → orders 1',
    ],
    ['over MCP', [app(mcp(CLIENT, '3')), orders(mcp(SERVER, '3', { at: 12, for: 5 }))], 'mcp: app 2 → orders 1'],
    [
      'over MCP, from the span of the tool',
      [app(mcp(INTERNAL, '3')), orders(mcp(SERVER, '3', { at: 12, for: 5 }))],
      'mcp: app 2 → orders 1',
    ],
    [
      'by a message, which waits',
      [app(message(PRODUCER)), orders(message(CONSUMER, { at: 9_000 }))],
      'message: app 2 → orders 1',
    ],
    [
      'of a child process, by the innermost span in which it was started',
      [
        { service: 'app', resource: parent, spans: [{ at: 0, for: 100 }, {}] },
        { service: 'job', resource: child, spans: [{ at: 15, for: 5 }] },
      ],
      'process: app 2 → job 1',
    ],
    [
      'of a child process, by the first of its traces',
      [
        { service: 'app', resource: parent, spans: [{ at: 0, for: 100 }] },
        { service: 'job', resource: child, spans: [{ at: 20, for: 5 }] },
        { service: 'job', resource: child, spans: [{ at: 15, for: 5 }] },
      ],
      'process: app 1 → job 1',
    ],
    [
      'of a coding agent, by its session',
      [
        app({ attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.conversation.id': 's-1' } }),
        { service: 'claude-code', spans: [{ at: 12, for: 5, attributes: { 'session.id': 's-1' } }] },
      ],
      'session: app 2 → claude-code 1',
    ],
    [
      'of the model, by the id of its answer',
      [
        app({ kind: CLIENT, attributes: { 'gen_ai.response.id': 'msg_1' } }),
        {
          service: 'anthropic',
          spans: [{ kind: SERVER, at: 12, for: 5, attributes: { 'gen_ai.response.id': 'msg_1' } }],
        },
      ],
      'response: app 2 → anthropic 1',
    ],
  ])('%s', async (_, traces, expected) => {
    expect(await told(traces)).toEqual([expected])
    await api?.store.close()
    // and from the other end
    expect((await told(traces, traces.length)).length).toBe(traces.length === 2 ? 1 : expected.includes('job') ? 1 : 0)
  })
})

function withoutPort(): Attributes {
  const { 'server.port': _, ...rest } = served().attributes!
  return rest as Attributes
}

describe('claims nothing', () => {
  it.each<[string, Trace[]]>([
    ['of a trace without calls', [app()]],
    [
      'where the context was passed',
      [{ service: 'app', spans: [{}, request(), served({ parent: hex(258, 16) })] }, orders(served())],
    ],
    ['where the callee has a parent, which was lost', [app(request()), orders(served({ parent: hex(77, 16) }))]],
    [
      'where the callee links the caller',
      [app(request()), orders(served({ links: [{ traceId: hex(1, 32), spanId: hex(258, 16) }] }))],
    ],
    ['of another path', [app(request()), orders(served({ attributes: { 'url.path': '/other' } }))]],
    ['of another method', [app(request()), orders(served({ attributes: { 'http.request.method': 'POST' } }))]],
    ['of another port', [app(request()), orders(served({ attributes: { 'server.port': 9090 } }))]],
    ['of another status', [app(request()), orders(served({ attributes: { 'http.response.status_code': 500 } }))]],
    ['of what began before', [app(request({ at: 500 })), orders(served())]],
    ['of what began after', [app(request()), orders(served({ at: 500 }))]],
    ['where two may have called it', [app(request()), { service: 'other', spans: [request()] }, orders(served())]],
    ['where it may have called two', [app(request()), orders(served()), orders(served())]],
    ['of another request of MCP', [app(mcp(CLIENT, '3')), orders(mcp(SERVER, '4', { at: 12 }))]],
    ['of a message that came before it was sent', [app(message(PRODUCER, { at: 900 })), orders(message(CONSUMER))]],
    [
      'of messages without an id',
      [app(message(PRODUCER, { attributes: { 'messaging.message.id': [] } })), orders(message(CONSUMER))],
    ],
    [
      'of a child that was started outside of the trace',
      [
        { service: 'app', resource: parent, spans: [{ at: 40, for: 10 }] },
        { service: 'job', resource: child, spans: [{ at: 42, for: 5 }] },
      ],
    ],
    [
      'of a child that two traces may have started',
      [
        { service: 'app', resource: parent, spans: [{ at: 0, for: 100 }] },
        { service: 'app', resource: parent, spans: [{ at: 5, for: 50 }] },
        { service: 'job', resource: child, spans: [{ at: 15, for: 5 }] },
      ],
    ],
    [
      'of a request that a child answers',
      [
        { service: 'app', resource: parent, spans: [{ at: 0, for: 100 }] },
        { service: 'job', resource: child, spans: [{ kind: SERVER, at: 15, for: 5 }] },
      ],
    ],
    [
      'of a conversation in one service',
      [
        app({ attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.conversation.id': 's-1' } }),
        { service: 'app', spans: [{ at: 12, for: 5, attributes: { 'gen_ai.conversation.id': 's-1' } }] },
      ],
    ],
  ])('%s', async (_, traces) => expect(await told(traces)).toEqual([]))

  it('of a trace that is not there', async () => expect(await told([app()], 9)).toEqual([]))
})
