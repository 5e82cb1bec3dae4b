/** The span of one request, by the HTTP conventions, and the headers that go with it. */
import { actionSpan } from './action'
import { activeSpan } from './context'
import { way } from './delivery'
import type { MonitorOptions } from './options'
import { cleanUrl } from './redact'
import { type Span, startSpan } from './span'
import { recording } from './start'

export interface RequestSpan {
  readonly span: Span
  /** By `performance.now()`. */
  readonly started: number
  /** https://www.w3.org/TR/trace-context/; undefined where the server has not been named: a header more would ask it for permission first (CORS). */
  readonly traceparent: string | undefined
  /**
   * @param status of the answer; 0: there is none
   * @param error its name then; an abort is the app's wish
   */
  end(status: number, error?: string): void
}

type Watch = (response: Response, request: RequestSpan) => void
/** What is shown every answer of `fetch` before the app gets it. */
export const watchers: Watch[] = []

/** @returns undefined for our own requests, and in a session that isn't sampled: its requests go out as they are */
export function requestSpan(method: string, to: string, { propagateTo }: MonitorOptions): RequestSpan | undefined {
  const { href, origin, protocol, hostname, port } = new URL(to, document.baseURI)
  if (!protocol.startsWith('http') || href.startsWith(way.endpoint) || !recording()) return undefined
  const span = startSpan(
    method,
    {
      parent: activeSpan() ?? actionSpan(),
      attributes: {
        'http.request.method': method,
        'url.full': cleanUrl(href),
        'server.address': hostname,
        'server.port': Number(port) || undefined,
      },
    },
    3,
  )
  const { traceId, spanId } = span.context
  return {
    span,
    started: performance.now(),
    traceparent: origin === location.origin || propagateTo?.includes(origin) ? `00-${traceId}-${spanId}-01` : undefined,
    end(status, error = `${status}`) {
      span.setAttributes(status ? { 'http.response.status_code': status } : { 'error.type': error })
      if (error !== 'AbortError' && (status >= 400 || !status)) span.fail(error)
      span.end()
    },
  }
}
