// Watches the bytes of a body while the app reads them. Called for the answer of every LLM call, and for the body of an outgoing Request
// object. There is no tee() and no copy: each chunk is inspected at the moment its reader receives it, so timing and back-pressure do not
// change. `text()` and similar methods call `getReader()` of the body's stream; `for await`, `tee` and the pipes do not, so each way to
// read has its own hook. A tee creates two branches of the same bytes, as `clone()` does; they are counted once, by position.
import type { Readers } from '../call-options'
import { hooks } from '../hook'
import { isAdapterCalling, readsPastReader } from './node-adapter'
import { pipeSource, relayReader } from './relay'

export interface Watcher {
  chunk(bytes: Uint8Array): void
  /** The body ended normally. */
  done(): void
  failed(error: unknown): void
  /** The body will not be read further; `forgotten` if only the garbage collector noticed. */
  left(forgotten: boolean): void
  /** Reports a failure of our own. It may be called after the end and outlives the watcher, so it must not reference a call. */
  readonly trouble: (error: unknown) => void
}

type Stream = ReadableStream<Uint8Array>
type Reader = ReadableStreamDefaultReader<Uint8Array>
interface ReadResult {
  readonly done: boolean
  readonly value?: unknown
}

/**
 * Reports dropped streams. Held values must not lead back to the stream, or it would never be collected; so they contain no closures, which
 * keep all variables of their function alive.
 */
const dropped = new FinalizationRegistry<{ branch: Branch; unlessLocked?: WeakRef<Stream> }>(
  ({ branch, unlessLocked }) => {
    if (!unlessLocked?.deref()?.locked) branch.leave(true)
  },
)

/** The bytes of one body, over all its branches. */
class Watched {
  seen = 0
  open = 1
  /** Number of pending reads. */
  reads = 0
  /** Unset after the end, because undici keeps each body, and all that it references, until a full garbage collection. */
  watcher: Watcher | undefined
  readonly trouble: Watcher['trouble']
  readonly #stream: WeakRef<Stream>

  constructor(watcher: Watcher, stream: Stream) {
    this.watcher = watcher
    this.trouble = watcher.trouble
    this.#stream = new WeakRef(stream)
  }

  get waiting(): boolean {
    return this.reads > 0
  }

  /** False for a stream that was split, because it stays locked. */
  get released(): boolean {
    return this.seen > 0 && this.#stream.deref()?.locked === false
  }

  guard<Result>(work: () => Result): Result | undefined {
    try {
      return work()
    } catch (error) {
      this.trouble(error)
      return undefined
    }
  }

  /** @param detail the error for `failed`; for `left`, whether it was forgotten */
  end(how: 'done' | 'failed' | 'left', detail?: unknown): void {
    const { watcher } = this
    if (!watcher) return
    this.watcher = undefined
    dropped.unregister(this)
    try {
      if (how === 'done') watcher.done()
      else if (how === 'failed') watcher.failed(detail)
      else watcher.left(detail === true)
    } catch (error) {
      this.trouble(error)
    }
  }
}

/** One stream that carries the bytes, starting at the position where its body was split. */
class Branch {
  #open = true
  /** Whether a reader is being created for our own use. */
  relaying = false

  constructor(
    readonly body: Watched,
    private at: number,
    stream: Stream,
  ) {
    streams.hook(stream, this)
    dropped.register(stream, { branch: this }, body)
  }

  /**
   * Observes one read before its reader does. The reader gets the derived promise, because a handler on a side branch would hide an
   * unhandled rejection.
   */
  follow(read: unknown): unknown {
    const { body } = this
    if (!(read instanceof Promise)) return read
    body.reads++
    return read.then(
      (result: ReadResult) => {
        this.#read(result)
        return result
      },
      error => {
        body.reads--
        body.end('failed', error)
        throw error
      },
    )
  }

  leave(forgotten: boolean): void {
    if (!this.#open) return
    this.#open = false
    if (--this.body.open === 0) this.body.end('left', forgotten)
  }

  split(streams: readonly Stream[]): void {
    this.#open = false
    this.body.open += streams.length - 1
    for (const stream of streams) new Branch(this.body, this.at, stream)
  }

  #read({ done, value }: ReadResult): void {
    const { body } = this
    body.reads--
    if (done) return body.end('done')
    if (!ArrayBuffer.isView(value)) return
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    this.at += bytes.length
    const fresh = this.at - body.seen
    if (fresh <= 0) return // another branch was here before
    body.seen = this.at
    try {
      body.watcher?.chunk(fresh === bytes.length ? bytes : bytes.subarray(bytes.length - fresh))
    } catch (error) {
      body.trouble(error)
    }
  }
}

export function watchStream(stream: Stream, watcher: Watcher): Branch {
  return new Branch(new Watched(watcher, stream), 0, stream)
}

export interface WatchedResponse {
  /** The response for the application. */
  readonly shown: Response
  readonly readers: Readers
}

/** Undefined if there is no body to watch. */
export function watchResponse(response: Response, watcher: Watcher): WatchedResponse | undefined {
  const stream = response.body
  if (typeof stream?.getReader !== 'function') return undefined
  const branch = watchStream(stream, watcher)
  responses.hook(response, branch.body)
  // A partly read stream stays reachable from its connection, so the Response is registered instead.
  dropped.register(response, { branch, unlessLocked: new WeakRef(stream) }, branch.body)
  return { shown: response, readers: branch.body }
}

const responses = hooks<Watched, Response>({
  clone(body, native, _, response) {
    const before = response.body
    const copy = native() as Response
    body.guard(() => {
      const streamsNow = [response.body, copy.body] as Stream[]
      // Node 26 clones without calling the stream's own `tee`; if it was called, there is nothing left to do.
      if (before && !streams.context(streamsNow[0]!)) streams.context(before)?.split(streamsNow)
      responses.hook(copy, body)
    })
    return copy
  },
})

const streams = hooks<Branch, Stream>({
  getReader(branch, native, _, stream) {
    const { body } = branch
    if (readsPastReader && !branch.relaying) {
      branch.relaying = true // its own reader comes through here, too
      const relayed = body.guard(() => (isAdapterCalling() ? relayReader(stream) : undefined))
      branch.relaying = false
      if (relayed) return relayed
    }
    const reader = native() as Reader
    try {
      readers.hook(reader, { branch, released: false })
    } catch (error) {
      body.trouble(error)
    }
    return reader
  },
  values: iterated,
  [Symbol.asyncIterator]: iterated,
  tee(branch, native) {
    const pair = native()
    branch.body.guard(() => branch.split(pair as [Stream, Stream]))
    return pair
  },
  cancel(branch, native, [reason], stream) {
    const free = !stream.locked
    const cancelled = native()
    // undici cancels the body of a Response that was collected unread with this reason.
    if (free) branch.leave(reason === 'Response object has been garbage collected')
    return cancelled
  },
  pipeTo: (branch, native, args, stream) => piped(branch, 'pipeTo', native, args, stream),
  pipeThrough: (branch, native, args, stream) => piped(branch, 'pipeThrough', native, args, stream),
})

const readers = hooks<{ branch: Branch; released: boolean }, Reader>({
  read: ({ branch }, native) => branch.follow(native()),
  cancel({ branch, released }, native) {
    const cancelled = native()
    if (!released) branch.leave(false)
    return cancelled
  },
  releaseLock(reader, native) {
    const result = native()
    reader.released = true
    return result
  },
})

const iterators = hooks<{ branch: Branch; stays: boolean }, AsyncIterator<Uint8Array>>({
  next: ({ branch }, native) => branch.follow(native()),
  return({ branch, stays }, native) {
    const returned = native()
    if (!stays) branch.leave(false)
    return returned
  },
})

function iterated(branch: Branch, native: () => unknown, [options]: unknown[]): unknown {
  const iterator = native() as AsyncIterator<Uint8Array>
  const stays = (options as { preventCancel?: boolean } | undefined)?.preventCancel === true
  branch.body.guard(() => {
    iterators.hook(iterator, { branch, stays })
    // The stream does not reference its iterator, so an iterator that is dropped half-way can be noticed.
    if (!stays) dropped.register(iterator, { branch }, branch.body)
  })
  return iterator
}

function piped(
  branch: Branch,
  name: 'pipeTo' | 'pipeThrough',
  native: () => unknown,
  args: unknown[],
  stream: Stream,
): unknown {
  const watched = branch.body.guard(() => pipeSource(stream, name, args))
  return watched ? Reflect.apply(watched[name], watched, args) : native()
}
