// Makes the bytes of a piped body visible. Called when a watched stream is piped: the engine reads a piped stream from
// inside, past any hook, so the pipe gets a stream that reads the watched one. It holds nothing back (high water mark 0):
// one read of the pipe is one read of the source, and the pipe itself stays the engine's own.

type Stream = ReadableStream<Uint8Array>
type PipeOptions = Parameters<Stream['pipeTo']>[1]

/**
 * Undefined where the engine has to do it alone: it will refuse these arguments, or has to leave the source usable
 * afterwards (`preventCancel`), which a reader in between could not.
 */
export function relay(source: Stream, method: 'pipeTo' | 'pipeThrough', args: unknown[]): Stream | undefined {
  const [target, options] = args as [unknown, PipeOptions]
  const pair = target as { readable?: unknown; writable?: unknown } | undefined
  const writable = method === 'pipeTo' ? target : pair?.writable
  if (source.locked || !(writable instanceof WritableStream) || writable.locked) return undefined
  if (method === 'pipeThrough' && !(pair?.readable instanceof ReadableStream)) return undefined
  if (options?.preventCancel || (options?.signal !== undefined && !(options.signal instanceof AbortSignal)))
    return undefined
  return reading(source)
}

function reading(source: Stream): Stream {
  const reader = source.getReader()
  let pulling = Promise.resolve()
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const settle = (end: () => void) => {
          // The source may close with its last chunk still on the way through `pull`.
          pulling
            .then(() => {
              reader.releaseLock()
              end()
            })
            .catch(() => {}) // the pipe has already cancelled
        }
        reader.closed.then(
          () => settle(() => controller.close()),
          error => settle(() => controller.error(error)),
        )
      },
      pull(controller) {
        pulling = reader.read().then(
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
