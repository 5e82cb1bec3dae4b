// Traces as they come to rest, by server-sent events. Called by the list of traces while it is live.
import { useEffect, useState } from 'preact/hooks'
import type { FoundTrace } from '../../local/api/answers'
import { url } from './client'

/** Older ones fall off. */
const MOST = 2_000

/** @returns newest first; `broken` while the connection is lost, which the browser mends by itself */
export function useTail(query: string, live: boolean): { traces: readonly FoundTrace[]; broken: boolean } {
  const [traces, setTraces] = useState<readonly FoundTrace[]>([])
  const [broken, setBroken] = useState(false)
  useEffect(() => {
    setTraces([])
    setBroken(false)
    if (!live) return undefined
    const source = new EventSource(url('api/afn/tail', { q: query }))
    source.onopen = () => setBroken(false)
    source.onerror = () => setBroken(true)
    source.onmessage = ({ data }) => {
      const trace = JSON.parse(String(data)) as FoundTrace
      setTraces(before => [trace, ...before.filter(({ traceID }) => traceID !== trace.traceID)].slice(0, MOST))
    }
    return () => source.close()
  }, [query, live])
  return { traces, broken }
}
