// Makes bytes visible that the engine would read internally, past any hook. Called when a watched stream is piped or converted to a Node
// stream: the engine gets a stream that reads the watched one. Nothing is buffered (high water mark 0): one read of the engine is one read
// of the source, and the pipe and adapter remain the engine's own.

type Stream = ReadableStream<Uint8Array>
type PipeOptions = Parameters<Stream['pipeTo']>[1]

/**
 * Returns the stream to pipe instead of `source`. Undefined if the engine has to handle it alone: it will reject these arguments, or must
 * leave the source usable afterwards (`preventCancel`), which a reader in between could not.
 */
export function pipeSource(source: Stream, method: 'pipeTo' | 'pipeThrough', args: unknown[]): Stream | undefined {
  const [target, options] = args as [unknown, PipeOptions]
  const pair = target as { readable?: unknown; writable?: unknown } | undefined
  const writable = method === 'pipeTo' ? target : pair?.writable
  if (source.locked || !(writable instanceof WritableStream) || writable.locked) return undefined
  if (method === 'pipeThrough' && !(pair?.readable instanceof ReadableStream)) return undefined
  if (options?.preventCancel || (options?.signal !== undefined && !(options.signal instanceof AbortSignal))) {
    return undefined
  }
  return relay(source, true)
}

/** Makes internal reads of the engine visible through a reader. Undefined if the stream is already locked. */
export function relayReader(source: Stream): ReadableStreamDefaultReader<Uint8Array> | undefined {
  return source.locked ? undefined : relay(source, false).getReader()
}

/** @param pipe a pipe disturbs its source at once (`bodyUsed`), and releases its lock at the end */
function relay(source: Stream, pipe: boolean): Stream {
  const reader = source.getReader()
  let next = pipe ? reader.read() : undefined
  next?.catch(() => {})
  let pulling = Promise.resolve()
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const settle = (end: () => void) => {
          // The source may close while its last chunk is still on the way through `pull`.
          pulling
            .then(() => {
              if (pipe) reader.releaseLock()
              end()
            })
            .catch(() => {}) // whoever reads has already cancelled
        }
        reader.closed.then(
          () => settle(() => controller.close()),
          error => settle(() => controller.error(error)),
        )
      },
      pull(controller) {
        const read = next ?? reader.read()
        next = undefined
        pulling = read.then(
          ({ done, value }) => {
            if (!done) controller.enqueue(value)
          },
          () => {}, // `closed` tells it as well
        )
        return pulling
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
