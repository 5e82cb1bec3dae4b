// Limits how long a query may run: until its answer, the end of its connection, or the deadline. The abort also cancels its statements.
import type { Context } from 'hono'
import { Refused } from '../body'
import { cancellable } from '../store/store'
import type { Parts } from './parts'

/** Milliseconds. Grafana and browsers time out after the same period. */
export const MOST_MS = 30_000

/** Binds the store's queries to this request. @param mostMs milliseconds until the answer is 504 */
export function forRequest(parts: Parts, { req }: Context, mostMs = MOST_MS): Parts {
  return { ...parts, store: cancellable(parts.store, endOf(req.raw.signal, mostMs)) }
}

/** @returns a signal that aborts with `client` or after the time; its reason is the error to answer */
export function endOf(client: AbortSignal, mostMs = MOST_MS): AbortSignal {
  const controller = new AbortController()
  const late = () =>
    controller.abort(new Refused(504, `timed out after ${mostMs / 1_000} s; choose a shorter time range`))
  const timer = setTimeout(late, mostMs).unref()
  const leave = () => {
    clearTimeout(timer)
    // 499 as in proxy logs; nobody reads this answer
    controller.abort(new Refused(499, 'the client disconnected'))
  }
  if (client.aborted) leave()
  else client.addEventListener('abort', leave, { once: true })
  return controller.signal
}
