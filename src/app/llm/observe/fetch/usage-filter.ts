// Removes from the bytes of an OpenAI stream what is there only because we requested usage: the chunk that contains only usage, and
// `"usage":null` in all others. Passes on whole events; every other byte is unchanged.
import { type Doc, doc, list, parsed } from '../../wire/json'
import { memberOf, without } from '../../wire/json-member'

/** Maximum bytes; a larger event is passed on unchanged. */
const MAX_EVENT = 262_144
/** Maximum events that look like usage but are not JSON. Rejecting them is slow, so the rest of the stream is then passed on unchanged. */
const PATIENCE = 20

/** The end of an event: two line ends. A carriage return at the end of the buffer may be half of a line end. */
const EVENT_END = /(?:\r\n|\n|\r(?!\n)){2}/g

export class UsageFilter {
  #pending = ''
  #refused = 0

  /** Returns the bytes that can be passed on so far. May be empty. */
  push(bytes: Uint8Array): Uint8Array {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const text = this.#pending + chunk
    let out = ''
    let from = 0
    // Earlier bytes are searched only once: just their last three may belong to an end that arrives now.
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

  /** Returns the buffered bytes of an incomplete event. */
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

/** OpenAI sends no choices in that chunk; other servers send null, an empty list, or an empty choice. */
function onlyCounts({ choices, usage }: Doc): boolean {
  return doc(usage) !== undefined && list(choices).every(choice => saysNothing(doc(choice) ?? {}))
}

function saysNothing({ delta, finish_reason, text }: Doc): boolean {
  return !finish_reason && !text && Object.values(doc(delta) ?? {}).every(value => value === null)
}
