/**
 * What could not be sent is kept in `localStorage`, redacted as it is, for the next attempt. One gate closes for all requests
 * when one fails, for as long as the server asks. The first half of the offline queue; `resend.ts` is the other.
 */
import { type Batch, way } from '../delivery'
import { diagnose } from '../diagnose'
import { randomId } from '../ids'
import { remove, storedKeys, write } from '../storage'

const PREFIX = 'afn-otel.queue.'
/** Statuses upon which OTLP/HTTP sends again. */
const AGAIN = [408, 429, 502, 503, 504]

/** Of all batches that wait, the oldest first: `afn-otel.queue.TIME.ID.SIGNAL`. */
export const queuedKeys = (): string[] =>
  storedKeys()
    .filter(key => key.startsWith(PREFIX))
    .sort()

/** There is room for 25 batches, of some 50,000 characters; the oldest make it. */
function put({ signal, body }: Batch): void {
  const others = queuedKeys()
  while (others.length >= 25 || !write(`${PREFIX + Date.now()}.${randomId(4)}.${signal}`, body)) {
    const oldest = others.shift()
    if (!oldest) return diagnose('AFN182', 'lost: localStorage is full')
    remove(oldest)
  }
}

export function keepUnsent(): void {
  let failures = 0
  /** By `performance.now()`, which no change of the clock moves. */
  let opensAt = 0
  /** When the page came back from the back/forward cache. */
  let restoredAt = 0

  way.closed = () => navigator.onLine === false || performance.now() < opensAt
  way.taken = () => {
    failures = opensAt = 0
    way.resend?.()
  }
  way.failed = (batch, answer, sentAt = 0) => {
    const { status, headers, name } = (answer ?? {}) as Partial<Response & Error>
    if (status && !AGAIN.includes(status)) return diagnose('AFN180', `lost: ${status}`)
    // no answer is no failure where the page was away meanwhile, or the server has had the request for half a minute
    if (name && (sentAt < restoredAt || name === 'TimeoutError')) return
    put(batch)
    const now = performance.now()
    // requests that were on their way when the gate closed say nothing new
    if (!answer || now < opensAt) return
    const after = headers?.get('retry-after') as string
    const retryAfter = Number(after) * 1000 || Date.parse(after) - Date.now()
    const pause = retryAfter > 0 ? retryAfter : 1000 * 2 ** Math.min(failures++, 9) * (0.5 + Math.random())
    opensAt = now + Math.min(pause, 300_000)
    setTimeout(() => way.resend?.(), opensAt - now + 1)
    diagnose('AFN180', `waits: ${status ?? answer}`)
  }
  way.forget = () => queuedKeys().forEach(remove)
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) restoredAt = performance.now()
  })
}
