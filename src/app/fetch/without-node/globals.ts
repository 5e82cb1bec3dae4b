// What code for Node takes for granted: `Buffer`, as far as `src/app/llm` uses it, and `setImmediate`. esbuild puts these in the place of the
// globals, in every runtime: one that has them would else behave in another way than one that hasn't.

type Encoding = 'utf8' | 'latin1' | 'utf16le' | 'base64'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
/** Characters that `String.fromCharCode` gets at once: each is an argument. */
const AT_ONCE = 4_096

/** TypeScript takes the first of the constructors for the only one. */
const Base = Uint8Array as unknown as new (
  source: ArrayBuffer | ArrayLike<number> | number,
  from?: number,
  length?: number,
) => Uint8Array<ArrayBuffer>

class Bytes extends Base {
  static from(source: unknown, second?: unknown, length?: number): Bytes {
    if (typeof source === 'string') return fromText(source, second as Encoding)
    if (source instanceof ArrayBuffer) return new Bytes(source, second as number, length)
    return new Bytes(source as ArrayLike<number>)
  }

  static allocUnsafe(length: number): Bytes {
    return new Bytes(length)
  }

  static concat(parts: readonly Uint8Array[]): Bytes {
    const whole = new Bytes(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  static byteLength(text: string): number {
    return encoder.encode(text).length
  }

  /** Also called on arrays that are none of ours. */
  override indexOf(what: number | string | Uint8Array, from = 0): number {
    if (typeof what === 'number') return Uint8Array.prototype.indexOf.call(this, what, from)
    const wanted = typeof what === 'string' ? encoder.encode(what) : what
    const first = wanted[0]
    if (first === undefined) return from
    for (let at = from - 1; ; ) {
      at = Uint8Array.prototype.indexOf.call(this, first, at + 1)
      if (at < 0 || at + wanted.length > this.length) return -1
      let same = 1
      while (same < wanted.length && this[at + same] === wanted[same]) same++
      if (same === wanted.length) return at
    }
  }

  override includes(what: number | string | Uint8Array, from = 0): boolean {
    return this.indexOf(what, from) >= 0
  }

  override toString(encoding: Encoding = 'utf8', from = 0, to = this.length): string {
    if (encoding === 'latin1') return this.latin1Slice(from, to)
    const part = this.subarray(from, to)
    return encoding === 'utf16le' ? characters(new Uint16Array(part.slice().buffer)) : decoder.decode(part)
  }

  /** Also called on arrays that are none of ours. */
  latin1Slice(from: number, to: number): string {
    return characters(this.subarray(from, to))
  }

  readUInt16BE(at: number): number {
    return (this[at]! << 8) | this[at + 1]!
  }

  readUInt32BE(at: number): number {
    return this.readUInt16BE(at) * 65_536 + this.readUInt16BE(at + 2)
  }
}

function characters(codes: Uint8Array | Uint16Array): string {
  let text = ''
  for (let from = 0; from < codes.length; from += AT_ONCE)
    text += String.fromCharCode.apply(null, codes.subarray(from, from + AT_ONCE) as unknown as number[])
  return text
}

function fromText(text: string, encoding: Encoding = 'utf8'): Bytes {
  if (encoding === 'utf8') return new Bytes(encoder.encode(text))
  if (encoding === 'base64') return fromText(decoded(text), 'latin1')
  const codes = encoding === 'latin1' ? new Bytes(text.length) : new Uint16Array(text.length)
  for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at)
  return new Bytes(codes.buffer as ArrayBuffer)
}

/** As Node does: in both alphabets, without what is in neither, up to the padding. */
function decoded(base64: string): string {
  const bare = base64
    .replace(/=.*$|[^\w+/-]/gs, '')
    .replace(/-/g, '+')
    .replace(/_/g, '/')
  return atob(bare.length % 4 === 1 ? bare.slice(0, -1) : bare)
}

export { Bytes as Buffer }

export const setImmediate: (run: () => void) => unknown =
  (globalThis as { setImmediate?: (run: () => void) => unknown }).setImmediate ?? (run => setTimeout(run, 0))
