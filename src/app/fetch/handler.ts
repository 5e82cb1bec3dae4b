// A Worker's handlers with a span of each event, whose telemetry is sent behind the answer.
import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { OtelOptions } from './options'
import { createOtel, type Otel } from './otel'

/** As Workers and Vercel's functions have it. */
export interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void
}

type Work = (event: never, env: never, ctx: never) => unknown

/** The handlers of a Worker; of others than these nothing is seen. */
export interface Handlers {
  fetch?: Work
  scheduled?: Work
  queue?: Work
}

/** Bindings of a Worker, where the app has no type of its own for them. */
// biome-ignore lint/suspicious/noExplicitAny: a binding is a text, a namespace or a service; which, only the app's configuration says
export type Bindings = Readonly<Record<string, any>>

/**
 * The handlers, each with a span around it, `globalThis.fetch` observed, and a flush with `waitUntil` when the spans of the event have ended.
 * @param options or a function that makes them of the bindings, called with the first event
 * @example
 * export default instrument({ async fetch(request, env, ctx) { … } }, env => ({ serviceName: 'chat', exporter: { url: env.OTLP_URL } }))
 */
export function instrument<H extends Handlers, Env = Bindings>(
  handlers: H,
  options: OtelOptions | ((env: Env) => OtelOptions),
): H {
  let otel: Otel | undefined
  const begin = (env: unknown): Otel => {
    if (!otel) {
      otel = createOtel(typeof options === 'function' ? options(env as Env) : options)
      otel.patchFetch()
    }
    return otel
  }
  const kinds = { fetch: ofRequest, scheduled: ofSchedule, queue: ofQueue }
  const wrapped: Record<string, unknown> = {}
  for (const [name, describe] of Object.entries(kinds)) {
    const work = handlers[name as keyof Handlers] as ((...args: unknown[]) => unknown) | undefined
    if (typeof work !== 'function') continue
    wrapped[name] = (event: unknown, env: unknown, ctx: unknown) =>
      observed(begin(env), describe(event as never), ctx as ExecutionContext, () =>
        Reflect.apply(work, handlers, [event, env, ctx]),
      )
  }
  return { ...handlers, ...wrapped }
}

interface Described {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Attributes
  readonly parent?: SpanContext | undefined
}

async function observed(
  otel: Otel,
  { name, kind, attributes, parent }: Described,
  ctx: ExecutionContext | undefined,
  work: () => unknown,
): Promise<unknown> {
  const above = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
  const span = otel.tracer.startSpan(name, { kind, attributes }, above)
  try {
    const result = await context.with(trace.setSpan(above, span), work)
    if (result instanceof Response) answered(span, result)
    return result
  } catch (error) {
    span.recordException(error as Error)
    span.setAttribute('error.type', (error as Error | undefined)?.name ?? '_OTHER')
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) })
    throw error
  } finally {
    span.end()
    // behind the answer, whose body may be read for long
    const flushed = otel.flush(span.spanContext().traceId)
    if (typeof ctx?.waitUntil === 'function') ctx.waitUntil(flushed)
  }
}

function answered(span: Span, { status }: Response): void {
  span.setAttribute('http.response.status_code', status)
  if (status < 500) return
  span.setAttribute('error.type', String(status))
  span.setStatus({ code: SpanStatusCode.ERROR })
}

const METHODS = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|QUERY)$/

/** Without the query, in which tokens stand. */
function ofRequest({ method, url, headers }: Request): Described {
  const { protocol, hostname, port, pathname } = new URL(url)
  const known = METHODS.test(method) ? method : '_OTHER'
  return {
    name: known === '_OTHER' ? 'HTTP' : known,
    kind: SpanKind.SERVER,
    attributes: {
      'http.request.method': known,
      'url.scheme': protocol.slice(0, -1),
      'url.path': pathname,
      'server.address': hostname,
      ...(port && { 'server.port': Number(port) }),
    },
    parent: parentOf(headers.get('traceparent')),
  }
}

function ofSchedule({ cron }: { cron?: string }): Described {
  const attributes = { 'faas.trigger': 'timer', ...(cron && { 'faas.cron': cron }) }
  return { name: `scheduled ${cron ?? ''}`.trim(), kind: SpanKind.INTERNAL, attributes }
}

function ofQueue({ queue, messages }: { queue: string; messages?: readonly unknown[] }): Described {
  const attributes = {
    'messaging.system': 'cloudflare',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queue,
    ...(messages && { 'messaging.batch.message_count': messages.length }),
  }
  return { name: `process ${queue}`, kind: SpanKind.CONSUMER, attributes }
}

/** W3C Trace Context; undefined for what is none. */
function parentOf(traceparent: string | null): SpanContext | undefined {
  const [, version, traceId, spanId, flags] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-|$)/.exec(traceparent ?? '') ?? []
  if (!traceId || !spanId || version === 'ff') return undefined
  const found = { traceId, spanId, traceFlags: Number.parseInt(flags as string, 16) & 1, isRemote: true }
  return trace.isSpanContextValid(found) ? found : undefined
}
