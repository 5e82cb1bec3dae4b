// A connection for one check, closed at the timeout at the latest. It never keeps the process alive.
import dns from 'node:dns'
import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { CheckFailure } from '../failure'

export interface SocketAddress {
  readonly host: string
  readonly port: number
  /** Path of a Unix domain socket, which replaces host and port. */
  readonly path?: string
}

/** Maximum bytes of an answer; those to a check are short. */
const longestAnswer = 2 ** 16

/**
 * Reads whole messages from a connection. All reads end when the signal aborts. Every method throws the connection error, or CheckFailure:
 * `timeout`, `closed`, `protocol`.
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

  /** @param tls encrypts from the start, and verifies that the certificate names the host */
  static async open({ host, port, path }: SocketAddress, signal: AbortSignal, tls = false): Promise<Wire> {
    if (signal.aborted) throw new CheckFailure('timeout')
    const where = path === undefined ? { host, port, lookup } : { path }
    const socket = tls ? connectTls({ ...where, ...serverName(host) }) : connect(where)
    const wire = new Wire(socket, signal)
    await wire.#connected(tls ? 'secureConnect' : 'connect')
    return wire
  }

  /** Switches to TLS. @param verify whether the certificate must be trusted and name the host */
  async secure(host: string, verify: boolean): Promise<void> {
    const plain = this.#socket
    plain.removeAllListeners('data')
    // bytes before the handshake may come from an attacker
    if (this.#buffer.length > 0) throw new CheckFailure('protocol')
    this.#socket = connectTls({ socket: plain, ...serverName(host), rejectUnauthorized: verify })
    this.#follow(this.#socket)
    await this.#connected('secureConnect')
  }

  write(bytes: Buffer | string): void {
    this.#socket.write(bytes)
  }

  /** @param lengthOf returns the length of the first message in the bytes, or 0 if more are needed */
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

/** SNI allows no addresses; the certificate is verified against the host anyway. */
const serverName = (host: string) => (isIP(host) ? { host } : { host, servername: host })

const lookups = new Map<string, Promise<dns.LookupAddress[]>>()

/** Like `dns.lookup`, but with at most one lookup per name at a time, because a hanging one occupies one of the app's four threads. */
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
