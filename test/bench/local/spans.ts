// Bundled and used by test/bench/local.mjs: the bench's fixed set, an app that calls LLMs, 20 attributes a span, without
// content. The same spans each time but for their times, which end now.
import { encodeSpans } from '../../../src/shared/otlp/protobuf'
import { Random } from '../../support/random'

const spansPerTrace = 10
const tracesPerRequest = 50
export const spansPerRequest = spansPerTrace * tracesPerRequest

const numbers = new Random(7)
const random = (): number => numbers.next()
const below = (count: number): number => numbers.below(count)
const hex = (digits: number): string =>
  Array.from({ length: digits / 8 }, () =>
    below(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('')

const resource = {
  attributes: {
    'service.name': 'chat-api',
    'service.version': '1.4.2',
    'deployment.environment.name': 'production',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.distro.name': '@afn/otel',
    'host.name': 'app-7c9d5b6f4-x2k8p',
    'process.pid': 17,
  },
}
const resources = ['chat-api', 'search', 'billing', 'ingest'].map(name => ({
  attributes: { ...resource.attributes, 'service.name': name },
}))
const scope = { name: '@afn/otel', version: '0.1.0' }

/** OTLP protobuf, the oldest spans first. @param spans in all; @param end of the set, in seconds since 1970 */
export function requests(spans: number, end: number, seconds: number): Buffer[] {
  const traces = spans / spansPerTrace
  return Array.from({ length: traces / tracesPerRequest }, (_, request) => {
    const of = resources[request % resources.length]!
    const list = Array.from({ length: tracesPerRequest }, (_, n) => {
      const at = end - seconds + (seconds * (request * tracesPerRequest + n)) / traces
      return trace(at, of)
    })
    return encodeSpans(list.flat() as unknown as Parameters<typeof encodeSpans>[0])
  })
}

function trace(at: number, of: object): object[] {
  const traceId = hex(32)
  const user = `user-${below(10_000)}`
  const session = `session-${below(100_000)}`
  const failed = below(50) === 0
  const make = (name: string, kind: number, parent: string | undefined, attributes: object, spanId = hex(16)) => {
    const start = at + random() * 0.2
    const end = start + (parent === undefined ? 0.4 : 0.001) + random() ** 4 * 3
    return {
      spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
      ...(parent && { parentSpanContext: { traceId, spanId: parent, traceFlags: 1 } }),
      name,
      kind,
      startTime: hrTime(start),
      endTime: hrTime(end),
      attributes: { ...common(), ...attributes },
      events: [],
      links: [],
      status: { code: failed && parent === undefined ? 2 : 0 },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
      resource: of,
      instrumentationScope: scope,
    }
  }
  const root = hex(16)
  const agent = hex(16)
  const who = { user, session, conversation: `conversation-${below(50_000)}` }
  const route = below(20)
  return [
    make(`POST /route-${route}`, 1, undefined, server(who, route, failed), root),
    make('SELECT users', 2, root, query('SELECT', 'users', user)),
    make('SELECT conversations', 2, root, query('SELECT', 'conversations', user)),
    make('invoke_agent support', 0, root, step('invoke_agent', who), agent),
    make('chat', 2, agent, call(who)),
    make('execute_tool', 0, agent, step('execute_tool', who)),
    make('SELECT documents', 2, agent, query('SELECT', 'documents', user)),
    make('chat', 2, agent, call(who)),
    make('chat', 2, agent, call(who)),
    make('INSERT messages', 2, root, query('INSERT', 'messages', user)),
  ]
}

const hrTime = (seconds: number): [number, number] => [Math.floor(seconds), Math.round((seconds % 1) * 1e9)]

interface Who {
  readonly user: string
  readonly session: string
  readonly conversation: string
}

const common = () => ({
  'tenant.name': `tenant-${below(1000)}`,
  'app.release': `2026.11.${below(30)}`,
  'k8s.pod.name': `chat-api-7d9f6-${below(20)}`,
  'feature.flag': `variant-${below(4)}`,
  'queue.depth': below(77),
  'cache.ratio': below(1000) / 1000 + 0.0001,
  'cache.hit': below(2) === 0,
  'cloud.region': `eu-west-${below(3)}`,
})

const server = ({ user, session }: Who, route: number, failed: boolean) => ({
  'http.request.method': 'POST',
  'http.route': `/route-${route}`,
  'url.path': `/route-${route}`,
  'url.full': `https://api.example.com/route-${route}?page=${below(5000)}`,
  'http.response.status_code': failed ? 500 : 200,
  'server.address': 'api.example.com',
  'user.id': user,
  'session.id': session,
  'user_agent.original': `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Version/${below(10)}`,
  'client.address': `10.0.${below(256)}.${below(256)}`,
  'network.protocol.version': '1.1',
  'http.request.body.size': below(100_000),
})

const call = ({ user, session, conversation }: Who) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': ['openai', 'anthropic', 'gcp.gen_ai'][below(3)],
  'gen_ai.request.model': `model-${below(12)}`,
  'gen_ai.response.id': `chatcmpl-${hex(24)}`,
  'gen_ai.usage.input_tokens': below(4000),
  'gen_ai.usage.output_tokens': below(900),
  'afn.llm.cost.total': random() / 50,
  'afn.llm.cost.source': 'local',
  'afn.llm.time_to_first_chunk_ms': 100 + below(900),
  'gen_ai.conversation.id': conversation,
  'user.id': user,
  'session.id': session,
})

const step = (operation: string, { user, session, conversation }: Who) => ({
  'gen_ai.operation.name': operation,
  'gen_ai.agent.name': `agent-${below(8)}`,
  'gen_ai.tool.name': `tool-${below(40)}`,
  'gen_ai.conversation.id': conversation,
  'user.id': user,
  'session.id': session,
  'app.step': below(9),
  'app.retries': below(3),
  'app.budget': random() * 10,
  'code.function.name': `run${below(60)}`,
  'code.file.path': `/app/dist/agents/${below(60)}.js`,
  'thread.name': 'main',
})

const query = (operation: string, collection: string, user: string) => ({
  'db.system.name': 'postgresql',
  'db.operation.name': operation,
  'db.namespace': 'chat',
  'db.query.text': `${operation} * FROM ${collection} WHERE id = ? -- ${below(30)}`,
  'db.collection.name': collection,
  'db.response.returned_rows': below(200),
  'server.address': 'db',
  'server.port': 5432,
  'user.id': user,
  'code.function.name': `load${below(60)}`,
  'code.line.number': below(900),
  'thread.name': 'main',
})
