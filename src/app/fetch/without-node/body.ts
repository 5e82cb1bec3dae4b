// Watches the bytes of an answer where the engine may read a body past any hook: Workers pipe an answer that is passed on in C++, and Bun and Deno
// collect a text inside. The application gets a Response whose body reads the real one, and holds nothing back (high water mark 0).
import { alike } from '../../llm/observe/fetch/hidden-usage'

type Body = typeof import('../../llm/observe/fetch/body')
type Watcher = import('../../llm/observe/fetch/body').Watcher

export const watchResponse: Body['watchResponse'] = (response, watcher) => {
  const source = response.body
  if (typeof source?.getReader !== 'function') return undefined
  const reader = source.getReader()
  try {
    const state = { waiting: false, seen: false }
    const shown = alike(new Response(watched(reader, watcher, state), response), response)
    const stream = new WeakRef(shown.body as ReadableStream)
    const readers = {
      get waiting() {
        return state.waiting
      },
      get released() {
        return state.seen && stream.deref()?.locked === false
      },
    }
    return { shown, readers }
  } catch (error) {
    reader.releaseLock()
    throw error
  }
}

function watched(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  watcher: Watcher,
  state: { waiting: boolean; seen: boolean },
): ReadableStream<Uint8Array> {
  const guarded = (work: () => void) => {
    try {
      work()
    } catch (error) {
      watcher.trouble(error)
    }
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        state.waiting = true
        try {
          const { done, value } = await reader.read()
          state.waiting = false
          if (done) {
            guarded(() => watcher.done())
            return controller.close()
          }
          state.seen = true
          guarded(() => watcher.chunk(value))
          controller.enqueue(value)
        } catch (error) {
          state.waiting = false
          guarded(() => watcher.failed(error))
          controller.error(error)
        }
      },
      cancel(reason) {
        guarded(() => watcher.left(false))
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
