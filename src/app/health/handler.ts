// The answers in the shapes that servers and frameworks expect. Types are written out, since none of the frameworks is a dependency.
import type { Answers, Probe } from './probe-answers'

interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Of Express: the address before routers cut their own part off. */
  readonly originalUrl?: string
  readonly headers: { readonly authorization?: string | undefined }
}
interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown
  end(body?: string): unknown
}
interface KoaContext {
  readonly method: string
  readonly originalUrl: string
  readonly headers: { readonly authorization?: string | undefined }
  status: number
  body: unknown
  set(headers: Record<string, string>): void
}
interface HonoContext {
  readonly req: { readonly raw: Request }
  readonly env?: unknown
}
interface FastifyReply {
  code(status: number): unknown
  headers(headers: Record<string, string>): unknown
  send(body: unknown): unknown
}
interface FastifyInstance {
  readonly prefix: string
  // biome-ignore lint/suspicious/noExplicitAny: a route has many type parameters there
  route(options: any): unknown
}

type Next = () => Promise<unknown>

export interface HealthHandler {
  /**
   * For `node:http`, Express and Connect: `app.use(healthHandler())`, or
   * `createServer((request, response) => health(request, response, () => app(request, response)))`.
   * @param next called for what is no probe; without it such a request is answered with 404
   */
  (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void): Promise<void>
  /**
   * For Workers, Next.js route handlers, Bun and Deno. A request that is no probe is answered with 404. Never rejects.
   * @param bindings of a Worker, where the settings are
   */
  fetch(request: Request, bindings?: unknown): Promise<Response>
  /** `app.use(health.hono)` */
  hono(context: HonoContext, next: Next): Promise<Response | undefined>
  /** `app.use(health.koa)` */
  koa(context: KoaContext, next: Next): Promise<void>
  /** `app.register(health.fastify)`; its routes log nothing. */
  fastify(instance: FastifyInstance, options: unknown, done: (error?: Error) => void): void
  /** From now on `/health` and `/health/ready` answer 503: for a listener of the app's own, before it closes its server. */
  drain(): void
}

/** @param path of the three places, for frameworks that want to know routes */
export function createHandler(answers: Answers, path: string, drain: () => unknown): HealthHandler {
  const isProbe = ({ method, path }: Probe) => (method === 'GET' || method === 'HEAD') && answers.isOurs(path)

  async function handle(request: NodeRequest, response: NodeResponse, next?: () => void): Promise<void> {
    const probe = probeOf(request)
    if (next && !isProbe(probe)) return next()
    const { status, headers, body } = await answers.answer(probe)
    try {
      response.writeHead(status, headers)
      response.end(body)
    } catch {
      // somebody else has answered meanwhile
    }
  }

  async function respond(request: Request): Promise<Response> {
    const { status, headers, body } = await answers.answer(webProbe(request))
    return new Response(request.method === 'HEAD' ? null : body, { status, headers })
  }

  return Object.assign(handle, {
    fetch: respond,
    async hono({ req }: HonoContext, next: Next) {
      if (isProbe(webProbe(req.raw))) return respond(req.raw)
      await next()
      return undefined
    },
    async koa(context: KoaContext, next: Next) {
      const { method, originalUrl, headers } = context
      const probe = { method, path: originalUrl, authorization: headers.authorization }
      if (!isProbe(probe)) {
        await next()
        return
      }
      const answer = await answers.answer(probe)
      context.status = answer.status
      context.body = answer.body
      context.set(answer.headers)
    },
    fastify(instance: FastifyInstance, _options: unknown, done: (error?: Error) => void) {
      for (const place of ['', '/live', '/ready'])
        instance.route({
          method: ['GET', 'HEAD'],
          url: `${path}${place}`,
          exposeHeadRoute: false,
          logLevel: 'silent',
          async handler(request: NodeRequest, reply: FastifyReply) {
            const { status, headers, body } = await answers.answer({
              ...probeOf(request),
              // whatever a prefix made of it
              path: `${path}${place}`,
            })
            reply.code(status)
            reply.headers(headers)
            // bytes: to a text of JSON it would add a charset, which the type has not
            return reply.send(Buffer.from(body))
          },
        })
      done()
    },
    drain: () => void drain(),
  })
}

function probeOf({ method = 'GET', url = '/', originalUrl = url, headers }: NodeRequest): Probe {
  return { method, path: originalUrl, authorization: headers.authorization }
}

function webProbe({ method, url, headers }: Request): Probe {
  return { method, path: new URL(url).pathname, authorization: headers.get('authorization') ?? undefined }
}
