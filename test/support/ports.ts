// Ports for servers of others, which cannot be asked which one they took.
import { type AddressInfo, createServer, type Server } from 'node:net'

export async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(servers.map(listen))
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}
