// A connection for one check: opened, spoken over, and closed when the time is over. It never keeps the process alive.
import dns from 'node:dns'
import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { CheckFailure } from '../failure'

export interface SocketAddress {
  readonly host: string
  readonly port: number
  /** Of a Unix domain socket, in the place of host and port. */
  readonly path?: string
}

/** An answer of a server that only says that it is there is short. */
const longestAnswer = 2 ** 16

/**
 * Reads whole messages from a connection. All waits end when the signal aborts.
 * Every method throws the error of the connection, or CheckFailure: `timeout`, `closed`, `protocol`.
 */
export class Wire {
  #socket: Socket
  #buffer = Buffer.alloc(0)
  #failure: unknown
  #wake = () => {}

  private constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket
    this.#follow(socket)
    signal.addEventListener('abort', () => this.#fail(new CheckFailure('timeout')), { once: true })
  }

  /** @param tls encrypted from the first byte, and the certificate has to name the host */
  static async open({ host, port, path }: SocketAddress, signal: AbortSignal, tls = false): Promise<Wire> {
    if (signal.aborted) throw new CheckFailure('timeout')
    const where = path === undefined ? { host, port, lookup } : { path }
    const socket = tls ? connectTls({ ...where, ...serverName(host) }) : connect(where)
    const wire = new Wire(socket, signal)
    await wire.#connected(tls ? 'secureConnect' : 'connect')
    return wire
  }

  /** Goes on encrypted. @param verify whether the certificate has to be trusted and name the host */
  async secure(host: string, verify: boolean): Promise<void> {
    const plain = this.#socket
    plain.removeAllListeners('data')
    // what came unencrypted before the handshake is nobody's answer
    if (this.#buffer.length > 0) throw new CheckFailure('protocol')
    this.#socket = connectTls({ socket: plain, ...serverName(host), rejectUnauthorized: verify })
    this.#follow(this.#socket)
    await this.#connected('secureConnect')
  }

  write(bytes: Buffer | string): void {
    this.#socket.write(bytes)
  }

  /** @param lengthOf how long the first message in the bytes is, and 0 where more are needed */
  async read(lengthOf: (bytes: Buffer) => number): Promise<Buffer> {
    for (;;) {
      const length = lengthOf(this.#buffer)
      if (length > longestAnswer) throw new CheckFailure('protocol')
      if (length > 0 && length <= this.#buffer.length) {
        const message = this.#buffer.subarray(0, length)
        this.#buffer = this.#buffer.subarray(length)
        return message
      }
      if (this.#buffer.length > longestAnswer) throw new CheckFailure('protocol')
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  close(): void {
    this.#socket.destroy()
  }

  #connected(event: 'connect' | 'secureConnect'): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wake = () => this.#failure !== undefined && reject(this.#failure)
      this.#socket.once(event, resolve)
      this.#wake()
    })
  }

  #follow(socket: Socket): void {
    socket.unref()
    socket.on('data', chunk => {
      this.#buffer = Buffer.concat([this.#buffer, chunk])
      this.#wake()
    })
    socket.on('error', error => this.#fail(error))
    socket.on('close', () => this.#fail(new CheckFailure('closed')))
  }

  #fail(failure: unknown): void {
    this.#failure ??= failure
    this.#socket.destroy()
    this.#wake()
  }
}

/** No server name can be an address; the certificate is compared with the host all the same. */
const serverName = (host: string) => (isIP(host) ? { host } : { host, servername: host })

const lookups = new Map<string, Promise<dns.LookupAddress[]>>()

/**
 * As `dns.lookup`, but a name that is being looked up is not looked up a second time: one that hangs holds a thread of the app's,
 * and there are four.
 */
export const lookup: LookupFunction = (hostname, options, callback) => {
  let answer = lookups.get(hostname)
  if (!answer) {
    answer = dns.promises.lookup(hostname, { all: true }).finally(() => lookups.delete(hostname))
    lookups.set(hostname, answer)
  }
  answer.then(
    addresses => {
      const [first] = addresses
      if (options.all) callback(null, addresses)
      else if (first) callback(null, first.address, first.family)
    },
    error => callback(error, options.all ? [] : ''),
  )
}
