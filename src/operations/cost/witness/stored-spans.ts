/** The spans that the Claude API has sent to the store, Tempo or `afn-otel up`: one trace a line, as a file of them is read. */
import type { Span } from '../../../shared/calendar/period'
import { CLAUDE_PLATFORM } from '../../../shared/otlp/inside-of-call'
import { type Backend, getJson } from '../../../shared/queries/http'
import type { SearchResponse } from '../../../shared/queries/tempo-api'
import { detailed } from '../spend-from-traces'

export interface StoredSpans {
  /** OTLP JSON, as Tempo answers it. Empty where there are none. */
  readonly content: string
  /** Whether a second has more traces than a search returns. */
  readonly isPart: boolean
}

const MOST = 1_000
/** Traces that are read at once. */
const AT_ONCE = 8
const q = `{ instrumentation:name = "${CLAUDE_PLATFORM}" }`

/** @throws BackendError */
export async function storedSpans(span: Span, backend: Backend): Promise<StoredSpans> {
  const found = new Set<string>()
  let isPart = false

  async function look(start: number, end: number): Promise<void> {
    const window = { start: String(start), end: String(end), limit: String(MOST) }
    const { traces = [] } = (await getJson(backend, 'api/search', { q, ...window }, detailed)) as SearchResponse
    if (traces.length >= MOST && end - start > 1) {
      const middle = Math.floor((start + end) / 2)
      await look(start, middle)
      return look(middle, end)
    }
    isPart ||= traces.length >= MOST
    for (const { traceID } of traces) found.add(traceID.padStart(32, '0'))
  }

  await look(Math.floor(span.start / 1_000), Math.ceil(span.end / 1_000))
  const ids = [...found]
  const lines: string[] = []
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const traces = ids.slice(at, at + AT_ONCE).map(id => getJson(backend, `api/v2/traces/${id}`, { q }, detailed))
    lines.push(...(await Promise.all(traces)).map(trace => JSON.stringify(trace)))
  }
  return { content: lines.join('\n'), isPart }
}
