/**
 * Every place of a span and of a log record that holds text. Events, links, status and scope may be shared with the live
 * span: they are replaced, never written to.
 */
import type { Budget } from './budget'
import { isContentEvent } from './content'

type Attributes = Record<string, unknown>

interface Scope {
  name: string
  version?: string | undefined
  attributes?: Attributes | undefined
}

interface Event {
  name: string
  attributes?: Attributes | undefined
}

/** What other vendors put beside the ids of a trace (W3C `tracestate`); it came with a request, from anybody. */
interface Context {
  traceState?: { serialize(): string } | undefined
}

interface Link {
  context?: Context | undefined
  attributes?: Attributes | undefined
}

/** What is redacted of a span; the SDK's spans have this shape. */
export interface RedactableSpan {
  name: string
  context?: Context | undefined
  status: { code: number; message?: string | undefined }
  attributes: Attributes
  events: Event[]
  links: Link[]
  instrumentationScope: Scope
}

/** What is redacted of a log record; the SDK's records have this shape. */
export interface RedactableLog {
  body?: unknown
  eventName?: string | undefined
  severityText?: string | undefined
  attributes: Attributes
  instrumentationScope: Scope
}

/** Some milliseconds where every word is a hit. */
const PIECE_CHARS = 32 * 1024

interface Parts {
  /** Each record has one of its own. */
  readonly budget: Budget
  text(value: string): string
  value(key: string, value: unknown, isContent: boolean): unknown
  attributes<T extends Attributes>(attributes: T, isContent?: boolean): T
  ahead<Result>(values: Attributes, isContent: boolean, redact: () => Result): Generator<void, Result>
}

export function createRecords({ budget, text, value, attributes, ahead }: Parts) {
  /** Exporters group by the identity of the scope, so one scope has one redacted copy. */
  const scopes = new WeakMap<Scope, Scope>()

  function scope(original: Scope): Scope {
    const known = scopes.get(original)
    if (known) return known
    const name = text(original.name)
    const version = original.version && text(original.version)
    const redacted = original.attributes && attributes(original.attributes)
    const isClean = name === original.name && version === original.version && redacted === original.attributes
    const result = isClean ? original : { ...original, name, version, attributes: redacted }
    scopes.set(original, result)
    return result
  }

  function event(original: Event): Event {
    const name = text(original.name)
    // those of a message event are all content
    const redacted = original.attributes && attributes(original.attributes, isContentEvent(original.name))
    return name === original.name && redacted === original.attributes
      ? original
      : { ...original, name, attributes: redacted }
  }

  function link(original: Link): Link {
    const redacted = original.attributes && attributes(original.attributes)
    const known = original.context && context(original.context)
    if (redacted === original.attributes && known === original.context) return original
    return { ...original, ...(known && { context: known }), attributes: redacted }
  }

  /** A trace state in which something is found goes whole: half of it would be none. */
  function context<C extends Context>(original: C): C {
    const state = original.traceState?.serialize()
    return !state || text(state) === state ? original : { ...original, traceState: undefined }
  }

  function span(span: RedactableSpan): void {
    budget.begin()
    // first, while there is budget: a scope is kept for all spans
    span.instrumentationScope = scope(span.instrumentationScope)
    if (span.context?.traceState) span.context = context(span.context)
    span.name = text(span.name)
    const status = span.status.message && text(span.status.message)
    if (status !== span.status.message) span.status = { ...span.status, message: status }
    span.attributes = attributes(span.attributes)
    if (span.events.length > 0) span.events = mapped(span.events, event)
    if (span.links.length > 0) span.links = mapped(span.links, link)
  }

  function* pause(): Generator<void> {
    const used = budget.used()
    yield
    budget.begin(used)
  }

  return {
    span,

    *spanInPieces(whole: RedactableSpan): Generator<void> {
      const [ofAttributes, ofEvents] = [pieces(Object.entries(whole.attributes)), pieces(whole.events)]
      whole.attributes = {}
      whole.events = []
      span(whole)
      for (const piece of ofAttributes) {
        const some = Object.fromEntries(piece)
        const redacted = ahead(some, false, () => attributes(some))
        let step = redacted.next()
        for (; !step.done; step = redacted.next()) yield* pause()
        Object.assign(whole.attributes, step.value)
        yield* pause()
      }
      for (const piece of ofEvents) {
        whole.events = whole.events.concat(mapped(piece, event))
        yield* pause()
      }
    },

    log(record: RedactableLog): void {
      budget.begin()
      record.instrumentationScope = scope(record.instrumentationScope)
      const name = record.eventName ?? record.attributes['event.name']
      const isContent = typeof name === 'string' && isContentEvent(name)
      if (record.eventName) record.eventName = text(record.eventName)
      if (record.severityText) record.severityText = text(record.severityText)
      record.body = value('body', record.body, isContent)
      record.attributes = attributes(record.attributes, isContent)
    },
  }
}

/** The list in pieces of about so many characters of text, each of one element at least. */
function pieces<T>(list: readonly T[]): T[][] {
  const all: T[][] = []
  let chars = Number.POSITIVE_INFINITY
  for (const element of list) {
    const more = charsOf(element)
    if (chars + more > PIECE_CHARS) {
      all.push([])
      chars = 0
    }
    all.at(-1)!.push(element)
    chars += more
  }
  return all
}

/** Deeper there are no long texts in a span of the SDK. */
function charsOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null || depth > 3) return 0
  if (value instanceof Uint8Array) return value.length
  let chars = 0
  for (const inside of Object.values(value)) chars += charsOf(inside, depth + 1)
  return chars
}

/** The same array when no element changed. */
function mapped<T>(list: T[], redact: (element: T) => T): T[] {
  let changed: T[] | undefined
  for (let i = 0; i < list.length; i++) {
    const redacted = redact(list[i]!)
    if (redacted === list[i]) continue
    changed ??= list.slice()
    changed[i] = redacted
  }
  return changed ?? list
}
