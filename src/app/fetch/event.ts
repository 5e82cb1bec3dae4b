// An event that a runtime hands to the app, with a span around what the app does for it.
import {
  type Attributes,
  type Context,
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

let shared: Otel | undefined

/** The one of this process: `globalThis.fetch` is observed once, whatever is instrumented. */
export function begin<Env>(options: OtelOptions | ((env: Env) => OtelOptions), env: Env): Otel {
  if (!shared) {
    shared = createOtel(typeof options === 'function' ? options(env) : options)
    shared.patchFetch()
  }
  return shared
}

export interface Described {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Attributes
  readonly parent?: SpanContext | undefined
}

export async function observed(
  otel: Otel,
  { name, kind, attributes, parent }: Described,
  ctx: ExecutionContext | undefined,
  work: () => unknown,
  within: Context = ROOT_CONTEXT,
): Promise<unknown> {
  const above = parent ? trace.setSpanContext(within, parent) : within
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
export function ofRequest({ method, url, headers }: Request): Described {
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

/** W3C Trace Context; undefined for what is none. */
function parentOf(traceparent: string | null): SpanContext | undefined {
  const [, version, traceId, spanId, flags] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-|$)/.exec(traceparent ?? '') ?? []
  if (!traceId || !spanId || version === 'ff') return undefined
  const found = { traceId, spanId, traceFlags: Number.parseInt(flags as string, 16) & 1, isRemote: true }
  return trace.isSpanContextValid(found) ? found : undefined
}
