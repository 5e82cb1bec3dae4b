// One LLM call of a node client, from the answer to its end, as the events of request and response tell it. Called by the
// hooks on both. What the application does not read is not read here either.
import type { Readable } from 'node:stream'
import type { HeaderOf } from '../../providers/protocol'
import type { LlmCall, Readers } from '../call'
import type { End } from '../failure'
import { type Decoder, decoder } from './decoder'

export class Following {
  #how: End | undefined
  #decoder: Decoder | 'none' | 'unknown' = 'none'
  #timingOut = false

  constructor(
    private readonly call: LlmCall,
    private readonly trouble: (error: unknown) => void,
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
    this.#decoder = decoder(header('content-encoding') ?? undefined, bytes => this.guard(() => this.call.chunk(bytes)))
  }

  /** @param chunk as the application gets it: text where it asked for an encoding */
  chunk(chunk: unknown, encoding: BufferEncoding | null): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding ?? 'utf8') : chunk
    if (!(bytes instanceof Uint8Array) || this.call.over) return
    if (this.#decoder === 'none') this.call.chunk(bytes)
    else if (this.#decoder !== 'unknown') this.#decoder.push(bytes)
  }

  /** While the application is told that there was no sign of life for too long; most destroy the request then. */
  timeout(tell: () => unknown): unknown {
    this.#timingOut = true
    try {
      return tell()
    } finally {
      this.#timingOut = false
    }
  }

  /** Somebody destroys the request, with an error or without. */
  destroyed(error: unknown): void {
    if (error) this.settle({ by: 'error', error })
    else if (this.#timingOut) this.settle({ by: 'error', error: new TimedOut('The request timed out') })
    else this.settle({ by: 'consumer' })
  }

  /** Somebody destroys the answer: node, when the connection is lost, or whoever reads, when it has read enough or fails. */
  unread(error: unknown): void {
    const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown }
    // The end of a `for await` comes as an abort, too; one by a signal has its cause.
    const lost = name === 'AbortError' ? cause !== undefined : typeof code === 'string' && code.startsWith('E')
    this.destroyed(lost ? error : undefined)
  }

  /** The first one counts: what follows an end is its consequence. */
  settle(how: End): void {
    if (this.#how) return
    this.#how = how
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
