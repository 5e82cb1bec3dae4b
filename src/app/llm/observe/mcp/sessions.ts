// Measures how long one side of a connection was connected.
import { attributesOf, type Endpoint, isClient, type Side } from './requests'

/** Start time of each connection, in milliseconds. */
const begun = new WeakMap<Endpoint, number>()

export function connected<Args extends unknown[]>(connect: (this: Endpoint, ...args: Args) => Promise<void>) {
  return function (this: Endpoint, ...args: Args): Promise<void> {
    begun.set(this, performance.now())
    return Reflect.apply(connect, this, args)
  }
}

export function closed(close: (this: Endpoint) => void, side: Side) {
  return function (this: Endpoint): void {
    try {
      record(this, side)
    } catch (error) {
      side.onFailure(error)
    }
    Reflect.apply(close, this, [])
  }
}

function record(connection: Endpoint, { metrics }: Side): void {
  const since = begun.get(connection)
  const { transport } = connection
  if (since === undefined || !transport) return
  begun.delete(connection)
  const role = isClient(connection) ? 'client' : 'server'
  // a server without sessions is connected again for each request
  const isSession = role === 'client' || transport.sessionId !== undefined || /^Stdio/.test(transport.constructor.name)
  if (!isSession) return
  metrics.session(role, (performance.now() - since) / 1_000, attributesOf({ method: '' }, undefined, connection))
}
