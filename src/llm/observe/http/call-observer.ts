// One LLM call of a node client, from the answer to its end, by the events of request and response. What the
// application does not read is not read here either.

import type { Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import type { HeaderOf } from '../../providers/protocol'
import type { Readers } from '../call-options'
import type { End } from '../failure'
import { UsageFilter } from '../fetch/hidden-usage'
import { type Asking, answered } from '../fetch/include-usage'
import type { Exchange } from './calls'

/** Characters in which a refusal names what it refuses. */
const LONGEST_REFUSAL = 4096

export class CallObserver {
  #how: End | undefined
  #decoder: Decoder | 'none' | 'unknown' = 'none'
  #timingOut = false
  #filter: UsageFilter | undefined
  #status = 0
  /** The beginning of a refusal. */
  #refusal = ''

  constructor(
    private readonly call: Exchange['call'],
    private readonly trouble: (error: unknown) => void,
    private readonly asking?: Asking,
  ) {}

  guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.trouble(error)
    }
  }

  responded(status: number, header: HeaderOf, readers: Readers): void {
    this.call.responded(status, header, readers)
    this.#status = status
    if (this.asking?.isLater === false && status === 200 && !header('content-encoding'))
      this.#filter = new UsageFilter()
    this.#decoder = decoder(header('content-encoding') ?? undefined, bytes => this.guard(() => this.call.chunk(bytes)))
  }

  /** @param chunk as the application gets it: text where it set an encoding */
  chunk(chunk: unknown, encoding: BufferEncoding | null): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding ?? 'utf8') : chunk
    if (bytes instanceof Uint8Array && !this.#filter) this.#received(bytes)
  }

  #received(bytes: Uint8Array): void {
    if (this.call.over) return
    if (this.asking && this.#status >= 400 && this.#refusal.length < LONGEST_REFUSAL)
      this.#refusal += Buffer.from(bytes).toString('latin1')
    if (this.#decoder === 'none') this.call.chunk(bytes)
    else if (this.#decoder !== 'unknown') this.#decoder.push(bytes)
  }

  /** Whether the application gets what `shown` says in place of the bytes that come. */
  get hides(): boolean {
    return this.#filter !== undefined
  }

  /** What the application gets of these bytes, which may be nothing yet; without any, what was held back. */
  shown(bytes?: Uint8Array): Uint8Array {
    if (!bytes) return this.#filter!.end()
    this.guard(() => this.#received(bytes))
    return this.#filter!.push(bytes)
  }

  /** While the application gets the event `timeout`; most destroy the request then. */
  timeout(emit: () => unknown): unknown {
    this.#timingOut = true
    try {
      return emit()
    } finally {
      this.#timingOut = false
    }
  }

  /** Somebody destroys the request, with an error or without. */
  destroyed(error: unknown): void {
    if (error) this.end({ by: 'error', error })
    else if (this.#timingOut) this.end({ by: 'error', error: new TimedOut('The request timed out') })
    else this.end({ by: 'consumer' })
  }

  /** Somebody destroys the answer: node, when the connection is lost, or whoever reads, when it has read enough or fails. */
  unread(error: unknown): void {
    const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown }
    // The end of a `for await` comes as an abort, too; one by a signal has its cause.
    const lost = name === 'AbortError' ? cause !== undefined : typeof code === 'string' && code.startsWith('E')
    this.destroyed(lost ? error : undefined)
  }

  /** The first one counts: what follows an end is its consequence. */
  end(how: End): void {
    if (this.#how) return
    this.#how = how
    if (this.asking && this.#status > 0) answered(this.asking, this.#status, this.#refusal)
    const end = () => this.guard(() => this.call.end(how))
    if (typeof this.#decoder === 'object' && !this.call.over) this.#decoder.finish(end)
    else end()
  }
}

/** Weakly: the call is kept until it ends, and the stream may be dropped before. */
export class StreamReaders implements Readers {
  readonly #stream: WeakRef<Readable>

  constructor(stream: Readable) {
    this.#stream = new WeakRef(stream)
  }

  get waiting(): boolean {
    const stream = this.#stream.deref()
    return stream !== undefined && isRead(stream, MOST_PIPES)
  }
}

/** Through so many transforms in a row readers are looked for. */
const MOST_PIPES = 4

function isRead(stream: Readable, further: number): boolean {
  if (stream.readableFlowing !== true) {
    // Who listens to `readable`, as `for await` does, waits when there is nothing in the buffer.
    return stream.readableLength === 0 && stream.listenerCount('readable') > 0
  }
  // A pipe fills its target's buffer whether somebody reads there or not: node-fetch pipes into a stream of its own.
  const { pipes } = (stream as { _readableState?: { pipes?: unknown } })._readableState ?? {}
  if (!Array.isArray(pipes) || pipes.length === 0 || stream.listenerCount('data') > pipes.length) return true
  return pipes.some(target => typeof target.read !== 'function' || (further > 0 && isRead(target, further - 1)))
}

class TimedOut extends Error {
  override name = 'TimeoutError'
}

// Decodes a copy of a compressed body while the application gets the original: node's HTTP clients, other than fetch, give
// bytes as they came. node:zlib works outside of the main thread, so the bytes come a little later.

export interface Decoder {
  push(bytes: Uint8Array): void
  /** `done` is called when all that was pushed has come out, whole or cut. */
  finish(done: () => void): void
}

/** Bytes that may wait; beyond it the application reads faster than zlib, and the copy is given up. */
const MOST_WAITING = 8 * 1024 * 1024

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants
/** A body that is cut gives what is there. */
const cut = { finishFlush: Z_SYNC_FLUSH }
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => zlib.Gunzip }

/** `none` where nothing is encoded, `unknown` where it can't be decoded. */
export function decoder(encoding: string | undefined, onBytes: (bytes: Buffer) => void): Decoder | 'none' | 'unknown' {
  const name = encoding?.trim().toLowerCase()
  if (!name || name === 'identity') return 'none'
  return Object.hasOwn(makers, name) ? lazily(makers[name]!, onBytes) : 'unknown'
}

type Maker = (first: number) => zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress

const makers: Record<string, Maker> = {
  gzip: () => zlib.createGunzip(cut),
  'x-gzip': () => zlib.createGunzip(cut),
  // Some servers send the bare stream, without the header of zlib's format.
  deflate: first => ((first & 0x0f) === 8 ? zlib.createInflate(cut) : zlib.createInflateRaw(cut)),
  br: () => zlib.createBrotliDecompress({ finishFlush: BROTLI_OPERATION_FLUSH }),
  ...(createZstdDecompress && { zstd: () => createZstdDecompress() }),
}

function lazily(make: Maker, onBytes: (bytes: Buffer) => void): Decoder {
  let stream: ReturnType<Maker> | undefined
  let broken = false
  return {
    push(bytes) {
      if (broken || bytes.length === 0) return
      stream ??= make(bytes[0]!)
        .on('data', onBytes)
        .on('error', () => {
          broken = true
        })
      if (stream.writableLength + bytes.length > MOST_WAITING) {
        broken = true
        stream.destroy()
      } else stream.write(Buffer.from(bytes)) // a copy: the bytes are the application's
    },
    finish(done) {
      if (!stream || broken || stream.destroyed) return done()
      stream.once('close', done).end()
    },
  }
}
