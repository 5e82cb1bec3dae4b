// A growing byte buffer with a limit. It copies chunks, because they belong to the app, which may overwrite or transfer them as soon as it
// receives them.

export class Bytes {
  size = 0
  /** Whether more bytes were appended than fit, so that only the start is kept. */
  overflow = false
  #buffer = Buffer.allocUnsafe(256)

  constructor(private readonly limit: number) {}

  append(source: Uint8Array, from: number, to: number): void {
    const end = this.size + to - from
    if (end > this.limit) {
      this.overflow = true
      return
    }
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.limit, Math.max(end, this.#buffer.length * 2)))
      larger.set(this.#buffer.subarray(0, this.size))
      this.#buffer = larger
    }
    // For a short key, copying in JavaScript is faster than a native call.
    if (to - from < 24) for (let at = this.size, i = from; i < to; ) this.#buffer[at++] = source[i++]!
    else this.#buffer.set(source.subarray(from, to), this.size)
    this.size = end
  }

  clear(): void {
    this.size = 0
    this.overflow = false
    // Releases the memory of one large value before the end of the call.
    if (this.#buffer.length > 65_536) this.#buffer = Buffer.allocUnsafe(256)
  }

  /** Valid until the next append or clear. */
  view(): Buffer {
    return this.#buffer.subarray(0, this.size)
  }

  byte(at: number): number | undefined {
    return this.#buffer[at]
  }

  text(): string {
    return this.#buffer.toString('utf8', 0, this.size)
  }
}

/** `Buffer` searches with memchr; `Uint8Array` with a loop, which is 25 times slower on a long string. */
export function indexOfByte(bytes: Uint8Array, byte: number, from: number): number {
  return Buffer.prototype.indexOf.call(bytes, byte, from)
}
