// A stand-in for a libSQL server: Hrana 2 over HTTP in front of a database in a file. libSQL's own client is both what executes the
// statements and what a test asks it with.
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { installOnce } from '../support/install.mjs'
import { root } from '../support/packed'
import { listen } from '../support/ports'

interface Client {
  execute(sql: string): Promise<{ columns: string[]; rows: Record<number, unknown>[] }>
  close(): void
}
interface Libsql {
  createClient(options: { url: string; authToken?: string }): Client
}

export function libsql(): Libsql {
  const folder = installOnce(path.join(root, 'test/health/libsql/package.json'), 'libsql')
  return createRequire(path.join(folder, 'package.json'))('@libsql/client')
}

export interface Hrana {
  url: string
  /** Statements so far. */
  statements: string[]
  /** What each request is answered with from now on: `hang` is never. */
  state: 'well' | 'hang' | 'broken' | 503
  close(): void
}

/** @param token without which nobody is served */
export async function startHrana(file: string, token?: string): Promise<Hrana> {
  const database = libsql().createClient({ url: `file:${file}` })
  const server: Server = createServer((request, response) => {
    const end = (status: number, body: object = {}) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', async () => {
      if (hrana.state === 'hang') return
      if (hrana.state === 503) return end(503)
      if (token && request.headers.authorization !== `Bearer ${token}`) return end(401, { error: 'unauthorized' })
      // a client asks so which version there is
      if (request.method === 'GET') return end(request.url === '/v2' ? 200 : 404)
      if (request.url !== '/v2/pipeline') return end(404)
      const { requests } = JSON.parse(Buffer.concat(chunks).toString())
      const results = []
      for (const one of requests) results.push(await execute(one))
      return end(200, { baton: null, base_url: null, results })
    })
  })
  async function execute({ type, stmt }: { type: string; stmt?: { sql: string } }): Promise<object> {
    if (type === 'close') return { type: 'ok', response: { type } }
    hrana.statements.push(stmt?.sql ?? '')
    try {
      if (hrana.state === 'broken') throw new Error('disk I/O error')
      const { columns, rows } = await database.execute(stmt?.sql ?? '')
      const value = (cell: unknown) =>
        cell === null ? { type: 'null' } : typeof cell === 'number' ? { type: 'integer', value: String(cell) } : { type: 'text', value: String(cell) } // biome-ignore format: one line
      const result = {
        cols: columns.map(name => ({ name, decltype: null })),
        rows: rows.map(row => columns.map((_, at) => value(row[at]))),
        affected_row_count: 0,
        last_insert_rowid: null,
      }
      return { type: 'ok', response: { type: 'execute', result } }
    } catch (error) {
      return { type: 'error', error: { message: String(error), code: 'SQLITE_IOERR' } }
    }
  }
  const hrana: Hrana = {
    url: `http://127.0.0.1:${await listen(server)}`,
    statements: [],
    state: 'well',
    close() {
      server.close()
      server.closeAllConnections()
      database.close()
    },
  }
  return hrana
}
