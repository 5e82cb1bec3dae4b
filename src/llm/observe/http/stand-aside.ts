// How OpenTelemetry's instrumentation of `http` steps aside. Given to it by the preload, and by afnNodeSDK() to the one that
// it finds: an LLM call has one span, ours, and gets no trace headers; an export is no request of the app.
import type { RequestOptions } from 'node:http'
import { context, type Span } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import type { Head, HttpCalls } from './calls'

/** What we use of its configuration. */
export interface HttpConfig {
  ignoreOutgoingRequestHook?(request: RequestOptions): boolean
  requestHook?(span: Span, request: object): void
}

/** @param before hooks that the application gave it */
export function leavesLlmCalls(calls: HttpCalls, before: HttpConfig = {}): HttpConfig {
  return {
    ignoreOutgoingRequestHook(request) {
      // an exporter's: it gets no span anyhow, but would be counted among the app's requests
      if (isTracingSuppressed(context.active())) return true
      if (before.ignoreOutgoingRequestHook?.(request)) return true
      const { method, path } = request
      if (!calls.mayBe(method?.toUpperCase(), path ?? '/')) return false
      try {
        return calls.knows(headOf(request))
      } catch (error) {
        calls.trouble(error)
        return false
      }
    },
    requestHook(span, request) {
      before.requestHook?.(span, request)
      // incoming requests come here, too; they are not written to
      const { method, path } = request as { method?: string; path?: unknown }
      if (typeof path === 'string' && calls.mayBe(method, path)) calls.traced(request, span)
    },
  }
}

function headOf({ path: given, protocol, hostname, host, port, headers }: RequestOptions): Head {
  const path = given ?? '/'
  const header = (wanted: string) => {
    const found = pairs(headers).find(([name]) => String(name).toLowerCase() === wanted)?.[1]
    return found === undefined ? null : String(found)
  }
  const name = header('host') ?? `${hostname ?? host ?? 'localhost'}${port ? `:${port}` : ''}`
  return { path, url: () => new URL(path, `${protocol ?? 'http:'}//${name}`), header }
}

/** Headers may be a list of pairs, or of names and values in turn. */
function pairs(headers: RequestOptions['headers']): readonly (readonly unknown[])[] {
  if (!Array.isArray(headers)) return Object.entries(headers ?? {})
  if (Array.isArray(headers[0])) return headers as unknown as unknown[][]
  return headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []))
}
