// Every way to read an answer. Each returns all that an application can see of it, so that two runs can be compared.
import { Readable } from 'node:stream'
import * as consumers from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { inspect } from 'node:util'

export interface Consumer {
  read(response: Response): Promise<unknown>
  /** How the span has to say that it ended; complete by default. */
  end?: 'complete' | 'consumer'
}

type Chunks = AsyncIterable<Uint8Array>
const body = (response: Response) => response.body as ReadableStream<Uint8Array>
// By bytes: the pieces may part in the middle of a character.
const text = (bytes: Uint8Array | ArrayBuffer) => Buffer.from(bytes as Uint8Array).toString('latin1')
const failure = (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`
const failing = (work: () => unknown) =>
  new Promise(resolve => resolve(work())).then(
    () => 'no error',
    error => failure(error),
  )
const state = (response: Response) => [response.bodyUsed, body(response).locked]

// Where the socket parts the bytes differs from run to run, so they are compared as a whole.
async function iterated(stream: unknown): Promise<string> {
  let whole = ''
  for await (const chunk of stream as Chunks) whole += text(chunk)
  return whole
}

async function drained(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let whole = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return whole
    whole += text(value)
  }
}

function sink(chunks: string[], wait = 0, fail = Number.POSITIVE_INFINITY): WritableStream<Uint8Array> {
  return new WritableStream({
    async write(chunk) {
      if (chunks.length >= fail) throw new Error('sink is full')
      chunks.push(text(chunk))
      if (wait) await new Promise(resolve => setTimeout(resolve, wait))
    },
    close: () => void chunks.push('(closed)'),
    abort: reason => void chunks.push(`(aborted ${failure(reason)})`),
  })
}

export const readers: Record<string, Consumer> = {
  'text()': { read: async r => [await r.text(), ...state(r)] },
  'json()': { read: async r => [await failing(() => r.json()), ...state(r)] },
  'arrayBuffer()': { read: async r => [text(await r.arrayBuffer()), ...state(r)] },
  'blob()': { read: async r => [await (await r.blob()).text(), ...state(r)] },
  'bytes()': { read: async r => text(await (r as unknown as { bytes(): Promise<Uint8Array> }).bytes()) },
  'formData()': { read: r => failing(() => r.formData()) },
  'text() twice': { read: async r => [await r.text(), await failing(() => r.text()), await failing(() => r.clone())] },
  'for await': { read: async r => [await iterated(r.body), ...state(r)] },
  'values(), next by next': {
    read: async r => {
      const iterator = (r.body as unknown as { values(): AsyncIterator<Uint8Array> }).values()
      const first = await iterator.next()
      const rest = await Promise.all([iterator.next(), iterator.next()])
      const left = await iterated({ [Symbol.asyncIterator]: () => iterator })
      const chunks = [first, ...rest].map(({ value }) => text(value))
      return [chunks.join('') + left, ...state(r)]
    },
  },
  'values({preventCancel}), then a reader': {
    read: async r => {
      let first = ''
      for await (const chunk of (r.body as unknown as { values(o: object): Chunks }).values({ preventCancel: true })) {
        first = text(chunk)
        break
      }
      const between = state(r)
      return [first + (await drained(body(r).getReader())), between]
    },
  },
  'getReader()': {
    read: async r => {
      const reader = body(r).getReader()
      const before = [state(r), await failing(() => body(r).getReader()), await failing(() => r.text())]
      const chunks = await drained(reader)
      await reader.closed
      reader.releaseLock()
      return [before, chunks, state(r), await failing(() => reader.read())]
    },
  },
  'getReader(), two reads at once': {
    read: async r => {
      const reader = body(r).getReader()
      const two = await Promise.all([reader.read(), reader.read()])
      return two.map(({ value }) => text(value!)).join('') + (await drained(reader))
    },
  },
  'a reader for each chunk': {
    read: async r => {
      const chunks: string[] = []
      for (;;) {
        const reader = body(r).getReader()
        const { done, value } = await reader.read()
        reader.releaseLock()
        if (done) return chunks.join('')
        chunks.push(text(value))
      }
    },
  },
  'a BYOB reader': {
    read: async r => {
      const reader = body(r).getReader({ mode: 'byob' })
      let whole = ''
      let buffer = new ArrayBuffer(100)
      for (;;) {
        const { done, value } = await reader.read(new Uint8Array(buffer, 10, 61))
        if (value) {
          whole += Buffer.from(value).toString('latin1')
          buffer = value.buffer as ArrayBuffer
          new Uint8Array(buffer).fill(0x58) // the buffer is the application's: what was seen must not be needed again
        }
        if (done) return whole
      }
    },
  },
  'tee(), both read': {
    read: async r => {
      const [a, b] = body(r).tee()
      return [await iterated(a), await iterated(b), ...state(r)]
    },
  },
  'tee(), at once': {
    read: async r => {
      const [a, b] = body(r).tee()
      return Promise.all([iterated(a), new Response(b).text()])
    },
  },
  'tee(), one cancelled': {
    read: async r => {
      const [a, b] = body(r).tee()
      void a.cancel('not needed')
      return iterated(b)
    },
  },
  'clone(), both read': {
    read: async r => {
      const before = r.body
      const copy = r.clone()
      const same = [before === r.body, before?.locked, copy instanceof Response, copy.url === r.url, ...state(copy)]
      return [same, await copy.text(), await r.text(), ...state(r)]
    },
  },
  'clone(), only the copy read': { read: async r => iterated(r.clone().body) },
  'clone() of a clone': {
    read: async r => {
      const second = r.clone().clone()
      return [await second.text(), await iterated(r.body)]
    },
  },
  'pipeThrough(), text': {
    read: async r => {
      const decoded = body(r).pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
      const during = state(r)
      const chunks: string[] = []
      for await (const chunk of decoded as unknown as AsyncIterable<string>) chunks.push(chunk)
      return [during, chunks.join('')]
    },
  },
  'pipeTo()': {
    read: async r => {
      const chunks: string[] = []
      const piping = body(r).pipeTo(sink(chunks))
      return [state(r), await piping, chunks.join(''), ...state(r)]
    },
  },
  'pipeTo(), slow': {
    read: async r => {
      const chunks: string[] = []
      await body(r).pipeTo(sink(chunks, 1))
      return chunks.join('')
    },
  },
  'pipeTo({preventClose})': {
    read: async r => {
      const chunks: string[] = []
      const into = sink(chunks)
      await body(r).pipeTo(into, { preventClose: true })
      await into.getWriter().write(Buffer.from('more'))
      return chunks.join('')
    },
  },
  'pipeTo() with what cannot be written to': {
    read: async r => {
      const locked = new WritableStream()
      locked.getWriter()
      const refused = [
        await failing(() => body(r).pipeTo(locked)),
        await failing(() => body(r).pipeTo({} as WritableStream)),
        await failing(() => body(r).pipeThrough({} as never)),
        await failing(() => body(r).pipeThrough({ readable: new ReadableStream(), writable: locked })),
        await failing(() => body(r).pipeTo(new WritableStream(), { signal: 'x' as never })),
      ]
      return [refused, ...state(r), await r.text()]
    },
  },
  'another Response around the body': { read: async r => [await new Response(r.body).text(), ...state(r)] },
  'Readable.fromWeb()': {
    read: async r => {
      const readable = Readable.fromWeb(r.body as never)
      return [state(r), await iterated(readable), ...state(r)]
    },
  },
  'stream/consumers': { read: r => consumers.text(r.body as never) },
  'stream/promises pipeline': {
    read: async r => {
      const chunks: string[] = []
      await (pipeline as (...stages: unknown[]) => Promise<void>)(r.body, async (source: Chunks) => {
        for await (const chunk of source) chunks.push(text(chunk))
      })
      return chunks.join('')
    },
  },
  'what it looks like': {
    read: async r => {
      const { url, redirected, type, status, statusText, ok } = r
      const keys = [Object.keys(r), Object.keys(body(r)), JSON.stringify(r)]
      const seen = [
        r instanceof Response,
        r.constructor.name,
        body(r) instanceof ReadableStream,
        Object.is(r.body, body(r)),
      ]
      const looks = inspect(r).replaceAll(/\d{4,5}\/|\bdate\b.*|'date'.*/g, '')
      return [new URL(url).pathname, redirected, type, status, statusText, ok, keys, seen, looks, await r.text()]
    },
  },
}

export const leavers: Record<string, Consumer> = {
  'break out of for await': {
    end: 'consumer',
    read: async r => {
      for await (const chunk of r.body as unknown as Chunks) return [text(chunk).slice(0, 50), r.bodyUsed]
    },
  },
  'throw out of for await': {
    end: 'consumer',
    read: r =>
      failing(async () => {
        for await (const _ of r.body as unknown as Chunks) throw new Error('enough')
      }),
  },
  'cancel() unread': {
    end: 'consumer',
    read: async r => [await body(r).cancel(), ...state(r), await r.text().catch(failure)],
  },
  'reader.cancel()': {
    end: 'consumer',
    read: async r => {
      const reader = body(r).getReader()
      await reader.read()
      return [await reader.cancel('enough'), await reader.read(), ...state(r)]
    },
  },
  'cancel() while it is locked': {
    read: async r => {
      const reader = body(r).getReader()
      return [await failing(() => body(r).cancel()), await drained(reader)]
    },
  },
  'cancel() by a reader that was released': {
    read: async r => {
      const reader = body(r).getReader()
      reader.releaseLock()
      return [await failing(() => reader.cancel()), await r.text()]
    },
  },
  'both branches cancelled': {
    end: 'consumer',
    read: async r => {
      const [a, b] = body(r).tee()
      const reader = a.getReader()
      const { value } = await reader.read()
      return [text(value!).slice(0, 50), await Promise.all([reader.cancel(), b.cancel()]), ...state(r)]
    },
  },
  'a pipe whose target fails': {
    end: 'consumer',
    read: async r => {
      const chunks: string[] = []
      return [await failing(() => body(r).pipeTo(sink(chunks, 0, 2))), chunks.length, ...state(r)]
    },
  },
  'a pipe that is aborted': {
    end: 'consumer',
    read: async r => {
      const chunks: string[] = []
      const controller = new AbortController()
      const piping = body(r).pipeTo(sink(chunks, 5), { signal: controller.signal })
      setTimeout(() => controller.abort(new Error('stop')), 12)
      return [await failing(() => piping), chunks.at(-1), ...state(r)]
    },
  },
}
