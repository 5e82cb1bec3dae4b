// A fake of the part of LangFuse that lists observations and deletes traces. Written by us after LangFuse v4.16:
// fern/apis/server/definition/{observations,trace}.yml, and the limits of web/src/features/public-api/types. A real one needs
// ClickHouse, Postgres, Redis and S3.
import { createServer } from 'node:http'
import { listen } from './ports'

export interface Observation {
  readonly traceId: string | null
  readonly startTime: Date
}

export interface Refusal {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: object
}

/** @param observations what is stored; a trace that is deleted takes its observations along, at once */
export async function startLangfuseStore(observations: Observation[], authorization: string) {
  /** Answers of the next requests, before it answers by itself again. */
  const refusals: Refusal[] = []
  /** `METHOD path`, of all requests. */
  const asked: string[] = []
  const batches: string[][] = []
  let stored = [...observations]

  function list(search: URLSearchParams): Refusal {
    const limit = Number(search.get('limit') ?? 50)
    if (limit > 1_000) return { status: 400 }
    const from = search.get('cursor') ? Number(Buffer.from(search.get('cursor')!, 'base64')) : Number.POSITIVE_INFINITY
    const before = Date.parse(search.get('toStartTime') ?? '')
    const found = stored
      .filter(({ startTime }) => startTime.getTime() < before && startTime.getTime() < from)
      .sort((a, b) => b.startTime.getTime() - a.startTime.getTime())
    const data = found.slice(0, limit)
    const meta =
      found.length > limit ? { cursor: Buffer.from(`${data.at(-1)!.startTime.getTime()}`).toString('base64') } : {}
    return { status: 200, body: { data, meta } }
  }

  function remove({ traceIds }: { traceIds: string[] }): Refusal {
    if (traceIds.length < 1 || traceIds.length > 1_000) return { status: 400 }
    batches.push(traceIds)
    stored = stored.filter(({ traceId }) => !traceIds.includes(traceId ?? ''))
    return { status: 200, body: { message: 'Traces deleted successfully' } }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
      asked.push(`${request.method} ${pathname}`)
      const answer = (): Refusal => {
        if (request.headers.authorization !== authorization)
          return { status: 401, body: { message: 'Invalid credentials' } }
        if (asked.at(-1) === 'GET /api/public/v2/observations') return list(searchParams)
        if (asked.at(-1) === 'DELETE /api/public/traces') return remove(JSON.parse(Buffer.concat(chunks).toString()))
        return { status: 404 }
      }
      const { status, headers, body = { message: 'no' } } = refusals.shift() ?? answer()
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    })
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  return { url, asked, batches, refusals, stored: () => stored, close: () => server.close() }
}
