// A door in front of a server that looks at nobody: requests of whom the guard lets in go on to it, all others are refused.
import { createServer, request as send } from 'node:http'
import { type AccessPolicy, refusalOf } from './guard'
import { type Listening, listen } from './listen'

/**
 * @param target base address of the server behind, with the path that it has there
 * @param port where the door listens; the host is the door's
 * @throws when the port is taken
 */
export function startProxy(target: URL, port: number, door: AccessPolicy): Promise<Listening> {
  const server = createServer((request, response) => {
    const { headers, socket, method, url = '/' } = request
    // links from elsewhere may lead to its pages
    const path = url.startsWith('/api/') ? url : '/'
    const refusal = refusalOf({ headers, path, localAddress: socket.localAddress }, door)
    if (refusal) {
      request.resume()
      response.writeHead(refusal.status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${refusal.message}\n`)
      return
    }
    const behind = send(
      { host: target.hostname, port: target.port, method, path: target.pathname.replace(/\/$/, '') + url, headers },
      answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    behind.once('error', () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502).end()
    })
    response.once('close', () => behind.destroy())
    request.pipe(behind)
  })
  return listen(server, port, door.host)
}
