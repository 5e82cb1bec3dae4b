// How long one side of a connection was connected.
import { attributesOf, type Endpoint, type Side } from './requests'

/** When each connection began, in milliseconds. */
const begun = new WeakMap<Endpoint, number>()

interface Connection extends Endpoint {
  /** Only the client's class has it. */
  readonly getServerCapabilities?: unknown
}

export function connected<Args extends unknown[]>(connect: (this: Connection, ...args: Args) => Promise<void>) {
  return function (this: Connection, ...args: Args): Promise<void> {
    begun.set(this, performance.now())
    return Reflect.apply(connect, this, args)
  }
}

export function closed(close: (this: Connection) => void, side: Side) {
  return function (this: Connection): void {
    try {
      record(this, side)
    } catch (error) {
      side.onFailure(error)
    }
    Reflect.apply(close, this, [])
  }
}

function record(connection: Connection, { metrics }: Side): void {
  const since = begun.get(connection)
  const { transport } = connection
  if (since === undefined || !transport) return
  begun.delete(connection)
  const role = connection.getServerCapabilities ? 'client' : 'server'
  // a server without sessions is connected anew for each request
  const isSession = role === 'client' || transport.sessionId !== undefined || /^Stdio/.test(transport.constructor.name)
  if (!isSession) return
  metrics.session(role, (performance.now() - since) / 1_000, attributesOf({ method: '' }, undefined, connection))
}
