// How long a query may run: until it is answered, its client is gone, or its time is over. Its statements end with it.
import type { Context } from 'hono'
import { Refused } from '../body'
import { cancellable } from '../store/store'
import type { Parts } from './parts'

/** Milliseconds. Grafana and browsers give up after as long. */
export const MOST_MS = 30_000

/** The parts, with a store whose queries end with this request. @param mostMs milliseconds after which it is answered with 504 */
export function forRequest(parts: Parts, { req }: Context, mostMs = MOST_MS): Parts {
  return { ...parts, store: cancellable(parts.store, endOf(req.raw.signal, mostMs)) }
}

/** @returns a signal that aborts when `client` does, or after the time; its reason is what to answer */
export function endOf(client: AbortSignal, mostMs = MOST_MS): AbortSignal {
  const controller = new AbortController()
  const late = () =>
    controller.abort(new Refused(504, `timed out after ${mostMs / 1_000} s; choose a shorter time range`))
  const timer = setTimeout(late, mostMs).unref()
  const leave = () => {
    clearTimeout(timer)
    // 499 is what proxies write down for it; nobody reads this answer
    controller.abort(new Refused(499, 'the client disconnected'))
  }
  if (client.aborted) leave()
  else client.addEventListener('abort', leave, { once: true })
  return controller.signal
}
