/** The identifier of a request, from the header `x-request-id` to the log lines of all that the request calls. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

export const REQUEST_ID_HEADER = 'x-request-id'

/** What Hono's own `requestId()` takes from a client. Nothing in it can end a line, or a header. */
const WELL_FORMED = /^[\w=-]{1,255}$/

const current = new AsyncLocalStorage<string>()

/** @returns what the client sent where that is well-formed, else a new UUID */
export function requestIdOf(sent: unknown): string {
  return typeof sent === 'string' && WELL_FORMED.test(sent) ? sent : randomUUID()
}

export function withRequestId<T>(id: string, work: () => T): T {
  return current.run(id, work)
}

/**
 * A mixin of pino: all lines that are written while a request is answered get its `request_id`. The logger that `observability()`
 * makes has it already.
 * @returns an object without fields outside of a request
 * @example
 * const logger = createLogger({ options: { mixin: requestFields } })
 * app.use(observability({ logger }))
 */
export function requestFields(): { request_id?: string } {
  const id = current.getStore()
  return id === undefined ? {} : { request_id: id }
}
