// Takes out of the bytes of a stream of OpenAI's what is there only because we requested its counts: the chunk that has nothing
// else, and the `"usage":null` of every other. It passes on whole events; every other byte stays as it is.
import { type Doc, doc, list, parsed } from '../../wire/json'
import { memberOf, without } from '../../wire/json-member'

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
