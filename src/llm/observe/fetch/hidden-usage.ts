// The answer to a request for counts that the application did not make, without the counts. The application gets
// a Response of the engine's own whose body reads the real one, so that every way to read it is the engine's, too. It holds
// nothing back (high water mark 0): one read of the application is as many of the source as it takes to show something.
import { type Doc, doc, list, parsed } from '../wire/json'

/** @param seen gets the bytes as they came */
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
        // A copy: the stream takes the memory itself away, and small buffers share theirs with all of the process.
        if (shown.length > 0) return controller.enqueue(new Uint8Array(shown))
      }
    },
    cancel: reason => reader.cancel(reason),
  })
}

/** What a Response only has when it comes from the network. */
function alike(
  shown: Response,
  { url, redirected, type }: { url: string; redirected: boolean; type: Response['type'] },
) {
  const network = { url, redirected, type }
  const properties = Object.entries(network).map(([name, value]) => [name, { configurable: true, get: () => value }])
  // By `this`: what holds its own object could not be collected unread.
  const clone = function (this: Response) {
    return alike(Response.prototype.clone.call(this) as Response, network)
  }
  return Object.defineProperties(shown, {
    ...Object.fromEntries(properties),
    clone: { configurable: true, writable: true, value: clone },
  })
}

// Takes out of the bytes of a stream of OpenAI's what is there only because we requested its counts: the chunk that has nothing
// else, and the `"usage":null` of every other. It passes on whole events; every other byte stays as it is.

/** An event larger than this goes through as it is. */
const MAX_EVENT = 262_144
/** Events that seem to have counts and are no JSON, after which a stream goes through as it is: to refuse one takes long. */
const PATIENCE = 20

/** The end of an event: two ends of lines. A carriage return at the end of what is there may be half of one. */
const EVENT_END = /(?:\r\n|\n|\r(?!\n)){2}/g

export class UsageFilter {
  #pending = ''
  #refused = 0

  /** What can be read of these bytes, and of those before them. May be nothing yet. */
  push(bytes: Uint8Array): Uint8Array {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const text = this.#pending + chunk
    let out = ''
    let from = 0
    // What was there before is looked at once: only its last three bytes may belong to an end that comes now.
    EVENT_END.lastIndex = Math.max(0, this.#pending.length - 3)
    for (const { index, 0: end } of text.matchAll(EVENT_END)) {
      const to = index + end.length
      if (to === text.length && text.endsWith('\r')) break
      out += this.#shown(text.slice(from, to))
      from = to
    }
    this.#pending = text.slice(from)
    if (this.#pending.length > MAX_EVENT) out += this.#rest()
    return out === chunk ? bytes : Buffer.from(out, 'latin1')
  }

  /** What was held back of an event whose end did not come. */
  end(): Uint8Array {
    return Buffer.from(this.#rest(), 'latin1')
  }

  #rest(): string {
    const rest = this.#shown(this.#pending)
    this.#pending = ''
    return rest
  }

  #shown(event: string): string {
    if (!event.includes('"usage"') || this.#refused > PATIENCE) return event
    const data = /^data:[ \t]*(\{.*\})[ \t]*$/m.exec(event)
    const chunk = data ? doc(parsed(data[1]!)) : undefined
    if (data && !chunk) this.#refused++
    if (!data || !chunk) return event
    if (onlyCounts(chunk)) return ''
    const place = chunk.usage === null ? memberOf(data[1]!, 'usage') : undefined
    return place ? event.replace(data[1]!, () => without(data[1]!, place)) : event
  }
}

/** OpenAI has no choices in that chunk; other servers have null, none, or one that says nothing. */
function onlyCounts({ choices, usage }: Doc): boolean {
  return doc(usage) !== undefined && list(choices).every(choice => saysNothing(doc(choice) ?? {}))
}

function saysNothing({ delta, finish_reason, text }: Doc): boolean {
  return !finish_reason && !text && Object.values(doc(delta) ?? {}).every(value => value === null)
}

// Where a member of a JSON object stands in its text, so that one can be changed and every other character stays.

export interface Place {
  /** Of the key's quote. */
  readonly start: number
  /** Of the value. */
  readonly from: number
  /** After the value, blanks before the comma included. */
  readonly to: number
}

/** Only of the object itself, not of those inside it. Every byte may be a character (latin1): JSON's own signs are ASCII. */
export function memberOf(json: string, name: string): Place | undefined {
  const key = JSON.stringify(name)
  let depth = 0
  let start = -1
  let from = -1
  for (let at = 0; at < json.length; at++) {
    const sign = json[at]
    if (sign === '"') {
      const end = stringEnd(json, at)
      if (depth === 1 && start < 0 && json.slice(at, end) === key && isKey(json, end)) {
        start = at
        at = json.indexOf(':', end)
        from = at + 1
        while (json[from] === ' ') from++
      } else at = end - 1
    } else if (sign === '{' || sign === '[') depth++
    else if (sign === '}' || sign === ']') {
      depth--
      if (depth === 0 && start >= 0) return { start, from, to: at }
    } else if (sign === ',' && depth === 1 && start >= 0) return { start, from, to: at }
  }
  return undefined
}

/** The text without that member and the comma that belongs to it. */
export function without(json: string, { start, to }: Place): string {
  const before = json.slice(0, start).trimEnd()
  if (before.endsWith(',')) return before.slice(0, -1) + json.slice(to)
  return json.slice(0, start) + json.slice(to).replace(/^,\s*/, '')
}

function stringEnd(json: string, from: number): number {
  for (let at = from + 1; ; ) {
    const quote = json.indexOf('"', at)
    if (quote < 0) return json.length
    let run = quote
    while (json[run - 1] === '\\') run--
    if ((quote - run) % 2 === 0) return quote + 1
    at = quote + 1
  }
}

function isKey(json: string, end: number): boolean {
  let at = end
  while (json.charCodeAt(at) <= 0x20) at++
  return json[at] === ':'
}
