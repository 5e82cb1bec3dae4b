// Watches the bytes of a body while somebody else reads them. Called for the answer of every LLM call, and for the body of
// a Request object on its way out. There is no tee() and no copy: a chunk is looked at in the moment its reader gets it,
// so timing and back-pressure stay the reader's.
//
// `text()` and its kin call `getReader()` of the body's stream; `for await`, `tee` and the pipes do not, so each way to
// read has a hook. A tee makes two branches of the same bytes, as `clone()` does: they are counted once, by position.
import { hook } from './hook'
import { adapterReader, pipeSource } from './relay'

export interface Watcher {
  chunk(bytes: Uint8Array): void
  /** The body ended as the sender meant it. */
  done(): void
  failed(error: unknown): void
  /** Nobody will read on; `forgotten` when only the garbage collector noticed. */
  left(forgotten: boolean): void
  /** A failure of our own. */
  trouble(error: unknown): void
}

type Stream = ReadableStream<Uint8Array>
interface ReadResult {
  readonly done: boolean
  readonly value?: unknown
}

/** Tells of streams that were dropped unread. What it holds must not lead to the stream, or that would never happen. */
const dropped = new FinalizationRegistry<() => void>(tell => tell())

const branches = new WeakMap<Stream, Branch>()

/** The bytes of one body, over all its branches. */
class Watched {
  seen = 0
  open = 1
  over = false

  constructor(readonly watcher: Watcher) {}

  guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.watcher.trouble(error)
    }
  }

  end(tell: (watcher: Watcher) => void): void {
    if (this.over) return
    this.over = true
    dropped.unregister(this)
    this.guard(() => tell(this.watcher))
  }
}

/** One stream that carries the bytes, from where its body was split. */
class Branch {
  #open = true

  constructor(
    readonly body: Watched,
    private at: number,
  ) {}

  /** Observes the promise of one read before its reader does. */
  follow(read: unknown): void {
    this.body.guard(() => {
      ;(read as Promise<ReadResult>).then(
        result => this.#read(result),
        error => this.body.end(watcher => watcher.failed(error)),
      )
    })
  }

  leave(forgotten: boolean): void {
    if (!this.#open) return
    this.#open = false
    if (--this.body.open === 0) this.body.end(watcher => watcher.left(forgotten))
  }

  split(streams: readonly Stream[]): void {
    this.#open = false
    this.body.open += streams.length - 1
    for (const stream of streams) attach(stream, new Branch(this.body, this.at))
  }

  #read({ done, value }: ReadResult): void {
    const { body } = this
    if (body.over) return
    if (done) return body.end(watcher => watcher.done())
    if (!ArrayBuffer.isView(value)) return
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    this.at += bytes.length
    const fresh = this.at - body.seen
    if (fresh <= 0) return // another branch was here before
    body.seen = this.at
    body.guard(() => body.watcher.chunk(bytes.subarray(bytes.length - fresh)))
  }
}

export function watchStream(stream: Stream, watcher: Watcher): Watched {
  const body = new Watched(watcher)
  attach(stream, new Branch(body, 0))
  return body
}

/** Returns whether there is a body to watch. */
export function watchResponse(response: Response, watcher: Watcher): boolean {
  const stream = response.body
  if (typeof stream?.getReader !== 'function') return false
  const body = watchStream(stream, watcher)
  watchClone(response, body)
  // A stream that was read in part stays reachable from its connection, so it is the Response that tells.
  const branch = branches.get(stream)
  const reference = new WeakRef(stream)
  dropped.register(response, () => !reference.deref()?.locked && branch?.leave(true), body)
  return true
}

/** Node 26 clones without calling the stream's own `tee`; earlier versions call it, and there is nothing left to do. */
function watchClone(response: Response, body: Watched): void {
  hook(response, 'clone', native => {
    const before = response.body
    const copy = native() as Response
    body.guard(() => {
      if (response.body && copy.body && before && !branches.has(response.body)) {
        branches.get(before)?.split([response.body, copy.body])
      }
      watchClone(copy, body)
    })
    return copy
  })
}

function attach(stream: Stream, branch: Branch): void {
  const { body } = branch
  branches.set(stream, branch)
  dropped.register(stream, () => branch.leave(true), body)
  let relaying = false
  hook(stream, 'getReader', native => {
    if (!relaying) {
      let relayed: unknown
      relaying = true // its own reader comes through here too
      body.guard(() => {
        relayed = adapterReader(stream)
      })
      relaying = false
      if (relayed) return relayed
    }
    const reader = native()
    body.guard(() => watchReader(reader as ReadableStreamDefaultReader, branch))
    return reader
  })
  for (const name of ['values', Symbol.asyncIterator]) {
    hook(stream, name, (native, [options]) => {
      const iterator = native()
      const stays = (options as { preventCancel?: boolean } | undefined)?.preventCancel === true
      body.guard(() => watchIterator(iterator as AsyncIterator<unknown>, branch, stays))
      return iterator
    })
  }
  hook(stream, 'tee', native => {
    const pair = native()
    body.guard(() => branch.split(pair as [Stream, Stream]))
    return pair
  })
  hook(stream, 'cancel', (native, [reason]) => {
    const free = !stream.locked
    const cancelled = native()
    // undici cancels the body of a Response that was collected unread, in these words.
    if (free) branch.leave(reason === 'Response object has been garbage collected')
    return cancelled
  })
  for (const name of ['pipeTo', 'pipeThrough'] as const) {
    hook(stream, name, (native, args) => {
      let watched: Stream | undefined
      body.guard(() => {
        watched = pipeSource(stream, name, args)
      })
      return watched ? Reflect.apply(watched[name], watched, args) : native()
    })
  }
}

function watchReader(reader: ReadableStreamDefaultReader, branch: Branch): void {
  let released = false
  hook(reader, 'read', native => {
    const read = native()
    branch.follow(read)
    return read
  })
  hook(reader, 'cancel', native => {
    const cancelled = native()
    if (!released) branch.leave(false)
    return cancelled
  })
  hook(reader, 'releaseLock', native => {
    const result = native()
    released = true
    return result
  })
}

function watchIterator(iterator: AsyncIterator<unknown>, branch: Branch, stays: boolean): void {
  // The stream does not lead back to its iterator, so one that is dropped half way can be noticed.
  if (!stays) dropped.register(iterator, () => branch.leave(true), branch.body)
  hook(iterator, 'next', native => {
    const read = native()
    branch.follow(read)
    return read
  })
  hook(iterator, 'return', native => {
    const returned = native()
    if (!stays) branch.leave(false)
    return returned
  })
}
