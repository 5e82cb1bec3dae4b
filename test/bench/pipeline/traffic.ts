// Bundled and used by test/bench/pipeline.mjs: export requests as our SDK writes them, of an app that calls LLMs.
import { randomBytes } from 'node:crypto'
import { RULE_SET } from '../../../src/app/sdk/rule-set'
import { encodeSpans } from '../../../src/shared/otlp/protobuf'

export interface Request {
  /** OTLP protobuf. */
  readonly body: Buffer
  readonly spans: number
  /** Puts new trace ids in, so that no trace is sent twice. */
  readonly renew: () => void
}

/** Times 12 spans: about what a batch of an SDK holds. */
const tracesPerRequest = 42
const resource = {
  'service.name': 'chat-api',
  'service.version': '1.4.2',
  'service.instance.id': '6d2f1f0e-7f0c-4d0e-9a57-0d1d6b6f5c11',
  'deployment.environment.name': 'production',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.version': '2.12.0',
  'telemetry.distro.name': '@afn/otel',
  'telemetry.distro.version': '0.1.0',
  'host.name': 'app-7c9d5b6f4-x2k8p',
  'host.arch': 'amd64',
  'process.pid': 17,
  'process.runtime.name': 'nodejs',
}

/** @param isMarked whether its resource says that it was redacted by the rules of this very version */
export function request(isMarked: boolean): Request {
  const attributes = isMarked ? { ...resource, 'afn.redaction.rules': RULE_SET } : resource
  const ids = Array.from({ length: tracesPerRequest }, () => randomBytes(16))
  const spans = ids.flatMap((id, n) => trace(id.toString('hex'), n, { attributes }))
  const body = encodeSpans(spans as unknown as Parameters<typeof encodeSpans>[0])
  const places = ids.map(id => offsets(body, id))
  return {
    body,
    spans: spans.length,
    renew() {
      for (const at of places) {
        const id = randomBytes(16)
        for (const offset of at) id.copy(body, offset)
      }
    },
  }
}

function offsets(body: Buffer, id: Buffer): number[] {
  const found = []
  for (let at = body.indexOf(id); at >= 0; at = body.indexOf(id, at + 16)) found.push(at)
  return found
}

/** A request with a middleware, four queries, a cache, a call of another service, an agent with a tool and two LLM calls. */
function trace(traceId: string, n: number, of: object): object[] {
  const root = hex()
  const agent = hex()
  const make = (name: string, kind: number, parent: string | undefined, attributes: object, spanId = hex()): object => {
    const now = Date.now() / 1_000
    return {
      spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
      ...(parent && { parentSpanContext: { traceId, spanId: parent, traceFlags: 1 } }),
      name,
      kind,
      startTime: [Math.floor(now) - 1, 0],
      endTime: [Math.floor(now) - 1, 400_000_000],
      attributes,
      events: [],
      links: [],
      status: { code: parent === undefined && n % 50 === 7 ? 2 : 0 },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
      resource: of,
      instrumentationScope: scope,
    }
  }
  return [
    make('POST /chat', 1, undefined, server, root),
    make('middleware - auth', 0, root, { 'express.type': 'middleware', 'express.name': 'auth' }),
    make('SELECT users', 2, root, query('SELECT * FROM users WHERE id = ?', 'users')),
    make('POST', 2, root, client),
    make('SELECT conversations', 2, root, query('SELECT * FROM conversations WHERE id = ?', 'conversations')),
    make('GET', 2, root, { 'db.system.name': 'redis', 'db.operation.name': 'GET', 'server.address': 'cache' }),
    make('invoke_agent support', 0, root, { 'gen_ai.operation.name': 'invoke_agent' }, agent),
    make('chat gpt-5-mini', 2, agent, call),
    make('execute_tool search', 0, agent, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' }),
    make('chat gpt-5-mini', 2, agent, call),
    make('UPDATE conversations', 2, root, query('UPDATE conversations SET at = ? WHERE id = ?', 'conversations')),
    make(
      'INSERT messages',
      2,
      root,
      query('INSERT INTO messages (id, conversation, text) VALUES (?, ?, ?)', 'messages'),
    ),
  ]
}

const hex = (): string => randomBytes(8).toString('hex')
const scope = { name: '@afn/otel/llm', version: '0.1.0' }
const server = {
  'http.request.method': 'POST',
  'url.path': '/chat',
  'url.scheme': 'https',
  'http.route': '/chat',
  'http.response.status_code': 200,
  'server.address': 'api.example.com',
  'network.protocol.version': '1.1',
  'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)',
  'user.id': 'u-20394',
}
const client = {
  'http.request.method': 'POST',
  'url.full': 'https://moderation.internal/v1/check',
  'http.response.status_code': 200,
  'server.address': 'moderation.internal',
  'server.port': 443,
  'network.protocol.version': '1.1',
}
const query = (text: string, collection: string): object => ({
  'db.system.name': 'postgresql',
  'db.namespace': 'chat',
  'db.query.text': text,
  'db.collection.name': collection,
  'server.address': 'db',
  'server.port': 5432,
})
const call = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5-mini',
  'gen_ai.response.model': 'gpt-5-mini-2025-08-07',
  'gen_ai.response.id': 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 1200,
  'gen_ai.usage.output_tokens': 240,
  'gen_ai.response.time_to_first_chunk': 0.42,
  'afn.llm.cost.total': 0.00078,
  'afn.llm.cost.input': 0.0003,
  'afn.llm.cost.output': 0.00048,
  'afn.llm.cost.source': 'local',
  'server.address': 'api.openai.com',
  'session.id': 's-20394',
}
