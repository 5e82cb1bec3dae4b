// The user's own model of names between redaction and batching, as `afnNodeSDK({ redaction: { ner } })` takes it.
// The preload has none, since an environment variable is no function.

import { reason, report } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import { isContentEvent, isContentKey } from '../../shared/redact/content'
import type { Entity } from '../../shared/redact/entities'
import type { WaitingList, WaitingRoom } from '../llm/spans/waiting-room'
import { inRoot } from '../root-context'
import type { Ner } from './ner-model'
import { sizeOf } from './overload'
import type { Sink } from './sink'
import type { SpanCopy } from './span-copy'

/** Spans that the model gets at once. */
const batchSize = 32
/** How long it may take for them, ms. */
const timeoutMs = 2_000

/**
 * Spans with content wait here for the model; the others go on at once. Fails closed: content that the model did not see,
 * since it threw, took too long or answered something else, becomes `[REDACTION_FAILED]`. All the rest of the span leaves.
 */
export class NerStage implements Sink<SpanCopy> {
  readonly #ner: Ner
  readonly #redactor: Redactor
  readonly #sink: Sink<SpanCopy>
  readonly #place: WaitingList<SpanCopy>
  #run: Promise<void> | undefined

  /** @param room where spans wait for the model; where it is full, the oldest goes on without its content */
  constructor(ner: Ner, redactor: Redactor, sink: Sink<SpanCopy>, room: WaitingRoom) {
    this.#ner = ner
    this.#redactor = redactor
    this.#sink = sink
    this.#place = room.list<SpanCopy>('names', { goOn: span => this.#goOn(span) })
  }

  add(span: SpanCopy): void {
    if (textsOf(span).length === 0) return this.#sink.add(span)
    this.#place.add(span, sizeOf(span))
    void this.#start()
  }

  drops(span: SpanCopy): boolean {
    return this.#sink.drops?.(span) ?? false
  }

  async flush(): Promise<void> {
    await this.drain()
    await this.#sink.flush()
  }

  async drain(): Promise<void> {
    while (this.#place.size > 0 || this.#run) await this.#start()
  }

  /** Lets everything go on that waits, for a process that ends without another tick. */
  drainNow(): void {
    this.#place.release()
  }

  #start(): Promise<void> {
    // not in the tick in which the app ends its span
    this.#run ??= inRoot(() => new Promise<void>(resolve => setImmediate(resolve)).then(() => this.#runAll()))
    return this.#run
  }

  async #runAll(): Promise<void> {
    while (this.#place.size > 0) {
      const tickets = this.#place.first(batchSize)
      const texts = tickets.map(({ item }) => textsOf(item))
      const found = await this.#ask(texts.flat())
      let sent = 0
      for (const [i, ticket] of tickets.entries()) {
        const from = sent
        sent += texts[i]!.length
        // one that was released meanwhile has gone on
        if (this.#place.take(ticket)) this.#goOn(ticket.item, found?.slice(from, sent))
      }
    }
    this.#run = undefined
  }

  /** @param found in each of its texts; without it all of them are masked */
  #goOn(span: SpanCopy, found?: readonly (readonly Entity[])[]): void {
    let at = 0
    rewrite(span, text => this.#redactor.replace(text, found?.[at++]))
    this.#sink.add(span)
  }

  /** `undefined` when there is no answer that can be used. */
  async #ask(texts: readonly string[]): Promise<readonly (readonly Entity[])[] | undefined> {
    const abort = new AbortController()
    let timer: NodeJS.Timeout | undefined
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs)
      })
      const answer = await Promise.race([this.#ner(texts, abort.signal), late])
      if (!isAnswer(answer, texts)) throw new Error('it has to answer with a list of {start, end, type} for each text')
      return answer
    } catch (error) {
      report('AFN140', `message content was masked whole, since the ner function failed (${reason(error)})`)
      return undefined
    } finally {
      clearTimeout(timer)
      abort.abort()
    }
  }
}

type Attributes = Record<string, unknown>

/** The texts of a span that are message content. */
function textsOf(span: SpanCopy): string[] {
  const texts: string[] = []
  rewrite(span, text => {
    texts.push(text)
    return text
  })
  return texts
}

/** Calls `change` with each text that is message content, in one order, and writes what it returns. */
function rewrite(span: SpanCopy, change: (text: string) => string): void {
  const changed = (attributes: Attributes, isContent: (key: string) => boolean): Attributes => {
    let result = attributes
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value !== 'string' || value === '' || !isContent(key)) continue
      const text = change(value)
      if (text !== value) result = { ...result, [key]: text }
    }
    return result
  }
  span.attributes = changed(span.attributes, isContentKey) as SpanCopy['attributes']
  span.events = span.events.map(event => {
    if (!event.attributes) return event
    const attributes = changed(event.attributes, isContentEvent(event.name) ? () => true : isContentKey)
    return attributes === event.attributes ? event : { ...event, attributes: attributes as typeof event.attributes }
  })
}

function isAnswer(answer: unknown, texts: readonly string[]): answer is Entity[][] {
  return (
    Array.isArray(answer) &&
    answer.length === texts.length &&
    answer.every((found, i) => Array.isArray(found) && found.every(entity => isEntity(entity, texts[i]!)))
  )
}

function isEntity(entity: Partial<Entity> | null | undefined, text: string): boolean {
  const { start, end, type } = entity ?? {}
  return (
    Number.isInteger(start) && Number.isInteger(end) && start! >= 0 && end! <= text.length && typeof type === 'string'
  )
}
