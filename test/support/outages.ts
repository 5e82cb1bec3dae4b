// Stands before a server and has outages, as networks, gateways and the server itself have them.
import http from 'node:http'
import https from 'node:https'
import { listen } from './ports'

export type Fault =
  /** Answered in its place. */
  | number
  /** The connection ends before there is an answer. */
  | 'no answer'
  /** The server gets the request and the answer is lost. */
  | 'lost answer'

export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
  /** What it was answered with; 0 for nothing. */
  status: number
}

export async function startOutages(target: string) {
  const seen: Seen[] = []
  const state: { fault: Fault | undefined } = { fault: undefined }
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const { host: _, ...passedOn } = headers
      const one: Seen = { method, url, headers, body: Buffer.concat(chunks), status: 0 }
      seen.push(one)
      const { fault } = state
      const answer = (status: number, of: http.IncomingHttpHeaders = {}) => {
        one.status = status
        return response.writeHead(status, of)
      }
      if (typeof fault === 'number') return answer(fault).end('{}')
      if (fault === 'no answer') return response.destroy()
      const upstream = (target.startsWith('https:') ? https : http).request(
        new URL(url, target),
        { method, headers: passedOn },
        from => {
          if (fault === 'lost answer') return from.resume().on('end', () => response.destroy())
          from.pipe(answer(from.statusCode ?? 0, from.headers))
        },
      )
      upstream.on('error', () => response.destroy())
      upstream.end(one.body)
    })
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  return {
    url,
    seen,
    state,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
