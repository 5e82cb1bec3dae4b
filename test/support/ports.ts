// Ports for servers of others, which do not report the one that they took.
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

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

/** What a server of a test has at most to open the port that it was given. */
const TO_OPEN = 600_000

/**
 * Takes a port for this caller. That nobody listens on it says nothing of the tests of other workers, whose servers are
 * still starting.
 */
function reserve(port: number): boolean {
  const folder = path.join(tmpdir(), 'afn-test-ports')
  const file = path.join(folder, String(port))
  mkdirSync(folder, { recursive: true })
  const taken = statSync(file, { throwIfNoEntry: false })
  if (taken && Date.now() - taken.mtimeMs > TO_OPEN) rmSync(file, { force: true })
  try {
    closeSync(openSync(file, 'wx'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Ports that were free a moment ago, and that no other test gets. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = random()
    if (reserve(port) && (await isFree(port))) ports.push(port)
  }
  return ports
}
