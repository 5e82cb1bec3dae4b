// `GET /api/afn/tail`: traces as they come to rest, as server-sent events. Looks only while somebody listens. Called by
// index.ts.
import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { Store } from '../../store/store'
import { parse } from '../../traceql/parse'
import type { Parts } from '../parts'
import { searchAnswer } from '../tempo/search'

const lookEveryMs = 500
/** A trace without a new span for so long has come to rest; the spans of one process come within seconds. */
const restMs = 2_000
/** Proxies cut what is silent. */
const heartbeatMs = 15_000
/** What comes faster than it can be shown is not shown. */
const mostAtOnce = 100

/** @throws TraceqlError before the stream begins */
export function tail(parts: Parts, context: Context, query: string): Response {
  parse(query)
  return streamSSE(context, async stream => {
    const isOver = () => stream.aborted || stream.closed || parts.ending.aborted
    const watch = await Watch.from(parts.store)
    let heard = Date.now()
    await stream.write(': tail\n\n')
    while (!isOver()) {
      await pause(lookEveryMs, parts.ending)
      const rested = await watch.rested()
      if (rested.length > 0) heard = (await send(parts, stream, query, rested)) ? Date.now() : heard
      if (Date.now() - heard > heartbeatMs) {
        heard = Date.now()
        await stream.write(': still here\n\n')
      }
    }
  })
}

/** @returns whether anything was sent */
async function send(parts: Parts, stream: SSEStreamingApi, query: string, ids: readonly bigint[]): Promise<boolean> {
  const restriction = `s.trace_id IN (${ids.map(id => `${id}::UHUGEINT`).join(', ')})`
  const asked = { query, wantsSpans: true, window: undefined, restriction, limit: mostAtOnce, spans: 3 }
  const { traces } = await searchAnswer(parts, asked)
  for (const trace of [...traces].reverse()) await stream.writeSSE({ data: JSON.stringify(trace) })
  return traces.length > 0
}

/** Ends early when the server does. */
function pause(ms: number, ending: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      ending.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    ending.addEventListener('abort', end)
  })
}

/** Which traces get spans, by the numbers that the store gives spans as they arrive. */
class Watch {
  /** Trace → when its last span was seen. */
  readonly #moving = new Map<bigint, number>()

  private constructor(
    readonly store: Store,
    private seen: bigint,
  ) {}

  /** What is stored already is not told. */
  static async from(store: Store): Promise<Watch> {
    const [row] = await store.query('SELECT coalesce(max(seq), -1) AS seen FROM spans')
    return new Watch(store, BigInt(row!.seen as bigint))
  }

  /** Each trace once, unless more spans come later. */
  async rested(): Promise<bigint[]> {
    const now = Date.now()
    const rows = await this.store.query(
      `SELECT trace_id, max(seq) AS seen FROM spans WHERE seq > ${this.seen} GROUP BY trace_id`,
    )
    for (const { trace_id: id, seen } of rows) {
      this.#moving.set(id as bigint, now)
      if ((seen as bigint) > this.seen) this.seen = seen as bigint
    }
    const rested = [...this.#moving].filter(([, last]) => now - last >= restMs).map(([id]) => id)
    for (const id of rested) this.#moving.delete(id)
    return rested.slice(-mostAtOnce)
  }
}
