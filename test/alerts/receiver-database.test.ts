// The receiver's state on a libSQL server: Hrana 2 over HTTP, spoken by libSQL's own client, in front of libSQL's own engine.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { listen } from '../support/ports'
import { lacks, MINUTE, metricsOf, notify, startStand, until } from './stand'

if (lacks) console.log(`skipped: receiver on a libSQL server: ${lacks}`)

interface Prepared {
  readonly reader: boolean
  raw(): Prepared
  columns(): { name: string }[]
  all(...args: unknown[]): unknown[][]
  run(...args: unknown[]): { changes: number }
}
interface Engine {
  readonly inTransaction: boolean
  prepare(sql: string): Prepared
  close(): void
}
const require = createRequire(import.meta.url)
const { Database } = {
  Database: createRequire(require.resolve('@libsql/client'))('libsql') as new (file: string) => Engine,
}

interface Statement {
  sql?: string
  /** Of a text that the client has sent before. */
  sql_id?: number
  args?: { type: string; value?: string | number }[]
}
interface Request {
  type: string
  sql_id: number
  sql: string
  stmt: Statement
  batch: { steps: { stmt: Statement }[] }
}
type Condition =
  | { type: 'ok' | 'error'; step: number }
  | { type: 'not'; cond: Condition }
  | { type: 'is_autocommit' }
  | undefined

/** https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_2_SPEC.md, as far as the client asks for it. */
async function startServer(file: string, { onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const engine = new Database(file)
  const state = { isSilent: false, statements: 0 }
  const texts = new Map<number, string>()
  function execute({ sql, sql_id = -1, args = [] }: Statement): object {
    state.statements++
    const prepared = engine.prepare(sql ?? texts.get(sql_id) ?? '')
    const values = args.map(({ type, value }) => (type === 'null' ? null : type === 'integer' ? Number(value) : value))
    if (!prepared.reader)
      return { cols: [], rows: [], affected_row_count: prepared.run(...values).changes, last_insert_rowid: null }
    const rows = prepared.raw().all(...values)
    const shown = (cell: unknown) =>
      cell === null ? { type: 'null' } : typeof cell === 'number' ? { type: 'integer', value: String(cell) } : { type: 'text', value: String(cell) } // biome-ignore format: one line
    return {
      cols: prepared.columns().map(({ name }) => ({ name, decltype: null })),
      rows: rows.map(row => row.map(shown)),
      affected_row_count: 0,
      last_insert_rowid: null,
    }
  }
  function batch(steps: { stmt: Statement; condition?: Condition }[]): object {
    const results: (object | null)[] = []
    const errors: (object | null)[] = []
    const holds = (condition: Condition): boolean => {
      if (!condition) return true
      if (condition.type === 'not') return !holds(condition.cond)
      if (condition.type === 'is_autocommit') return !engine.inTransaction
      return condition.type === 'ok' ? !!results[condition.step] : !!errors[condition.step]
    }
    for (const { stmt, condition } of steps) {
      let [result, error]: (object | null)[] = [null, null]
      try {
        if (holds(condition)) result = execute(stmt)
      } catch (reason) {
        error = { message: (reason as Error).message, code: 'SQLITE_ERROR' }
      }
      results.push(result ?? null)
      errors.push(error ?? null)
    }
    return { step_results: results, step_errors: errors }
  }
  const server = createServer(async (request, response) => {
    if (state.isSilent) return
    if (request.headers.authorization !== 'Bearer database-token') return response.writeHead(401).end('{}')
    if (request.method === 'GET') return response.writeHead(request.url === '/v2' ? 200 : 404).end()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { requests } = JSON.parse(Buffer.concat(chunks).toString())
    const results = requests.map((one: Request) => {
      try {
        const type = one.type
        if (type === 'store_sql') texts.set(one.sql_id, one.sql)
        if (type === 'execute') return { type: 'ok', response: { type, result: execute(one.stmt) } }
        if (type === 'batch') return { type: 'ok', response: { type, result: batch(one.batch.steps) } }
        return { type: 'ok', response: { type } }
      } catch (error) {
        return { type: 'error', error: { message: (error as Error).message, code: 'SQLITE_ERROR' } }
      }
    })
    return response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ baton: null, base_url: null, results }))
  })
  const port = await listen(server)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
    engine.close()
  })
  return { url: `http://127.0.0.1:${port}`, state }
}

describe.skipIf(lacks).concurrent('on a libSQL server', () => {
  it('two receivers do everything once, and a server that says nothing makes Alertmanager come again', async context => {
    const stand = await startStand(context)
    const server = await startServer(path.join(stand.folder, 'server.db'), context)
    const database = { url: server.url, token: 'database-token' }
    const [one, other] = [await stand.start({ database }), await stand.start({ database })]
    const names = ['Down1End', 'Down2End', 'Down3End']
    for (const name of names)
      for (const receiver of [one, other]) expect((await notify(receiver, { name })).status).toBe(200)
    await stand.github.until(({ issues }) => issues.length === names.length)
    stand.ahead = 5 * MINUTE + 1_000
    await until(
      'all escalate',
      () => new Set(stand.alertmanager.posts.flat().map(({ labels }) => labels.alertname)).size === names.length,
    )
    for (const name of names) for (const receiver of [other, one]) await notify(receiver, { name, status: 'resolved' })
    await stand.github.until(({ issues }) =>
      issues.every(({ state, comments }) => state === 'closed' && comments.length === 1),
    )
    await stand.discord.until(({ posts }) => posts.length === 2 * names.length)
    const steps = await Promise.all([metricsOf(one), metricsOf(other)])
    const taken = steps.map(found => found['afn_alerts_escalations_total{severity="critical",step="1"}'] ?? 0)
    expect(taken.reduce((sum, count) => sum + count)).toBe(names.length)
    expect(server.state.statements).toBeGreaterThan(0)

    server.state.isSilent = true
    const answers = await Promise.all([notify(one, { name: 'Unheard' }), fetch(`${one.url}/healthz`)])
    expect(answers.map(({ status }) => status)).toEqual([503, 503])
    server.state.isSilent = false
    await until('it is well again', async () => (await notify(one, { name: 'Unheard' })).status === 200)
    await stand.github.until(({ issues }) => issues.length === names.length + 1)
  })

  it('whose token is wrong the receiver does not start, and says why', async context => {
    const stand = await startStand(context)
    const server = await startServer(path.join(stand.folder, 'server.db'), context)
    await expect(stand.start({ database: { url: server.url, token: 'wrong' } })).rejects.toThrow(/401/)
  })
})
