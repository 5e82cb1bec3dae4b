// `GET /api/afn/tail`: streams traces as server-sent events once they get no new spans.
import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { amongTraces, traceIdOf } from '../../store/columns'
import { cancellable } from '../../store/store'
import { parse } from '../../traceql/parse'
import type { Parts } from '../parts'
import { endOf } from '../request-deadline'
import { searchAnswer } from '../tempo/search'

/** Milliseconds. Proxies close silent connections. */
const heartbeatMs = 15_000
/** Maximum traces per batch; a page can't show more at that speed. */
const mostAtOnce = 100

/** @throws TraceqlError before the stream begins */
export function tail(parts: Parts, context: Context, query: string): Response {
  parse(query)
  return streamSSE(context, async stream => {
    const rested = new Set<string>()
    let wake = () => {}
    const onEnd = () => wake()
    const isOver = () => stream.aborted || stream.closed || parts.ending.aborted
    const stopListening = parts.store.onRest(ids => {
      for (const id of ids) rested.add(id)
      wake()
    })
    parts.ending.addEventListener('abort', onEnd)
    stream.onAbort(onEnd)
    try {
      await stream.write(': tail\n\n')
      while (!isOver()) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, heartbeatMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          if (rested.size > 0 || isOver()) wake()
        })
        const ids = [...rested].slice(-mostAtOnce)
        rested.clear()
        if (ids.length > 0) await send(parts, stream, query, ids, context.req.raw.signal)
        else if (!isOver()) await stream.write(': still here\n\n')
      }
    } finally {
      stopListening()
      parts.ending.removeEventListener('abort', onEnd)
    }
  })
}

/** Sends the oldest traces first. */
async function send(
  parts: Parts,
  stream: SSEStreamingApi,
  query: string,
  ids: readonly string[],
  client: AbortSignal,
): Promise<void> {
  const restriction = amongTraces(ids.map(traceIdOf))
  const search = {
    query,
    wantsFacts: true,
    wantsSpans: true,
    window: undefined,
    after: undefined,
    order: undefined,
    restriction,
    limit: mostAtOnce,
    spans: 3,
  }
  const { traces } = await searchAnswer({ ...parts, store: cancellable(parts.store, endOf(client)) }, search)
  for (const trace of [...traces].reverse()) await stream.writeSSE({ data: JSON.stringify(trace) })
}
