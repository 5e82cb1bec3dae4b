/**
 * Every place of a span and of a log record that holds text. Called by the redactor with the copy that is exported.
 * Events, links, status and scope may be shared with the live span: they are replaced, never written to.
 */
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

interface Parts {
  text(value: string): string
  value(key: string, value: unknown, isContent: boolean): unknown
  attributes<T extends Attributes>(attributes: T, isContent?: boolean): T
  readonly dropsContent: boolean
}

export function createRecords({ text, value, attributes, dropsContent }: Parts) {
  /** Exporters group by the identity of the scope, so one scope has one redacted copy. */
  const scopes = new WeakMap<Scope, Scope>()

  function scope(given: Scope): Scope {
    const known = scopes.get(given)
    if (known) return known
    const name = text(given.name)
    const version = given.version && text(given.version)
    const redacted = given.attributes && attributes(given.attributes)
    const isClean = name === given.name && version === given.version && redacted === given.attributes
    const result = isClean ? given : { ...given, name, version, attributes: redacted }
    scopes.set(given, result)
    return result
  }

  function event(given: Event): Event {
    const name = text(given.name)
    const redacted = given.attributes && message(given.name, given.attributes)
    return name === given.name && redacted === given.attributes ? given : { ...given, name, attributes: redacted }
  }

  /** The attributes of an event; those of a message event are all content. */
  function message(name: string, given: Attributes): Attributes {
    if (!isContentEvent(name)) return attributes(given)
    return dropsContent ? {} : attributes(given, true)
  }

  function link(given: Link): Link {
    const redacted = given.attributes && attributes(given.attributes)
    const known = given.context && context(given.context)
    if (redacted === given.attributes && known === given.context) return given
    return { ...given, ...(known && { context: known }), attributes: redacted }
  }

  /** A trace state in which something is found goes whole: half of it would be none. */
  function context<C extends Context>(given: C): C {
    const state = given.traceState?.serialize()
    return !state || text(state) === state ? given : { ...given, traceState: undefined }
  }

  return {
    span(span: RedactableSpan): void {
      // first, while there is budget: a scope is kept for all spans
      span.instrumentationScope = scope(span.instrumentationScope)
      if (span.context) span.context = context(span.context)
      span.name = text(span.name)
      const status = span.status.message && text(span.status.message)
      if (status !== span.status.message) span.status = { ...span.status, message: status }
      span.attributes = attributes(span.attributes)
      span.events = mapped(span.events, event)
      span.links = mapped(span.links, link)
    },

    log(record: RedactableLog): void {
      record.instrumentationScope = scope(record.instrumentationScope)
      const name = record.eventName ?? record.attributes['event.name']
      const isContent = typeof name === 'string' && isContentEvent(name)
      if (record.eventName) record.eventName = text(record.eventName)
      if (record.severityText) record.severityText = text(record.severityText)
      record.body = isContent && dropsContent ? undefined : value('body', record.body, isContent)
      record.attributes = message(isContent ? (name as string) : '', record.attributes)
    },
  }
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
