// The app's own server comes first: when it listens on our port, ours makes room before it does.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:net'

/** Node says here, before the address is taken, that a server is going to listen. */
const LISTEN = 'tracing:net.server.listen:asyncStart'

interface Listening {
  readonly server?: unknown
  readonly options?: { readonly port?: unknown }
}

/**
 * @param listen has our own server listen
 * @param close has to have freed the port when it returns
 * @returns what ends it; `undefined` where this Node, an early 20, does not say who listens: then ours does not
 */
export function listenUntilAppDoes(
  ours: Server,
  port: number,
  listen: () => void,
  close: () => void,
): (() => void) | undefined {
  let said = false
  const onListen = (message: unknown) => {
    const { server, options } = message as Listening
    if (server === ours) said = true
    else if (Number(options?.port) === port) close()
  }
  const end = () => void unsubscribe(LISTEN, onListen)
  subscribe(LISTEN, onListen)
  listen()
  if (said) return end
  end()
  // nobody could have come in between
  ours.close()
  return undefined
}
