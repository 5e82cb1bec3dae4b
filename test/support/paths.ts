// The tree of received spans as text, for tests that compare it.
import type { ReceivedSpan } from './receiver'

/** Of each span its name behind those above it, `agent > tool`, sorted. */
export function pathsOf(spans: ReceivedSpan[]): string[] {
  const pathOf = (span: ReceivedSpan): string => {
    const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
    return parent ? `${pathOf(parent)} > ${span.name}` : span.name
  }
  return spans.map(pathOf).sort()
}
