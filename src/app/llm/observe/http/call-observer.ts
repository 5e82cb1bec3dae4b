// Observes one LLM call of a Node client, from the answer to its end, by the events of request and response. Bytes that the app does not
// read are not read here either.

import type { Readable } from 'node:stream'
import type { HeaderOf } from '../../providers/protocol'
import type { Readers } from '../call-options'
import type { End } from '../failure'
import { type Asking, answered } from '../fetch/include-usage'
import { UsageFilter } from '../fetch/usage-filter'
import type { Exchange } from './calls'
import { type Decoder, decoder } from './decoder'

/** Maximum characters of a refusal in which the refused option is searched. */
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

  /** @param chunk as the app gets it: text if it set an encoding */
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

  /** Whether the app gets the result of `shown` instead of the original bytes. */
  get hides(): boolean {
    return this.#filter !== undefined
  }

  /** Returns the bytes for the app, possibly none yet; without an argument, the buffered rest. */
  shown(bytes?: Uint8Array): Uint8Array {
    if (!bytes) return this.#filter!.end()
    this.guard(() => this.#received(bytes))
    return this.#filter!.push(bytes)
  }

  /** Called around the event `timeout`, because most apps destroy the request in its handler. */
  timeout(emit: () => unknown): unknown {
    this.#timingOut = true
    try {
      return emit()
    } finally {
      this.#timingOut = false
    }
  }

  /** Called when the request is destroyed, with or without an error. */
  destroyed(error: unknown): void {
    if (error) this.end({ by: 'error', error })
    else if (this.#timingOut) this.end({ by: 'error', error: new TimedOut('The request timed out') })
    else this.end({ by: 'consumer' })
  }

  /** Called when the answer is destroyed: by Node, if the connection is lost, or by a reader that has read enough or fails. */
  unread(error: unknown): void {
    const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown }
    // The end of a `for await` also appears as an abort, but only an abort by a signal has a cause.
    const lost = name === 'AbortError' ? cause !== undefined : typeof code === 'string' && code.startsWith('E')
    this.destroyed(lost ? error : undefined)
  }

  /** Only the first call counts, because anything after an end is its consequence. */
  end(how: End): void {
    if (this.#how) return
    this.#how = how
    if (this.asking && this.#status > 0) answered(this.asking, this.#status, this.#refusal)
    const end = () => this.guard(() => this.call.end(how))
    if (typeof this.#decoder === 'object' && !(this.call.over && !this.call.tape)) this.#decoder.finish(end)
    else end()
  }
}

/** Holds the stream weakly: the call is kept until it ends, and the stream may be dropped before. */
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

/** Maximum transforms in a row through which readers are searched. */
const MOST_PIPES = 4

function isRead(stream: Readable, further: number): boolean {
  if (stream.readableFlowing !== true) {
    // A listener of `readable`, as `for await` has, waits when the buffer is empty.
    return stream.readableLength === 0 && stream.listenerCount('readable') > 0
  }
  // A pipe fills its target's buffer whether it is read or not: node-fetch pipes into its own stream.
  const { pipes } = (stream as { _readableState?: { pipes?: unknown } })._readableState ?? {}
  if (!Array.isArray(pipes) || pipes.length === 0 || stream.listenerCount('data') > pipes.length) return true
  return pipes.some(target => typeof target.read !== 'function' || (further > 0 && isRead(target, further - 1)))
}

class TimedOut extends Error {
  override name = 'TimeoutError'
}
