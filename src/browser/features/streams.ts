/**
 * What a person sees of a streamed answer: when its first piece came and the longest gap between two, as the event
 * `afn.stream` in the span of the request. Pieces are seen as the app reads them; nothing is cloned, teed or buffered.
 */
import { guarded } from '../diagnose'
import { event, wallTime } from '../record'
import { type RequestSpan, watchers } from '../request-span'

const STREAMED = /event-stream|ndjson|jsonl|json-seq/
/** Server-sent events that carry something; comments, names and the mark of the end are no piece of an answer. */
const PIECE = /^data: ?(?!\[DONE\])./m

type End = 'complete' | 'consumer' | 'cut'

function stopwatch({ span, started }: RequestSpan, isEvents: boolean) {
  let first: number | undefined
  let last = started
  let gap = 0
  let pieces = 0
  let bytes = 0
  let over = false
  const isPiece = (chunk: unknown) => {
    if (!isEvents || first !== undefined || !(chunk instanceof Uint8Array)) return true
    return PIECE.test(new TextDecoder().decode(chunk.subarray(0, 4096)))
  }
  return {
    piece: guarded((chunk: unknown) => {
      bytes += (chunk as Uint8Array).byteLength || 0
      if (!isPiece(chunk)) return
      const now = performance.now()
      if (first === undefined) first = Math.round(now - started)
      else gap = Math.max(gap, Math.round(now - last))
      last = now
      pieces++
    }),
    end: guarded((end: End) => {
      if (over) return
      over = true
      event(
        'afn.stream',
        {
          'afn.stream.end': end,
          'afn.stream.first_piece_ms': first,
          'afn.stream.longest_gap_ms': gap,
          'afn.stream.duration_ms': Math.round(performance.now() - started),
          'afn.stream.pieces': pieces,
          'afn.stream.bytes': bytes,
        },
        9,
        span.context,
        wallTime(started),
      )
    }),
  }
}
type Stopwatch = ReturnType<typeof stopwatch>

/** What `pipeTo` and the like read passes here. */
const counter = ({ piece, end }: Stopwatch) =>
  new TransformStream({
    transform(chunk, controller) {
      piece(chunk)
      controller.enqueue(chunk)
    },
    flush: () => end('complete'),
    cancel: () => end('consumer'),
  } as Transformer<Uint8Array, Uint8Array>)

function watchReader(reader: ReadableStreamDefaultReader<Uint8Array>, { piece, end }: Stopwatch): void {
  const { read, cancel } = reader
  reader.read = () => {
    return read.call(reader).then(
      result => {
        if (result.done) end('complete')
        else piece(result.value)
        return result
      },
      error => {
        end('cut')
        throw error
      },
    )
  }
  reader.cancel = reason => {
    end('consumer')
    return cancel.call(reader, reason)
  }
}

/** The ways in which an app reads a stream, each on this one stream only; `response.text()` and the like go unseen. */
function watchBody(body: ReadableStream<Uint8Array>, watch: Stopwatch): void {
  const { getReader, pipeThrough } = body
  const through = () => pipeThrough.call(body, counter(watch))
  const watched = body as unknown as Record<string | symbol, unknown>
  watched.getReader = (...args: Parameters<typeof getReader>) => {
    const reader = getReader.apply(body, args)
    if (reader instanceof ReadableStreamDefaultReader) watchReader(reader, watch)
    return reader
  }
  for (const name of ['pipeThrough', 'pipeTo', 'tee', 'values', Symbol.asyncIterator] as const)
    if (name in body) watched[name] = (...args: []) => (through()[name as 'tee'] as () => unknown)(...args)
}

export function streams(): void {
  watchers.push((response, request) => {
    const type = response.headers.get('content-type') ?? ''
    if (response.body && STREAMED.test(type))
      watchBody(response.body, stopwatch(request, type.includes('event-stream')))
  })
}
