// Binds a server, limits slow clients, and closes it.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listening {
  /** The URL with an IP address. */
  readonly url: string
  readonly port: number
  /** Stops accepting, and resolves once pending requests are answered, or cuts them after five seconds. */
  close(): Promise<void>
}

/**
 * @param port 0 for a free port
 * @throws Error of node:net if the port is in use, or the host is not an address of this machine
 */
export async function listen(server: Server, port: number, host: string): Promise<Listening> {
  server.headersTimeout = 10_000
  server.requestTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () => close(server),
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    // keep-alive connections become idle one by one
    const idle = setInterval(() => server.closeIdleConnections(), 20)
    const patience = setTimeout(() => server.closeAllConnections(), 5_000)
    server.close(error => {
      clearInterval(idle)
      clearTimeout(patience)
      if (error) reject(error)
      else resolve()
    })
  })
}
