// Traces as they come to rest, by server-sent events.
import { useEffect, useState } from 'preact/hooks'
import type { FoundTrace } from '../../api/answers'
import { type ApiError, getJson, url } from './client'
import { asApiError } from './use-answer'

/** Older ones fall off. */
const MOST = 2_000

export interface Tail {
  /** Newest first. */
  readonly traces: readonly FoundTrace[]
  /** While the connection is lost, which the browser mends by itself. */
  readonly broken: boolean
  readonly error: ApiError | undefined
}

const silent: Tail = { traces: [], broken: false, error: undefined }

export function useTail(query: string, live: boolean): Tail {
  const [tail, setTail] = useState(silent)
  useEffect(() => {
    setTail(silent)
    if (!live) return undefined
    const controller = new AbortController()
    const source = new EventSource(url('api/afn/tail', { q: query }))
    source.onopen = () => setTail(before => ({ ...before, broken: false }))
    source.onerror = () => {
      setTail(before => ({ ...before, broken: true }))
      // refused for good, without a word of why: a search of the same query is refused with one
      if (source.readyState === EventSource.CLOSED)
        getJson(url('api/search', { q: query, limit: 1 }), controller.signal).catch((error: unknown) => {
          if (!controller.signal.aborted) setTail({ ...silent, error: asApiError(error) })
        })
    }
    source.onmessage = ({ data }) => {
      const trace = JSON.parse(String(data)) as FoundTrace
      setTail(({ traces }) => ({ ...silent, traces: [trace, ...without(traces, trace)].slice(0, MOST) }))
    }
    return () => {
      controller.abort()
      source.close()
    }
  }, [query, live])
  return tail
}

/** A trace that got more spans comes again. */
function without(traces: readonly FoundTrace[], { traceID }: FoundTrace): FoundTrace[] {
  return traces.filter(trace => trace.traceID !== traceID)
}
