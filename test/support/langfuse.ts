// A fake of LangFuse's ingestion endpoint. Its requests come from LangFuse's own client; what it answers is written
// by us after its API.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Ingestion {
  readonly authorization: string
  readonly batch: readonly { type: string; body: Record<string, unknown> }[]
}

/** @param statuses of the answers, in turn; the last for all that follow. `hang` is none */
export async function startLangfuse(statuses: readonly (number | 'hang')[] = [207]) {
  const requests: Ingestion[] = []
  const paths = new Set<string>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const { batch } = JSON.parse(Buffer.concat(chunks).toString())
      requests.push({ authorization: String(request.headers.authorization), batch })
      paths.add(`${request.method} ${request.url}`)
      const status = statuses[Math.min(requests.length, statuses.length) - 1]
      if (status === 'hang' || status === undefined) return
      const errors = status === 207 ? [] : [{ id: 'x', status, message: 'no such project' }]
      // a batch that is refused in part is answered as one that is not
      response.writeHead(status === 400 ? 207 : status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ successes: [], errors }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    paths,
    /** What came, each once for each time that it came. */
    scores: () => requests.flatMap(({ batch }) => batch.map(({ body }) => body)),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
