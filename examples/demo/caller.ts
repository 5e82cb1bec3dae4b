// The demo calls the chat server as an app would, so the root of each trace is a span of its own. Called by explore.ts.
import type { Talked } from './conversations'

/** OTLP in JSON. */
export function callerSpans(talked: readonly Talked[]): object {
  const spans = talked.flatMap(({ conversation, traceId, caller }) => {
    if (!traceId || !caller) return []
    const { spanId, startMs, endMs } = caller
    const times = { startTimeUnixNano: `${startMs}000000`, endTimeUnixNano: `${endMs}000000` }
    return [{ traceId, spanId, name: `ask ${conversation.name}`, kind: 3, ...times }]
  })
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'demo' } }] }
  return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }
}
