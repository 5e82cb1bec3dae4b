// Real servers: a query is a span with its statement's shape, without its values.
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { hasPostgres, hasRedis, type Service, startPostgres, startRedis } from '../support/services'

if (!hasPostgres) console.log('skipped: PostgreSQL: no server of Debian’s package postgresql here')
if (!hasRedis) console.log('skipped: Redis: no redis-server on the PATH')

const both = (imports: string, body: string) => ({
  'app.mjs': `${imports}\n${body}`,
  'app.cjs': `${imports.replace(/import (.+) from ('.+')/g, 'const $1 = require($2)')}\n;(async () => {${body}})()`,
})

const loadings: [string, string[]][] = [
  ['CommonJS', ['--require', '@afn/otel', 'app.cjs']],
  ['ES modules', ['--import', '@afn/otel', 'app.mjs']],
]

async function spansOf(
  service: Service,
  module: string,
  files: Record<string, string>,
  args: string[],
  stdout: string,
) {
  const receiver = await startReceiver()
  const folder = makeApp({ files, modules: { [module]: module, '@opentelemetry/api': '@opentelemetry/api' } })
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, PORT: String(service.port) }
  expect(await run(folder, args, { env })).toEqual({ code: 0, signal: null, stdout, stderr: '' })
  await receiver.close()
  return receiver
}

describe.runIf(hasPostgres)('a query of pg is a span with redacted SQL under', () => {
  it.for(loadings)('%s', async ([, args], { onTestFinished }) => {
    const postgres = await startPostgres()
    onTestFinished(postgres.stop)
    const files = both(
      `import pg from 'pg'`,
      `const client = new pg.Client({ host: '127.0.0.1', port: Number(process.env.PORT), user: 'app', database: 'postgres' })
       await client.connect()
       const { rows } = await client.query("select $1::text as mail where 'ada@example.com' <> 'x'", ['bob@example.com'])
       console.log(rows[0].mail)
       await client.query('select nonsense').catch(error => console.log(error.code))
       await client.end()`,
    )
    const receiver = await spansOf(postgres, 'pg', files, args, 'bob@example.com\n42703\n')
    const queries = receiver.spans().filter(span => span.name.startsWith('pg.query') || span.name.startsWith('SELECT'))
    expect(queries).toHaveLength(2)
    expect(queries[0]).toMatchObject({ kind: 3, status: { code: 0 } })
    expect(JSON.stringify(queries[0]?.attributes)).toContain("select $1::text as mail where '[EMAIL]' <> ?")
    expect(queries[1]?.status.code).toBe(2)
    expect(Buffer.concat(receiver.requests.map(({ body }) => body)).includes('bob@example.com')).toBe(false)
  })
})

describe.runIf(hasPostgres)('a query of pg that orders by the distance of vectors is a retrieval', () => {
  it('with the table and how many it wants, and other queries are none', async ({ onTestFinished }) => {
    const postgres = await startPostgres()
    onTestFinished(postgres.stop)
    // the operator as pgvector has it, on lists of numbers
    const files = both(
      `import pg from 'pg'`,
      `const client = new pg.Client({ host: '127.0.0.1', port: Number(process.env.PORT), user: 'app', database: 'postgres' })
       await client.connect()
       await client.query('create temp table notes (id int, embedding float8[], place point)')
       await client.query("create function pg_temp.cosine(float8[], float8[]) returns float8 language sql as 'select $1[1] - $2[1]'")
       await client.query('create operator <=> (leftarg = float8[], rightarg = float8[], function = pg_temp.cosine)')
       await client.query('insert into notes values (1, array[0.1], point(1, 1)), (2, array[0.2], point(2, 2))')
       const { rows } = await client.query('select id from notes order by embedding <=> $1 limit $2', [[0], 1])
       console.log(rows[0].id)
       await client.query("select id from notes order by place <-> point '(1,1)' limit 1")
       await client.end()`,
    )
    const args = ['--require', '@afn/otel', 'app.cjs']
    const receiver = await spansOf(postgres, 'pg', files, args, '1\n')
    const searches = receiver.spans().filter(({ attributes }) => attributes['gen_ai.operation.name'] !== undefined)
    expect(searches.map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({
        'gen_ai.operation.name': 'retrieval',
        'gen_ai.data_source.id': 'notes',
        'gen_ai.retrieval.top_k': 1,
      }),
    ])
  })
})

describe.runIf(hasRedis)('a command of ioredis is a span with redacted arguments under', () => {
  it.for(loadings)('%s', async ([, args], { onTestFinished }) => {
    const redis = await startRedis()
    onTestFinished(redis.stop)
    const files = both(
      `import Redis from 'ioredis'\nimport api from '@opentelemetry/api'`,
      `const redis = new Redis(Number(process.env.PORT), '127.0.0.1')
       // without a parent a command has no span: background traffic of queues would be most of all spans
       await api.trace.getTracer('t').startActiveSpan('parent', async span => {
         await redis.set('user:ada@example.com', 'hunter2')
         console.log(await redis.get('user:ada@example.com'))
         span.end()
       })
       await redis.quit()`,
    )
    const receiver = await spansOf(redis, 'ioredis', files, args, 'hunter2\n')
    const names = receiver.spans().map(span => span.name)
    expect(names).toEqual(expect.arrayContaining(['set', 'get']))
    const bytes = Buffer.concat(receiver.requests.map(({ body }) => body))
    expect(['hunter2', 'ada@example.com'].filter(secret => bytes.includes(secret))).toEqual([])
  })
})
