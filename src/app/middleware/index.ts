/**
 * `@afn/otel/middleware`: a line of the log for each request, an identifier that joins all lines of a request, and the health endpoints, by one
 * line in Express, Fastify or Hono.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Context, context, trace } from '@opentelemetry/api'
import { getRPCMetadata } from '@opentelemetry/core'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_HEADER,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions'
import { reason, report } from '../../shared/diag/report'
import { healthHandler } from '../health'
import { pathOf } from '../health/probe-answers'
import { createLogger } from '../logs'
import { isProbe } from '../probes'
import { type ExpressRequest, expressRoute } from './express-route'
import { REQUEST_ID_HEADER, requestFields, requestIdOf, withRequestId } from './request-id'

export { requestFields } from './request-id'

type Write = (fields: object, message: string) => unknown

/** Loggers of pino, bunyan and Fastify are such. */
export interface RequestLogger {
  debug: Write
  info: Write
  error: Write
}

export interface ObservabilityOptions {
  /** Writes the line of each request. Default a `createLogger()` of `@afn/otel/logs` with `requestFields`. */
  logger?: RequestLogger
  /** Path of the health endpoints as clients ask for it; `false` for none, where the app has its own. Default `/health`. */
  health?: string | false
}

interface HonoContext {
  readonly req: {
    readonly raw: Request
    readonly method: string
    readonly path: string
    readonly routePath: string
    readonly routeIndex: number
    header(name: string): string | undefined
  }
  readonly res: Response
  header(name: string, value: string): void
}
interface FastifyRequest {
  readonly raw: IncomingMessage
  readonly routeOptions?: { readonly url?: string | undefined }
}
interface FastifyInstance {
  readonly prefix: string
  // biome-ignore lint/suspicious/noExplicitAny: a route has many type parameters there
  route(options: any): unknown
  hasRoute(options: { method: 'GET'; url: string }): boolean
  // biome-ignore lint/suspicious/noExplicitAny: a hook has as many
  addHook(name: any, hook: any): unknown
}

export interface Observability {
  /** For Express and Connect: `app.use(observability())`, before the routes. */
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void
  /** `app.register(observability().fastify)` */
  fastify(instance: FastifyInstance, options: unknown, done: (error?: Error) => void): void
  /** `app.use(observability().hono)`. The duration ends when there is a response; its body may still be on its way. */
  // biome-ignore lint/suspicious/noConfusingVoidType: Hono's own type
  hono(context: HonoContext, next: () => Promise<void>): Promise<Response | void>
}

interface ServedRequest {
  readonly id: string
  readonly method: string
  readonly isProbe: boolean
  /** Of `performance`. */
  readonly startedAt: number
  readonly context: Context
}

/**
 * Writes one line for each request that has been answered: method, template of the route, status, duration in ms and the ids of the trace;
 * at `error` from status 500 on, at `debug` for probes, else at `info`. No path, no query and no body is in it.
 *
 * `x-request-id` is taken from the request where it has at most 255 letters, digits, `_`, `-` or `=`, else made; it is in the response,
 * on the span of the server and in the lines of the logger while the request is answered. `/health`, `/health/live` and `/health/ready`
 * answer as those of `healthHandler()`.
 * @returns for one app; nothing of it throws. What fails is said once on stderr (AFN196), and the request is served without it
 * @example
 * app.use(observability()) // Express
 * @example
 * app.register(observability().fastify)
 * @example
 * app.use(observability({ health: '/api/health' }).hono)
 */
export function observability({ logger, health: path = '/health' }: ObservabilityOptions = {}): Observability {
  const log = logger ?? harmless(() => createLogger({ options: { mixin: requestFields } }))
  const health = path === false ? undefined : harmless(() => healthHandler({ path }))

  function begin(method: string, url: string | undefined, sentId: unknown): ServedRequest {
    const id = requestIdOf(sentId)
    const active = context.active()
    const span = getRPCMetadata(active)?.span ?? trace.getSpan(active)
    span?.setAttribute(ATTR_HTTP_RESPONSE_HEADER(REQUEST_ID_HEADER), [id])
    return { id, method, isProbe: isProbe(method, url), startedAt: performance.now(), context: active }
  }

  function write(served: ServedRequest, route: string | undefined, status: number | undefined): void {
    const { id, method, isProbe, startedAt } = served
    const fields = {
      [ATTR_HTTP_REQUEST_METHOD]: method,
      ...(route && { [ATTR_HTTP_ROUTE]: route }),
      ...(status ? { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status } : { [ATTR_ERROR_TYPE]: 'aborted' }),
      duration_ms: Math.round((performance.now() - startedAt) * 1_000) / 1_000,
      request_id: id,
    }
    const level = isProbe ? 'debug' : status && status >= 500 ? 'error' : 'info'
    const message = [method, route, status ?? 'aborted'].filter(Boolean).join(' ')
    // the events of a response come from its socket, which knows nothing of the request
    context.with(served.context, () => withRequestId(id, () => log?.[level](fields, message)))
  }

  function observe(
    request: IncomingMessage,
    response: ServerResponse,
    routeOf: (traced?: string) => string | undefined,
  ) {
    const url = (request as { originalUrl?: string }).originalUrl ?? request.url
    const served = begin(request.method ?? 'GET', url, request.headers[REQUEST_ID_HEADER])
    if (!response.headersSent) response.setHeader(REQUEST_ID_HEADER, served.id)
    // Node's warning about many listeners is about the app's
    const most = response.getMaxListeners()
    if (most > 0) response.setMaxListeners(most + 1)
    let isWritten = false
    const end = () => {
      if (isWritten) return
      isWritten = true
      const status = response.writableFinished ? response.statusCode : undefined
      harmless(() => write(served, routeOf(getRPCMetadata(served.context)?.route), status))
    }
    response.once('finish', end).once('close', end)
    return served
  }

  const connect: (...args: Parameters<Observability>) => void = (request, response, next) => {
    const served = harmless(() => observe(request, response, traced => expressRoute(request as ExpressRequest, traced)))
    if (!served) return next()
    const serve = served.isProbe && health ? () => void health(request, response, next) : next
    // without arguments: Express takes the first one for an error
    withRequestId(served.id, () => serve())
  }

  function fastify(instance: FastifyInstance, options: unknown, done: (error?: Error) => void): void {
    const ids = new WeakMap<IncomingMessage, string>()
    instance.addHook('onRequest', (request: FastifyRequest, reply: { raw: ServerResponse }, next: () => void) => {
      const served = harmless(() => observe(request.raw, reply.raw, () => request.routeOptions?.url))
      if (!served) return next()
      ids.set(request.raw, served.id)
      withRequestId(served.id, next)
    })
    // a body is read by events of the socket, which know nothing of the request
    instance.addHook('preValidation', ({ raw }: FastifyRequest, _reply: unknown, next: () => void) => {
      const id = ids.get(raw)
      if (id === undefined) return next()
      withRequestId(id, next)
    })
    if (!health) return done()
    // a second route of the same path would end the app's start
    const base = pathOf(`${path}`)
    const taken = ['', '/live', '/ready']
      .map(place => `${base}${place}`)
      .find(url => harmless(() => instance.hasRoute({ method: 'GET', url })))
    if (taken) {
      report(
        'AFN196',
        `the app has a route ${taken} of its own, so that there are no health endpoints of ours; name another path`,
      )
      return done()
    }
    health.fastify(instance, options, done)
  }

  async function hono(c: HonoContext, next: () => Promise<void>) {
    const { req } = c
    const own = req.routeIndex
    const served = harmless(() => {
      const served = begin(req.method, req.path, req.header(REQUEST_ID_HEADER))
      c.header(REQUEST_ID_HEADER, served.id)
      return served
    })
    if (!served) return next()
    let status: number | undefined = 500
    try {
      if (served.isProbe && health) {
        const answer = await withRequestId(served.id, () => health.hono(c, next))
        status = (answer ?? c.res).status
        return answer
      }
      await withRequestId(served.id, next)
      status = c.res.status
      return undefined
    } finally {
      harmless(() => write(served, req.routeIndex === own ? undefined : req.routePath, status))
    }
  }

  return Object.assign(connect, { fastify: wholeApp(fastify), hono })
}

/** For Fastify: hooks of a plugin are for routes of the same plugin alone, without this. */
const wholeApp = <T extends object>(plugin: T): T => Object.assign(plugin, { [Symbol.for('skip-override')]: true })

function harmless<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    report(
      'AFN196',
      `observability() could not do a part of its work (${reason(error)}); requests are served all the same`,
    )
    return undefined
  }
}
