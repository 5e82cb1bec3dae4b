// A proxy in front of a server without access checks: it forwards allowed requests and refuses all others.
import { createServer, request as send } from 'node:http'
import { type AccessPolicy, refusalOf } from './access-policy'
import { type Listening, listen } from './listen'

const NO_PAGE = /^\/(?:api|federate|metrics|debug|-)(?:\/|$)/

/** Removes `//`, `.` and `..`, because the server would redirect to the clean path and so reveal its secret path prefix. */
function asked(url = '/'): Pick<URL, 'pathname' | 'search'> {
  const clean = url.replace(/^[^?#]*/, path => path.replace(/[\\/]+/g, '/'))
  const { pathname, search } = new URL(clean.startsWith('/') ? clean : '/', 'http://localhost')
  return { pathname: pathname.replace(/\/{2,}/g, '/'), search }
}

/**
 * @param target base URL of the server, including its path prefix
 * @param port of the proxy; the policy has the host
 * @throws if the port is in use
 */
export function startProxy(target: URL, port: number, access: AccessPolicy): Promise<Listening> {
  const server = createServer((request, response) => {
    const { headers, socket, method } = request
    const { pathname, search } = asked(request.url)
    // links from other sites may lead to its pages
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
