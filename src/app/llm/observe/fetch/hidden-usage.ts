// If the app did not request usage but we did, it gets the answer without the usage. The app receives a Response of the engine whose body
// reads the real one, so that every way to read it works. Nothing is buffered (high water mark 0): one read of the app causes as many reads
// of the source as needed for visible bytes.
import { UsageFilter } from './usage-filter'

/** @param seen receives the original bytes */
export function withoutUsage(
  response: Response,
  seen: (bytes: Uint8Array) => void,
): { readonly shown: Response; cancel(): void } | undefined {
  const source = response.body
  if (typeof source?.getReader !== 'function' || response.status !== 200) return undefined
  const reader = source.getReader()
  const cancel = () => void reader.cancel().catch(() => {})
  try {
    const { status, statusText } = response
    const headers = new Headers(response.headers)
    headers.delete('content-length') // it is of what came, and whoever passes headers on would cut the answer there
    const shown = new Response(filtered(reader, seen), { status, statusText, headers })
    return { shown: alike(shown, response), cancel }
  } catch (error) {
    reader.releaseLock()
    throw error
  }
}

function filtered(reader: ReadableStreamDefaultReader<Uint8Array>, seen: (bytes: Uint8Array) => void) {
  const filter = new UsageFilter()
  let failure: { readonly error: unknown } | undefined
  let over = false
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      for (;;) {
        let shown: Uint8Array
        if (failure) return controller.error(failure.error)
        if (over) {
          controller.close()
          controller.byobRequest?.respond(0)
          return
        }
        try {
          const { done, value } = await reader.read()
          if (value) seen(value)
          over = done
          shown = value ? filter.push(value) : filter.end()
        } catch (error) {
          failure = { error }
          shown = filter.end() // what came before it was there to be read
        }
        // A copy, because the stream transfers the memory, and small buffers share theirs with the whole process.
        if (shown.length > 0) return controller.enqueue(new Uint8Array(shown))
      }
    },
    cancel: reason => reader.cancel(reason),
  })
}

/** Copies properties that only a Response from the network has. */
export function alike(
  shown: Response,
  { url, redirected, type }: { url: string; redirected: boolean; type: Response['type'] },
) {
  const network = { url, redirected, type }
  const properties = Object.entries(network).map(([name, value]) => [name, { configurable: true, get: () => value }])
  // Uses `this`, because a closure that references its own object could not be collected unread.
  const clone = function (this: Response) {
    return alike(Response.prototype.clone.call(this) as Response, network)
  }
  return Object.defineProperties(shown, {
    ...Object.fromEntries(properties),
    clone: { configurable: true, writable: true, value: clone },
  })
}
