/**
 * What waits in `localStorage` is sent again: by this page, another tab, or the next visit within a day. A batch is taken out
 * before it is sent; of all tabs the one sends that has the lock, and it keeps it until its requests are answered, since what
 * a tab writes reaches other processes late. The second half of the offline queue, which may begin a moment later.
 */
import { type Batch, way } from '../delivery'
import type { Signal } from '../otlp'
import { read, remove } from '../storage'
import { queuedKeys } from './keep-unsent'

function take(key: string): Batch | undefined {
  const [, , time, , signal] = key.split('.')
  const body = read(key)
  remove(key)
  const young = Math.abs(Date.now() - Number(time)) < 24 * 3600_000
  return body && young ? { signal: signal as Signal, body } : undefined
}

export function resend(): void {
  let letGo = () => {}

  const waiting = () => (way.leaving || way.closed?.() ? [] : queuedKeys())
  const all = async () => {
    for (const key of waiting()) {
      const batch = waiting()[0] && take(key)
      if (batch) await way.send(batch)
    }
  }
  const locked = () =>
    navigator.locks.request('afn-otel', { ifAvailable: true }, lock => {
      // a page that holds a lock can't rest in the back/forward cache
      if (lock) return Promise.race([all(), new Promise<void>(resolve => (letGo = resolve))])
    })
  way.resend = async () => {
    // a lock that is requested while the page is left keeps it out of the back/forward cache
    if (!waiting()[0]) return
    // without locks (no HTTPS) two tabs may take at the same moment
    await (navigator.locks ? locked() : all()).catch(() => {})
  }
  addEventListener('pagehide', () => letGo())
  for (const type of ['pageshow', 'visibilitychange', 'online']) addEventListener(type, way.resend)
  way.resend()
}
