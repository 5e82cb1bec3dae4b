/**
 * What could not be sent is kept in `localStorage`, redacted as it is, for the next attempt: of this page, of another tab, or
 * of the next visit within a day. One gate closes for all requests when one fails, for as long as the server asks. A batch
 * is taken out before it is sent; of all tabs the one sends that has the lock, and it keeps it until its requests are
 * answered, since what a tab writes reaches other processes late.
 */
import { type Batch, send, way } from '../delivery'
import { diagnose } from '../diagnose'
import { randomId } from '../ids'
import { read, remove, storedKeys, write } from '../storage'

const PREFIX = 'afn-otel.queue.'
/** Batches of at most 40,000 characters and some more; the oldest make room. */
const ROOM = 25
/** Milliseconds. */
const OLDEST = 24 * 3600_000
/** Milliseconds for an answer. */
const PATIENCE = 30_000
const LONGEST_PAUSE = 300_000
/** Statuses upon which OTLP/HTTP sends again. */
const AGAIN = [408, 429, 502, 503, 504]

const keys = () =>
  storedKeys()
    .filter(key => key.startsWith(PREFIX))
    .sort()

function put({ signal, body }: Batch): void {
  const others = keys()
  while (others.length >= ROOM || !write(`${PREFIX + Date.now()}.${randomId(4)}.${signal}`, body)) {
    const oldest = others.shift()
    if (!oldest) return diagnose('AFN182', 'no room in localStorage: lost')
    remove(oldest)
  }
}

function take(key: string): Batch | undefined {
  const [, , time, , signal] = key.split('.')
  const body = read(key)
  remove(key)
  const young = Math.abs(Date.now() - Number(time)) < OLDEST
  return body && young ? { signal: signal === 'logs' ? 'logs' : 'traces', body } : undefined
}

export function offlineQueue(): void {
  let failures = 0
  /** By `performance.now()`, which no change of the clock moves. */
  let opensAt = 0
  /** When the page came back from the back/forward cache. */
  let restoredAt = 0
  let emptying = false
  let letGo = () => {}

  const all = async () => {
    for (const key of keys()) {
      if (way.leaving || !way.open()) return
      const batch = take(key)
      if (batch) await send(batch)
    }
  }
  const locked = () =>
    navigator.locks.request('afn-otel', { ifAvailable: true }, lock => {
      // a page that holds a lock can't rest in the back/forward cache
      if (lock) return Promise.race([all(), new Promise<void>(resolve => (letGo = resolve))])
    })
  const empty = async () => {
    if (emptying || way.leaving || !way.open()) return
    emptying = true
    // without locks (no HTTPS) two tabs may take at the same moment
    await (navigator.locks ? locked() : all()).catch(() => {})
    emptying = false
  }

  const { fetch } = way
  way.fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout?.(PATIENCE) ?? null })
  way.open = () => navigator.onLine !== false && performance.now() >= opensAt
  way.taken = () => {
    failures = opensAt = 0
    empty()
  }
  way.failed = (batch, answer, sentAt = 0) => {
    const status = answer instanceof Response ? answer.status : 0
    if (status && !AGAIN.includes(status)) return diagnose('AFN180', `lost: answer ${status}`)
    // no answer is no failure where the page was away meanwhile, or the server has had the request for half a minute
    if (answer instanceof Error && (sentAt < restoredAt || answer.name === 'TimeoutError')) return
    put(batch)
    const now = performance.now()
    // requests that were on their way when the gate closed say nothing new
    if (!answer || now < opensAt) return
    const after = answer instanceof Response ? answer.headers.get('retry-after') : null
    const asked = Number(after) * 1000 || Date.parse(after!) - Date.now()
    const pause = asked > 0 ? asked : 1000 * 2 ** Math.min(failures++, 9) * (0.5 + Math.random())
    opensAt = now + Math.min(pause, LONGEST_PAUSE)
    setTimeout(empty, opensAt - now + 1)
    diagnose('AFN180', `waits: ${status ? `answer ${status}` : answer}`)
  }
  way.forget = () => keys().forEach(remove)
  addEventListener('pagehide', () => letGo())
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) restoredAt = performance.now()
    empty()
  })
  addEventListener('visibilitychange', empty)
  addEventListener('online', empty)
}
