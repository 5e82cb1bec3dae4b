// Ports for servers of others, which do not report the one that they took.
import { type AddressInfo, createServer, type Server } from 'node:net'

/** @returns the port that it took, a free one unless it is given */
export async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Below the ports that systems give to outgoing connections, of which one could be taken before a server has started. */
const random = () => 12_000 + Math.floor(Math.random() * 20_000)

const isFree = (port: number) =>
  new Promise<boolean>(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = random()
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}
