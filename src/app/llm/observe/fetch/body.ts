// Watches the bytes of a body while somebody else reads them. Called for the answer of every LLM call, and for the body of a
// Request object on its way out. There is no tee() and no copy: a chunk is looked at in the moment its reader gets it, so
// timing and back-pressure stay the reader's. `text()` and its kin call `getReader()` of the body's stream; `for await`,
// `tee` and the pipes do not, so each way to read has a hook. A tee makes two branches of the same bytes, as `clone()` does:
// they are counted once, by position.
import type { Readers } from '../call-options'
import { hooks } from '../hook'
import { isAdapterCalling, readsPastReader } from './node-adapter'
import { pipeSource, relayReader } from './relay'

export interface Watcher {
  chunk(bytes: Uint8Array): void
  /** The body ended as the sender meant it. */
  done(): void
  failed(error: unknown): void
  /** Nobody will read on; `forgotten` when only the garbage collector noticed. */
  left(forgotten: boolean): void
  /** A failure of our own. It may come after the end, so this function outlives the watcher: it must not hold a call. */
  readonly trouble: (error: unknown) => void
}

type Stream = ReadableStream<Uint8Array>
type Reader = ReadableStreamDefaultReader<Uint8Array>
interface ReadResult {
  readonly done: boolean
  readonly value?: unknown
}

/**
 * Tells of what was dropped. What it holds must not lead back to the stream, or that would never happen; so it holds no
 * closures, which keep all that their function had in hand.
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
  /** Reads that have not been answered yet. */
  reads = 0
  /** None after the end: undici keeps each body until a full collection, and all that the body leads to. */
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

  /** A stream that was split stays locked. */
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

  /** @param detail the error of `failed`, and whether it was forgotten of `left` */
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

/** One stream that carries the bytes, from where its body was split. */
class Branch {
  #open = true
  /** A reader is being made for us. */
  relaying = false

  constructor(
    readonly body: Watched,
    private at: number,
    stream: Stream,
  ) {
    streams.hook(stream, this)
    dropped.register(stream, { branch: this }, body)
  }

  /** Observes one read before its reader does, who gets the promise that follows: one on the side would hide a rejection. */
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
  /** What the application gets. */
  readonly shown: Response
  readonly readers: Readers
}

/** Undefined where there is no body to watch. */
export function watchResponse(response: Response, watcher: Watcher): WatchedResponse | undefined {
  const stream = response.body
  if (typeof stream?.getReader !== 'function') return undefined
  const branch = watchStream(stream, watcher)
  responses.hook(response, branch.body)
  // A stream that was read in part stays reachable from its connection, so it is the Response that tells.
  dropped.register(response, { branch, unlessLocked: new WeakRef(stream) }, branch.body)
  return { shown: response, readers: branch.body }
}

const responses = hooks<Watched, Response>({
  clone(body, native, _, response) {
    const before = response.body
    const copy = native() as Response
    body.guard(() => {
      const streamsNow = [response.body, copy.body] as Stream[]
      // Node 26 clones without calling the stream's own `tee`; where it was called, there is nothing left to do.
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
    // undici cancels the body of a Response that was collected unread, in these words.
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
    // The stream does not lead back to its iterator, so one that is dropped half way can be noticed.
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
