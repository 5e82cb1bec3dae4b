/** Reads the spans of the Claude API that are stored in Tempo or `afn-otel up`, as one trace per line, like a file of them. */
import type { Span } from '../../../shared/calendar/period'
import { CLAUDE_PLATFORM } from '../../../shared/otlp/inside-of-call'
import type { Backend } from '../../../shared/queries/http'
import { readTraces, searchWhole } from '../../../shared/queries/search-whole'
import { secondsAround } from '../../../shared/queries/window'
import { detailed } from '../spend-from-traces'

export interface StoredSpans {
  /** OTLP JSON from Tempo. Empty if there are none. */
  readonly content: string
  /** Whether a single second has more traces than a search returns. */
  readonly isPart: boolean
}

const MOST = 1_000
const query = `{ instrumentation:name = "${CLAUDE_PLATFORM}" }`

/** @throws BackendError */
export async function storedSpans(span: Span, backend: Backend): Promise<StoredSpans> {
  const ids = new Set<string>()
  const window = secondsAround(span)
  const isPart = await searchWhole({ backend, query, window, headers: detailed, most: MOST }, ({ traceID }) =>
    ids.add(traceID.padStart(32, '0')),
  )
  const lines: string[] = []
  for await (const traces of readTraces(backend, [...ids], { q: query }, detailed))
    lines.push(...traces.map(trace => JSON.stringify(trace)))
  return { content: lines.join('\n'), isPart }
}
