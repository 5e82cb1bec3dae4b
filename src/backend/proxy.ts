// Stands in front of a server that checks no request: what the guard lets through goes on to it, all else is refused.
import { createServer, request as send } from 'node:http'
import { type AccessPolicy, refusalOf } from './access-policy'
import { type Listening, listen } from './listen'

const NO_PAGE = /^\/(?:api|federate|metrics|debug|-)(?:\/|$)/

/** Without `//`, `.` and `..`: a server that redirects to the clean path would tell under which one it hides. */
function asked(url = '/'): Pick<URL, 'pathname' | 'search'> {
  const clean = url.replace(/^[^?#]*/, path => path.replace(/[\\/]+/g, '/'))
  const { pathname, search } = new URL(clean.startsWith('/') ? clean : '/', 'http://localhost')
  return { pathname: pathname.replace(/\/{2,}/g, '/'), search }
}

/**
 * @param target base address of the server behind, with the path that it has there
 * @param port where the proxy listens; the host is that of the policy
 * @throws when the port is taken
 */
export function startProxy(target: URL, port: number, access: AccessPolicy): Promise<Listening> {
  const server = createServer((request, response) => {
    const { headers, socket, method } = request
    const { pathname, search } = asked(request.url)
    // links from elsewhere may lead to its pages
    const path = NO_PAGE.test(pathname) ? pathname : '/'
    const refusal = refusalOf({ headers, path, localAddress: socket.localAddress }, access)
    if (refusal) {
      request.resume()
      response.writeHead(refusal.status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${refusal.message}\n`)
      return
    }
    const behind = send(
      {
        host: target.hostname,
        port: target.port,
        method,
        path: target.pathname.replace(/\/$/, '') + pathname + search,
        headers,
      },
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
  return listen(server, port, access.host)
}
