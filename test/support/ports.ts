// Ports for servers of others, which do not report the one that they took.
import { type AddressInfo, createServer, type Server } from 'node:net'

/** @returns the port that it took, a free one unless it is given */
export async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(servers.map(server => listen(server)))
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}
