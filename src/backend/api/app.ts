// The HTTP API as one function from request to response: access checks, routing and error responses.
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { refusalOf } from '../access-policy'
import { Refused } from '../body'
import { reasonFor, tellFault } from '../faults'
import { PromqlError } from '../promql/error'
import { TraceqlError } from '../traceql/error'
import { exposition } from './metrics'
import { ownRoutes } from './own'
import { SUBJECT, subjectRefusal } from './own/subject'
import { servePage } from './page'
import type { Parts } from './parts'
import { prometheusError, prometheusRoutes } from './prometheus'
import { tempoRoutes } from './tempo'

export type App = Hono<{ Bindings: HttpBindings }>

export function createApp(parts: Parts): App {
  const app: App = new Hono()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(headersOfAll)) context.header(name, value)
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store')
  })
  app.use(async (context, next) => {
    const { headers, socket } = context.env.incoming
    const { path } = context.req
    const origin = { headers, path, localAddress: socket.localAddress }
    const refusal = path.startsWith(SUBJECT)
      ? subjectRefusal(origin, parts.access, parts.subject?.token)
      : refusalOf(origin, parts.access)
    if (refusal) throw new Refused(refusal.status, refusal.message)
    // The only route that changes data is the erasure of a person.
    const { method } = context.req
    const methods = methodsOf(path)
    if (!methods.includes(method)) throw new Refused(405, `method ${method} is not allowed; use ${methods[0]}`)
    return next()
  })
  app.get('/metrics', ({ text }) =>
    text(exposition(parts), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  )
  app.all('/mcp', ({ req }) => {
    if (parts.mcp) return parts.mcp(req.raw)
    throw new Refused(404, 'this server has no MCP endpoint')
  })
  app.route('/', tempoRoutes(parts))
  app.route('/api/afn', ownRoutes(parts))
  app.route('/api/v1', prometheusRoutes(parts))
  app.get('/api/*', ({ req }) => {
    throw new Refused(404, `not found: ${req.path}`)
  })
  app.get('*', ({ req }) => servePage(parts.page, new URL(req.url), req.header('accept')))
  app.onError((error, { req }) => answerOf(error, req.path))
  return app
}

/** The allowed methods. A stream has no response to HEAD, and Prometheus' API takes POST because a query may be too long for a URL. */
function methodsOf(path: string): readonly string[] {
  if (path.startsWith(SUBJECT)) return ['POST']
  if (path === '/mcp') return ['POST', 'GET', 'DELETE']
  if (path.startsWith('/api/afn/')) return ['GET']
  return path.startsWith('/api/v1/') ? ['GET', 'POST', 'HEAD'] : ['GET', 'HEAD']
}

/** The page may load only its own files and call only its own server, and no other page may embed it or read from it. */
const headersOfAll = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // no script can turn a text into markup, not even by mistake
    "require-trusted-types-for 'script'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

function refusal(error: Error): { status: number; message: string } {
  if (error instanceof Refused) return error
  if (error instanceof TraceqlError) return { status: 400, message: `invalid TraceQL query: ${error.message}` }
  if (error instanceof PromqlError) return { status: 422, message: error.message }
  // An error of DuckDB may quote the statement, which only the operator of the server should see.
  tellFault('a query failed', error)
  const reason = reasonFor(error)
  if (reason) return { status: 503, message: `query failed: ${reason}` }
  return { status: 500, message: 'query failed: internal error in afn-otel up; see its stderr' }
}

/** Errors are plain text on Tempo's routes, and JSON on our own and on Prometheus'. */
function answerOf(error: Error, path: string): Response {
  const refused = refusal(error)
  const { status, message } = refused
  const headers: Record<string, string> = {}
  if (status === 401) headers['www-authenticate'] = 'Basic realm="afn-otel", charset="UTF-8"'
  if (status === 405) headers.allow = methodsOf(path).join(', ')
  if (path.startsWith('/api/afn/')) return Response.json({ error: message }, { status, headers })
  if (path.startsWith('/api/v1/')) {
    const { status, body } = prometheusError(error, refused)
    return Response.json(body, { status, headers })
  }
  return new Response(message, { status, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' } })
}
