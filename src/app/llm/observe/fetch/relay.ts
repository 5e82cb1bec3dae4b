// Makes bytes visible that the engine would read from inside, past any hook. Called when a watched stream is piped or made a
// Node stream: the engine gets a stream that reads the watched one. It holds nothing back (high water mark 0): one read of
// the engine is one read of the source, and pipe and adapter stay the engine's own.

type Stream = ReadableStream<Uint8Array>
type PipeOptions = Parameters<Stream['pipeTo']>[1]

/**
 * What to pipe instead of `source`. Undefined where the engine has to do it alone: it will refuse these arguments, or has
 * to leave the source usable afterwards (`preventCancel`), which a reader in between could not.
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

/** What the engine reads past any hook is made visible to a reader, too. Undefined where somebody has one already. */
export function relayReader(source: Stream): ReadableStreamDefaultReader<Uint8Array> | undefined {
  return source.locked ? undefined : relay(source, false).getReader()
}

/** @param pipe a pipe disturbs its source at once (`bodyUsed`), and gives its lock back at the end */
function relay(source: Stream, pipe: boolean): Stream {
  const reader = source.getReader()
  let next = pipe ? reader.read() : undefined
  next?.catch(() => {})
  let pulling = Promise.resolve()
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const settle = (end: () => void) => {
          // The source may close with its last chunk still on the way through `pull`.
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
