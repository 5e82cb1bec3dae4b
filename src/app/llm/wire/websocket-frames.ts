// Reads the frames of one direction of a WebSocket while its bytes arrive (RFC 6455), and passes on the bytes of its messages.

/** Receives the messages of a direction. After a protocol violation, it receives nothing more. */
export interface FrameSink {
  /**
   * @param compressed by `permessage-deflate` (RFC 7692)
   * @param isBinary whether the frame is binary, which may also contain text: Gemini Live sends JSON this way
   */
  begin(compressed: boolean, isBinary: boolean): void
  /** Receives a piece of the current message, unmasked. The bytes may belong to the app, so they must not be kept. */
  piece(bytes: Uint8Array): void
  end(): void
  /** 1005 if the frame has no code. */
  close(code: number, reason: string): void
  ping?(payload: Buffer): void
}

const CONTINUATION = 0
const BINARY = 2
const CLOSE = 8
const PING = 9
const NO_CODE = 1005
/** Two bytes, a length of eight, a mask of four. */
const LONGEST_HEAD = 14
const LONGEST_CONTROL = 125

export class FrameReader {
  readonly #head = Buffer.alloc(LONGEST_HEAD)
  /** Number of bytes of the frame head so far. */
  #headed = 0
  /** Number of missing payload bytes. */
  #left = 0
  /** Position in the payload, which selects the byte of the mask. */
  #masked = 0
  #mask: Uint8Array | undefined
  #isFinal = false
  #isOpen = false
  /** The opcode of a control frame, which may come between the frames of a message. */
  #control: number | undefined
  #said = ''
  broken = false

  constructor(private readonly sink: FrameSink) {}

  push(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length && !this.broken) {
      if (this.#left === 0) {
        this.#head[this.#headed++] = bytes[at++]!
        if (this.#headed === this.#headLength()) this.#begin()
      } else {
        const to = Math.min(bytes.length, at + this.#left)
        this.#left -= to - at
        this.#payload(this.#unmasked(bytes.subarray(at, to)))
        at = to
        if (this.#left === 0) this.#finish()
      }
    }
  }

  #headLength(): number {
    if (this.#headed < 2) return 2
    const length = this.#head[1]! & 0x7f
    return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (this.#head[1]! & 0x80 ? 4 : 0)
  }

  #begin(): void {
    const head = this.#head
    const [first, second] = [head[0]!, head[1]!]
    const length = second & 0x7f
    this.#left = length === 126 ? head.readUInt16BE(2) : length === 127 ? Number(head.readBigUInt64BE(2)) : length
    const isMasked = (second & 0x80) !== 0
    this.#mask = isMasked ? Uint8Array.from(head.subarray(this.#headed - 4, this.#headed)) : undefined
    this.#masked = 0
    this.#headed = 0
    const opcode = first & 0x0f
    this.#isFinal = (first & 0x80) !== 0
    this.#control = opcode >= CLOSE ? opcode : undefined
    // A message within a message, a continuation without a start, a long control frame: the client will close the connection, or already
    // has.
    const isOutOfPlace = this.#control === undefined && (opcode === CONTINUATION) !== this.#isOpen
    if (isOutOfPlace || (this.#control !== undefined && this.#left > LONGEST_CONTROL) || (first & 0x30) !== 0) {
      this.broken = true
      return
    }
    if (this.#control === undefined && !this.#isOpen) {
      this.#isOpen = true
      this.sink.begin((first & 0x40) !== 0, opcode === BINARY)
    }
    if (this.#left === 0) this.#finish()
  }

  #unmasked(bytes: Uint8Array): Uint8Array {
    const mask = this.#mask
    if (!mask) return bytes
    const plain = Buffer.allocUnsafe(bytes.length)
    for (let i = 0; i < bytes.length; i++) plain[i] = bytes[i]! ^ mask[(this.#masked + i) & 3]!
    this.#masked = (this.#masked + bytes.length) & 3
    return plain
  }

  #payload(bytes: Uint8Array): void {
    if (this.#control === undefined) this.sink.piece(bytes)
    else this.#said += Buffer.from(bytes).toString('latin1')
  }

  #finish(): void {
    if (this.#control !== undefined) return this.#finishControl(this.#control)
    if (!this.#isFinal) return
    this.#isOpen = false
    this.sink.end()
  }

  #finishControl(opcode: number): void {
    const said = Buffer.from(this.#said, 'latin1')
    this.#said = ''
    if (opcode === PING) this.sink.ping?.(said)
    else if (opcode === CLOSE)
      this.sink.close(said.length < 2 ? NO_CODE : said.readUInt16BE(0), said.toString('utf8', 2))
  }
}
