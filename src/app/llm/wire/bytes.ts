// A growing run of bytes with a limit. A chunk belongs to the application, which may overwrite or transfer it as soon as it
// has it.

export class Bytes {
  size = 0
  /** More was appended than fits; what is here is the beginning only. */
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
    // A call into the engine costs more than copying a short key by hand.
    if (to - from < 24) for (let at = this.size, i = from; i < to; ) this.#buffer[at++] = source[i++]!
    else this.#buffer.set(source.subarray(from, to), this.size)
    this.size = end
  }

  clear(): void {
    this.size = 0
    this.overflow = false
    // One large value must not hold its memory for the rest of the call.
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

/** `Buffer`'s search is memchr; `Uint8Array`'s is a loop, 25 times slower on a long string. */
export function indexOfByte(bytes: Uint8Array, byte: number, from: number): number {
  return Buffer.prototype.indexOf.call(bytes, byte, from)
}
