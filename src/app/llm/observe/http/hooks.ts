// Configures OpenTelemetry's instrumentation of `http` to leave LLM calls to us. The preload sets this configuration, and afnNodeSDK() sets
// it on an instrumentation that it finds. An LLM call has one span, ours, and gets no trace headers; exports do not count as requests of
// the app.
import type { RequestOptions } from 'node:http'
import { context, type Span } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { addressAt } from './address'
import type { Head, HttpCalls } from './calls'

/** The options of its configuration that we use. */
export interface HttpConfig {
  ignoreOutgoingRequestHook?(request: RequestOptions): boolean
  requestHook?(span: Span, request: object): void
}

/** @param before hooks that the app configured */
export function httpInstrumentationConfig(calls: HttpCalls, before: HttpConfig = {}): HttpConfig {
  return {
    ignoreOutgoingRequestHook(request) {
      // a request of an exporter has no span anyway, but would be counted among the app's requests
      if (isTracingSuppressed(context.active())) return true
      if (before.ignoreOutgoingRequestHook?.(request)) return true
      const { method, path } = request
      const name = method?.toUpperCase()
      try {
        if (calls.mayBe(name, path ?? '/')) return calls.knows(headOf(request))
        if (!calls.mayBeSocket(name, path ?? '/', 'websocket')) return false
        const head = headOf(request)
        return calls.mayBeSocket(name, head.path, head.header('upgrade')) && calls.knowsSocket(head)
      } catch (error) {
        calls.trouble(error)
        return false
      }
    },
    requestHook(span, request) {
      before.requestHook?.(span, request)
      // incoming requests also arrive here, but only outgoing ones have a `path`
      const { method, path } = request as { method?: string; path?: unknown }
      if (typeof path === 'string' && calls.mayBe(method, path)) calls.traced(request, span)
    },
  }
}

function headOf({ path: target, protocol, hostname, host, port, headers }: RequestOptions): Head {
  const path = target ?? '/'
  const header = (wanted: string) => {
    const found = pairs(headers).find(([name]) => String(name).toLowerCase() === wanted)?.[1]
    return found === undefined ? null : String(found)
  }
  const name = header('host') ?? `${hostname ?? host ?? 'localhost'}${port ? `:${port}` : ''}`
  return { path, url: () => addressAt(`${protocol ?? 'http:'}//${name}`, path), header }
}

/** Headers may be a list of pairs, or of alternating names and values. */
function pairs(headers: RequestOptions['headers']): readonly (readonly unknown[])[] {
  if (!Array.isArray(headers)) return Object.entries(headers ?? {})
  if (Array.isArray(headers[0])) return headers as unknown as unknown[][]
  return headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []))
}
