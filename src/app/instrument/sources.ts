// Where the build finds the class of each instrumentation of the catalogue. The start does not read it: by then each is a chunk.

const contrib = {
  amqplib: 'AmqplibInstrumentation',
  'aws-sdk': 'AwsInstrumentation',
  'cassandra-driver': 'CassandraDriverInstrumentation',
  connect: 'ConnectInstrumentation',
  cucumber: 'CucumberInstrumentation',
  dataloader: 'DataloaderInstrumentation',
  dns: 'DnsInstrumentation',
  fs: 'FsInstrumentation',
  'generic-pool': 'GenericPoolInstrumentation',
  graphql: 'GraphQLInstrumentation',
  grpc: 'GrpcInstrumentation',
  hapi: 'HapiInstrumentation',
  ioredis: 'IORedisInstrumentation',
  kafkajs: 'KafkaJsInstrumentation',
  knex: 'KnexInstrumentation',
  'lru-memoizer': 'LruMemoizerInstrumentation',
  memcached: 'MemcachedInstrumentation',
  mongodb: 'MongoDBInstrumentation',
  mongoose: 'MongooseInstrumentation',
  mysql: 'MySQLInstrumentation',
  mysql2: 'MySQL2Instrumentation',
  net: 'NetInstrumentation',
  openai: 'OpenAIInstrumentation',
  oracledb: 'OracleInstrumentation',
  redis: 'RedisInstrumentation',
  restify: 'RestifyInstrumentation',
  router: 'RouterInstrumentation',
  'socket.io': 'SocketIoInstrumentation',
  tedious: 'TediousInstrumentation',
} as const

const ours: Readonly<Record<string, readonly [module: string, export_: string]>> = {
  express: ['./src/app/instrument/express.ts', 'ExpressInstrumentation'],
  fastify: ['./src/app/instrument/fastify.ts', 'FastifyInstrumentation'],
  hono: ['./src/app/instrument/hono.ts', 'HonoInstrumentation'],
  http: ['./src/app/instrument/http.ts', 'HttpInstrumentation'],
  koa: ['./src/app/instrument/koa.ts', 'KoaInstrumentation'],
  langchain: ['./src/app/llm/observe/langchain/instrumentation.ts', 'LangChainInstrumentation'],
  llamaindex: ['./src/app/llm/observe/llamaindex/instrumentation.ts', 'LlamaIndexInstrumentation'],
  mcp: ['./src/app/llm/observe/mcp/instrumentation.ts', 'McpInstrumentation'],
  'nestjs-core': ['./src/app/instrument/nestjs.ts', 'NestInstrumentation'],
  'openai-agents': ['./src/app/llm/observe/openai-agents/instrumentation.ts', 'OpenAiAgentsInstrumentation'],
  pg: ['./src/app/instrument/pg.ts', 'PgInstrumentation'],
  undici: ['./src/app/instrument/undici.ts', 'UndiciInstrumentation'],
  bunyan: ['./src/app/instrument/bunyan.ts', 'BunyanInstrumentation'],
  pino: ['./src/app/instrument/pino.ts', 'PinoInstrumentation'],
  winston: ['./src/app/instrument/winston.ts', 'WinstonInstrumentation'],
}

/** By name in the catalogue. */
export const sources: Readonly<Record<string, readonly [module: string, export_: string]>> = {
  ...Object.fromEntries(
    Object.entries(contrib).map(([name, class_]) => [
      name,
      [`@opentelemetry/instrumentation-${name}`, class_] as const,
    ]),
  ),
  ...ours,
}
