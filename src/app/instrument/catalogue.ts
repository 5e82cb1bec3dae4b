// Which library has which instrumentation. A test compares `targets` with what the instrumentations patch.
// The packages are the set of @opentelemetry/auto-instrumentations-node 0.82.0, with fastify and hono added.
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'

export interface Entry {
  /** As in OTEL_NODE_ENABLED_INSTRUMENTATIONS. */
  readonly name: string
  /** Module and export of the instrumentation class. */
  readonly from: readonly [module: string, export_: string]
  /** Packages and built-in modules whose first load loads the instrumentation. */
  readonly targets: readonly string[]
  /** Off unless it is enabled by name, and why. */
  readonly off?: string
  readonly config?: (settings: Settings) => object
}

const contrib = (
  name: string,
  class_: string,
  targets: readonly string[] = [name],
  more: Pick<Entry, 'off' | 'config'> = {},
): Entry => ({ name, from: [`@opentelemetry/instrumentation-${name}`, class_], targets, ...more })

const noise = (what: string) => ({ off: `a span for each ${what}` })

/** Log records go out through our redactor; lines of the app get the ids of the active span. */
const logging = (name: string, class_: string): Entry => ({
  name,
  from: [`./src/app/instrument/${name}.ts`, class_],
  targets: [name],
  config: s => ({
    disableLogSending: s.logsExporter.includes('none'),
    disableLogCorrelation: !s.logCorrelation,
    onFailure: (error: unknown) => report('AFN120', `a line of ${name} is no log record (${reason(error)})`),
  }),
})

const headers = {
  ofClient: (s: Settings) => ({ requestHeaders: s.clientRequestHeaders, responseHeaders: s.clientResponseHeaders }),
  ofServer: (s: Settings) => ({ requestHeaders: s.serverRequestHeaders, responseHeaders: s.serverResponseHeaders }),
}

export const catalogue: readonly Entry[] = [
  contrib('amqplib', 'AmqplibInstrumentation'),
  contrib('aws-sdk', 'AwsInstrumentation', [
    '@aws-sdk/middleware-stack',
    '@aws-sdk/smithy-client',
    '@smithy/core',
    '@smithy/middleware-stack',
    '@smithy/smithy-client',
  ]),
  logging('bunyan', 'BunyanInstrumentation'),
  contrib('cassandra-driver', 'CassandraDriverInstrumentation'),
  contrib('connect', 'ConnectInstrumentation'),
  contrib('cucumber', 'CucumberInstrumentation', ['@cucumber/cucumber']),
  contrib('dataloader', 'DataloaderInstrumentation'),
  contrib('dns', 'DnsInstrumentation', ['dns', 'dns/promises'], noise('name look-up')),
  {
    name: 'express',
    from: ['./src/app/instrument/express.ts', 'ExpressInstrumentation'],
    targets: ['express'],
    config: s => ({ spans: s.middlewareSpans }),
  },
  {
    name: 'fastify',
    from: ['./src/app/instrument/fastify.ts', 'FastifyInstrumentation'],
    targets: ['fastify', 'find-my-way'],
    config: s => ({ registerOnInitialization: s.middlewareSpans }),
  },
  contrib('fs', 'FsInstrumentation', ['fs', 'fs/promises'], noise('file access')),
  contrib('generic-pool', 'GenericPoolInstrumentation', ['generic-pool'], noise('pool access')),
  contrib('graphql', 'GraphQLInstrumentation'),
  contrib('grpc', 'GrpcInstrumentation', ['@grpc/grpc-js']),
  contrib('hapi', 'HapiInstrumentation', ['@hapi/hapi']),
  {
    name: 'hono',
    from: ['./src/app/instrument/hono.ts', 'HonoInstrumentation'],
    targets: ['hono', 'hono/tiny', 'hono/quick'],
  },
  {
    name: 'http',
    from: ['./src/app/instrument/http.ts', 'HttpInstrumentation'],
    targets: ['http', 'https'],
    config: s => ({
      headersToSpanAttributes: { client: headers.ofClient(s), server: headers.ofServer(s) },
      onFailure: (error: unknown) => report('AFN120', `a request of http is recorded in part (${reason(error)})`),
    }),
  },
  contrib('ioredis', 'IORedisInstrumentation'),
  contrib('kafkajs', 'KafkaJsInstrumentation'),
  contrib('knex', 'KnexInstrumentation'),
  {
    name: 'koa',
    from: ['./src/app/instrument/koa.ts', 'KoaInstrumentation'],
    targets: ['koa', 'koa-compose'],
    config: s => ({ spans: s.middlewareSpans }),
  },
  contrib('lru-memoizer', 'LruMemoizerInstrumentation'),
  {
    name: 'mcp',
    from: ['./src/app/llm/observe/mcp/instrumentation.ts', 'McpInstrumentation'],
    // an import is known by the name that the app gives: the package alone, or one of its files
    targets: [
      ...['', '/client', '/client/index.js', '/server', '/server/index.js', '/server/mcp.js'].map(
        entry => `sdk${entry}`,
      ),
      'client',
      'server',
    ].map(name => `@modelcontextprotocol/${name}`),
    config: s => ({
      content: s.captureContent !== 'off',
      onFailure: (error: unknown) => report('AFN120', `a request of MCP is recorded in part (${reason(error)})`),
    }),
  },
  contrib('memcached', 'MemcachedInstrumentation'),
  contrib('mongodb', 'MongoDBInstrumentation'),
  contrib('mongoose', 'MongooseInstrumentation'),
  contrib('mysql', 'MySQLInstrumentation'),
  contrib('mysql2', 'MySQL2Instrumentation'),
  {
    name: 'nestjs-core',
    from: ['./src/app/instrument/nestjs.ts', 'NestInstrumentation'],
    targets: ['@nestjs/core'],
  },
  contrib('net', 'NetInstrumentation', ['net'], noise('socket')),
  contrib('openai', 'OpenAIInstrumentation', ['openai'], {
    off: 'LLM calls are seen on the wire; this would make a second span',
  }),
  contrib('oracledb', 'OracleInstrumentation'),
  { name: 'pg', from: ['./src/app/instrument/pg.ts', 'PgInstrumentation'], targets: ['pg', 'pg-pool'] },
  logging('pino', 'PinoInstrumentation'),
  contrib('redis', 'RedisInstrumentation', ['redis', '@redis/client', '@node-redis/client']),
  contrib('restify', 'RestifyInstrumentation'),
  contrib('router', 'RouterInstrumentation', ['router'], noise('router layer')),
  contrib('socket.io', 'SocketIoInstrumentation'),
  contrib('tedious', 'TediousInstrumentation'),
  // undici publishes on diagnostics channels; the built-in fetch has no module to require and arms it at its first call
  {
    name: 'undici',
    from: ['./src/app/instrument/undici.ts', 'UndiciInstrumentation'],
    targets: ['undici'],
    config: s => ({
      headersToSpanAttributes: headers.ofClient(s),
      onFailure: (error: unknown) => report('AFN120', `a request of undici is recorded in part (${reason(error)})`),
    }),
  },
  logging('winston', 'WinstonInstrumentation'),
]
