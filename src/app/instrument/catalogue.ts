// Which library has which instrumentation; `sources.ts` says where its class is. A test compares `targets` with what the instrumentations patch.
// The packages are the set of @opentelemetry/auto-instrumentations-node 0.82.0, with fastify and hono added.
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'

export interface CatalogueEntry {
  /** As in OTEL_NODE_ENABLED_INSTRUMENTATIONS. */
  readonly name: string
  /** Packages and built-in modules whose first load loads the instrumentation. */
  readonly targets: readonly string[]
  /** Off unless it is enabled by name, and why. */
  readonly off?: string
  readonly config?: (settings: Settings) => object
}

const contrib = (
  name: string,
  targets: readonly string[] = [name],
  more: Pick<CatalogueEntry, 'off' | 'config'> = {},
): CatalogueEntry => ({ name, targets, ...more })

const noise = (what: string) => ({ off: `a span for each ${what}` })

/** Log records go out through our redactor; lines of the app get the ids of the active span. */
const logging = (name: string): CatalogueEntry => ({
  name,
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

export const catalogue: readonly CatalogueEntry[] = [
  contrib('amqplib'),
  contrib('aws-sdk', [
    '@aws-sdk/middleware-stack',
    '@aws-sdk/smithy-client',
    '@smithy/core',
    '@smithy/middleware-stack',
    '@smithy/smithy-client',
  ]),
  logging('bunyan'),
  contrib('cassandra-driver'),
  contrib('connect'),
  contrib('cucumber', ['@cucumber/cucumber']),
  contrib('dataloader'),
  contrib('dns', ['dns', 'dns/promises'], noise('name look-up')),
  {
    name: 'express',
    targets: ['express'],
    config: s => ({ spans: s.middlewareSpans }),
  },
  {
    name: 'fastify',
    targets: ['fastify', 'find-my-way'],
    config: s => ({ registerOnInitialization: s.middlewareSpans }),
  },
  contrib('fs', ['fs', 'fs/promises'], noise('file access')),
  contrib('generic-pool', ['generic-pool'], noise('pool access')),
  contrib('graphql'),
  contrib('grpc', ['@grpc/grpc-js']),
  contrib('hapi', ['@hapi/hapi']),
  {
    name: 'hono',
    targets: ['hono', 'hono/tiny', 'hono/quick'],
  },
  {
    name: 'http',
    targets: ['http', 'https', 'http2'],
    config: s => ({
      headersToSpanAttributes: { client: headers.ofClient(s), server: headers.ofServer(s) },
      onFailure: (error: unknown) => report('AFN120', `a request of http is recorded in part (${reason(error)})`),
    }),
  },
  contrib('ioredis'),
  contrib('kafkajs'),
  contrib('knex'),
  {
    name: 'koa',
    targets: ['koa', 'koa-compose'],
    config: s => ({ spans: s.middlewareSpans }),
  },
  {
    name: 'langchain',
    targets: ['core', 'core/callbacks/manager', 'core/singletons', 'langgraph', 'langgraph-checkpoint'].map(
      name => `@langchain/${name}`,
    ),
    config: s => ({
      content: s.captureContent !== 'off',
      onFailure: (error: unknown) => report('AFN120', `a run of LangChain is recorded in part (${reason(error)})`),
    }),
  },
  {
    name: 'llamaindex',
    targets: ['@llamaindex/workflow'],
    config: s => ({
      content: s.captureContent !== 'off',
      onFailure: (error: unknown) => report('AFN120', `a run of LlamaIndex is recorded in part (${reason(error)})`),
    }),
  },
  contrib('lru-memoizer'),
  {
    name: 'mcp',
    // an import is known by the name that the app gives: the package alone, or one of its files
    targets: [
      ...['', '/client', '/client/index.js', '/server', '/server/index.js', '/server/mcp.js'].map(
        entry => `sdk${entry}`,
      ),
      'client',
      'client/stdio',
      'server',
    ].map(name => `@modelcontextprotocol/${name}`),
    config: s => ({
      content: s.captureContent !== 'off',
      baggageHosts: s.mcpBaggageHosts,
      onFailure: (error: unknown) => report('AFN120', `a request of MCP is recorded in part (${reason(error)})`),
    }),
  },
  contrib('memcached'),
  contrib('mongodb'),
  contrib('mongoose'),
  contrib('mysql'),
  contrib('mysql2'),
  {
    name: 'nestjs-core',
    targets: ['@nestjs/core'],
  },
  contrib('net', ['net'], noise('socket')),
  contrib('openai', ['openai'], {
    off: 'LLM calls are seen on the wire; this would make a second span',
  }),
  {
    name: 'openai-agents',
    targets: ['@openai/agents-core'],
    config: s => ({
      content: s.captureContent !== 'off',
      onFailure: (error: unknown) =>
        report('AFN120', `a run of OpenAI's agents is recorded in part (${reason(error)})`),
    }),
  },
  contrib('oracledb'),
  { name: 'pg', targets: ['pg', 'pg-pool'] },
  logging('pino'),
  contrib('redis', ['redis', '@redis/client', '@node-redis/client']),
  contrib('restify'),
  contrib('router', ['router'], noise('router layer')),
  contrib('socket.io'),
  contrib('tedious'),
  // undici publishes on diagnostics channels; the built-in fetch has no module to require and arms it at its first call
  {
    name: 'undici',
    targets: ['undici'],
    config: s => ({
      headersToSpanAttributes: headers.ofClient(s),
      onFailure: (error: unknown) => report('AFN120', `a request of undici is recorded in part (${reason(error)})`),
    }),
  },
  logging('winston'),
]
