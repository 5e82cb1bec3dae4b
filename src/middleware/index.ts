/**
 * `@afn/otel/middleware`: health endpoints, a log line for each request, and ids by which the lines of a request are found, in one line of
 * an app. It composes `@afn/otel/health` and `@afn/otel/logs`, which can be used one by one.
 */
import { randomUUID } from 'node:crypto'
import { type Context, context } from '@opentelemetry/api'
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_URL_PATH,
} from '@opentelemetry/semantic-conventions'
import type { Logger } from 'pino'
import { type HealthHandler, healthHandler } from '../health'
import { type SetupOptions, setupObservabilityLogging } from '../logs'

export interface ObservabilityOptions extends SetupOptions {
  /** Where the health endpoints are, as clients ask for them; `false` for none. Default `/health`. */
  health?: string | false
}

interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly originalUrl?: string
  readonly headers: Record<string, string | string[] | undefined>
  readonly baseUrl?: string
  readonly route?: { readonly path?: unknown }
  log?: unknown
}
interface NodeResponse {
  readonly statusCode: number
  readonly writableFinished: boolean
  readonly headersSent: boolean
  setHeader(name: string, value: string): unknown
  writeHead(status: number, headers: Record<string, string>): unknown
  end(body?: string): unknown
  once(event: 'close', listener: () => void): unknown
}
interface HonoContext {
  readonly req: { readonly raw: Request; readonly routePath?: string; header(name: string): string | undefined }
  readonly res: { readonly status: number }
  header(name: string, value: string): void
  // biome-ignore lint/suspicious/noExplicitAny: what an app puts there is typed by the app
  set(name: any, value: any): void
}
interface FastifyRequest {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string | string[] | undefined>
  readonly routeOptions?: { readonly url?: string | undefined }
}
interface FastifyReply {
  readonly statusCode: number
  readonly raw: { once(event: 'close', listener: () => void): unknown; readonly writableFinished: boolean }
  header(name: string, value: string): unknown
}
interface FastifyInstance {
  // biome-ignore lint/suspicious/noExplicitAny: hooks and plugins have many type parameters there
  addHook(name: 'onRequest', hook: any): unknown
  // biome-ignore lint/suspicious/noExplicitAny: as above
  register(plugin: any): unknown
}

export interface Observability {
  /** `app.use(observability())`, for Express and Connect. Each request has its logger as `request.log`. */
  (request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void): void
  /** `app.register(observed.fastify)` */
  fastify(instance: FastifyInstance, options: unknown, done: (error?: Error) => void): void
  /** `app.use(observed.hono)`. Each request has its logger as `context.get('logger')`. */
  hono(context: HonoContext, next: () => Promise<unknown>): Promise<Response | undefined>
  /** The logger of the app. */
  readonly logger: Logger
  /** Of the health endpoints; absent where there are none. */
  readonly health: HealthHandler | undefined
}

interface Observed {
  readonly id: string
  readonly log: Logger
  /** @param route the template of the path, where it is known */
  ended(status: number, isWhole: boolean, route: string | undefined): void
}

/** An id that came with a request, from anybody. */
const ID = /^[\w.:+/=-]{1,128}$/
const HEADER = 'x-request-id'

/**
 * Health endpoints, and a line in the log for each request: method, path without its query, route, status and duration; an error from
 * status 500 on. `x-request-id` of the request, or a new one, stands in each line of the request's logger and in the answer.
 * Probes make no line.
 * @throws Error as createLogger() does
 * @example
 * app.use(observability()) // Express
 * @example
 * app.register(observability().fastify)
 * @example
 * app.use(observability().hono)
 */
export function observability({ health: place = '/health', ...given }: ObservabilityOptions = {}): Observability {
  const logger = setupObservabilityLogging(given)
  const health = place === false ? undefined : healthHandler({ path: place })

  function observe(method: string, url: string, given: string | string[] | undefined): Observed {
    const id = typeof given === 'string' && ID.test(given) ? given : randomUUID()
    const log = logger.child({ request_id: id })
    const [path, start, of] = [url.split('?', 1)[0] as string, performance.now(), context.active()]
    const ended: Observed['ended'] = (status, isWhole, route) => {
      const fields = {
        [ATTR_HTTP_REQUEST_METHOD]: method,
        [ATTR_URL_PATH]: path,
        ...(route !== undefined && { [ATTR_HTTP_ROUTE]: route }),
        [ATTR_HTTP_RESPONSE_STATUS_CODE]: status,
        duration_ms: Math.round((performance.now() - start) * 10) / 10,
      }
      write(log, of, fields, status >= 500 ? 'error' : isWhole ? 'info' : 'warn', isWhole)
    }
    return { id, log, ended }
  }

  function handle(request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void): void {
    const go = () => {
      const { method = 'GET', url = '/', originalUrl = url, headers } = request
      const { id, log, ended } = observe(method, originalUrl, headers[HEADER])
      request.log ??= log
      if (!response.headersSent) response.setHeader(HEADER, id)
      response.once('close', () => ended(response.statusCode, response.writableFinished, routeOf(request)))
      next()
    }
    if (health) void health(request as Parameters<HealthHandler>[0], response, go)
    else go()
  }

  function fastify(instance: FastifyInstance, _: unknown, done: (error?: Error) => void): void {
    if (health) instance.register(health.fastify)
    instance.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, next: () => void) => {
      const route = request.routeOptions?.url
      if (!isProbe(route, place)) {
        const { id, ended } = observe(request.method, request.url, request.headers[HEADER])
        reply.header(HEADER, id)
        reply.raw.once('close', () => ended(reply.statusCode, reply.raw.writableFinished, route))
      }
      next()
    })
    done()
  }
  // for the whole app, as a plugin of fastify-plugin's
  Object.assign(fastify, { [Symbol.for('skip-override')]: true })

  async function hono(of: HonoContext, next: () => Promise<unknown>): Promise<Response | undefined> {
    const go = async () => {
      const { raw } = of.req
      const { id, log, ended } = observe(raw.method, new URL(raw.url).pathname, of.req.header(HEADER))
      of.set('logger', log)
      await next()
      of.header(HEADER, id)
      ended(of.res.status, true, undefined)
    }
    if (health) return health.hono(of, go)
    await go()
    return undefined
  }

  return Object.assign(handle, { fastify, hono, logger, health })
}

/** With the ids of the request's span, wherever the end of the answer was noticed. */
function write(log: Logger, of: Context, fields: object, level: 'info' | 'warn' | 'error', isWhole: boolean): void {
  context.with(of, () => log[level](fields, isWhole ? 'request completed' : 'request ended before its answer'))
}

/** Of Express: what routers cut off, and the pattern of the last one. */
function routeOf({ baseUrl = '', route }: NodeRequest): string | undefined {
  return typeof route?.path === 'string' ? `${baseUrl}${route.path}` : undefined
}

const isProbe = (route: string | undefined, place: string | false): boolean =>
  place !== false && ['', '/live', '/ready'].some(end => route === `${place}${end}`)
