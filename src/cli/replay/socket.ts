// The server's side of a WebSocket (RFC 6455), without compression.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { FrameReader } from '../../app/llm/wire/websocket-frames'

/** Of the protocol: every server puts it behind the client's key. */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const [TEXT, BINARY, CLOSE, PONG] = [1, 2, 8, 10]
const NO_CODE = 1005
/** A client that does not close after we have, ms. */
const CLOSING_MS = 2_000

export interface SocketEvents {
  message(bytes: Buffer, isBinary: boolean): void
  /** The client closes the connection, or it is lost. Called once. */
  closed(): void
}

export class ReplaySocket {
  #isClosed = false
  #isClosing = false

  /** @param headers of the answer to the handshake, besides those of the protocol */
  constructor(
    request: IncomingMessage,
    private readonly socket: Duplex,
    first: Buffer,
    headers: readonly (readonly [name: string, value: string])[],
    private readonly events: SocketEvents,
  ) {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${MAGIC}`).digest('base64')
    const head = [['Upgrade', 'websocket'], ['Connection', 'Upgrade'], ['Sec-WebSocket-Accept', accept], ...headers]
    // a first message goes out with it
    socket.cork()
    process.nextTick(() => socket.uncork())
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    )
    const reader = this.#reader()
    const read = (bytes: Buffer) => {
      reader.push(bytes)
      if (reader.broken) socket.destroy()
    }
    read(first)
    socket.on('data', read)
    for (const event of ['end', 'close', 'error']) socket.on(event, () => this.#over())
  }

  /** Resolves when the bytes are on their way. */
  send(bytes: Buffer, isBinary: boolean): Promise<void> {
    return this.#frame(isBinary ? BINARY : TEXT, bytes)
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return
    this.#isClosing = true
    const said =
      code === NO_CODE ? Buffer.alloc(0) : Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)])
    void this.#frame(CLOSE, said)
    setTimeout(() => this.socket.end(), CLOSING_MS).unref()
  }

  /** What was sent before goes out first. */
  lose(): void {
    ;(this.socket as Partial<{ destroySoon(): void }>).destroySoon?.()
  }

  #reader(): FrameReader {
    let pieces: Uint8Array[] = []
    let isBinary = false
    return new FrameReader({
      begin(_, binary) {
        pieces = []
        isBinary = binary
      },
      piece(bytes) {
        // those of an unmasked frame are the network's
        pieces.push(Buffer.from(bytes))
      },
      end: () => this.events.message(Buffer.concat(pieces), isBinary),
      ping: payload => void this.#frame(PONG, payload),
      close: (code, reason) => {
        this.close(code, reason)
        this.socket.end()
        this.#over()
      },
    })
  }

  #frame(opcode: number, payload: Buffer): Promise<void> {
    if (this.#isClosed || this.socket.destroyed || this.socket.writableEnded) return Promise.resolve()
    const { length } = payload
    const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
    head[0] = 0x80 | opcode
    if (head.length === 2) head[1] = length
    else if (head.length === 4) {
      head[1] = 126
      head.writeUInt16BE(length, 2)
    } else {
      head[1] = 127
      head.writeBigUInt64BE(BigInt(length), 2)
    }
    return new Promise(resolve => this.socket.write(Buffer.concat([head, payload]), () => resolve()))
  }

  #over(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.events.closed()
  }
}
