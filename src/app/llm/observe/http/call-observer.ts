// One LLM call of a node client, from the answer to its end, by the events of request and response. What the
// application does not read is not read here either.

import type { Readable } from 'node:stream'
import type { HeaderOf } from '../../providers/protocol'
import type { Readers } from '../call-options'
import type { End } from '../failure'
import { type Asking, answered } from '../fetch/include-usage'
import { UsageFilter } from '../fetch/usage-filter'
import type { Exchange } from './calls'
import { type Decoder, decoder } from './decoder'

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

  /** @param headers all of them, as the client has them */
  responded(status: number, header: HeaderOf, readers: Readers, headers: unknown): void {
    this.call.responded(status, header, readers, headers)
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
    if (this.call.over && !this.call.tape) return
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
    if (typeof this.#decoder === 'object' && !(this.call.over && !this.call.tape)) this.#decoder.finish(end)
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
