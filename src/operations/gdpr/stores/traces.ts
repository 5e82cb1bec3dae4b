/** The facts about persons in a trace. */
import { plainAttributes } from '../../../shared/otlp/any-value'
import type { ResourceSpans, ScopeSpans, Span, TracesData } from '../../../shared/otlp/trace'
import { exactValues, type Matcher, personKeys, sessionKeys } from '../person-attributes'
import { names, otlpLeaves } from '../records'
import type { Identity } from '../subject'

export interface Facts {
  readonly spans: number
  /** Whether it names somebody else, or is too large to be read. */
  readonly isShared: boolean
  /** Values of `sessionKeys`. */
  readonly sessions: readonly string[]
}

/** @param trace in OTLP form; undefined if it is too large to be read */
export function factsOf(trace: TracesData | undefined, identity: Identity): Facts {
  if (trace === undefined) return { spans: 1, isShared: true, sessions: [] }
  const own = new Set(exactValues(identity))
  let spans = 0
  let isShared = false
  const sessions = new Set<string>()
  for (const { resource, span } of spansOf(trace)) {
    spans += 1
    const attributes = { ...plainAttributes(resource.resource?.attributes), ...plainAttributes(span.attributes) }
    const valuesOf = (keys: readonly string[]) =>
      keys.map(key => attributes[key]).filter(value => value !== undefined && value !== null && value !== '')
    if (valuesOf(personKeys).some(value => !own.has(String(value)))) isShared = true
    for (const value of valuesOf(sessionKeys)) sessions.add(String(value))
  }
  return { spans, isShared, sessions: [...sessions] }
}

/** A span with its resource and scope. */
export type WholeSpan = Span & Pick<ResourceSpans, 'resource'> & Pick<ScopeSpans, 'scope'>

/** @param matcher restricts the result to spans that name the subject, if the trace has other persons */
export function* spansFor(trace: TracesData | undefined, matcher: Matcher | undefined): Generator<WholeSpan> {
  for (const { resource, scope, span } of spansOf(trace ?? {})) {
    const parts = [resource.resource, scope.scope, span] as (Record<string, unknown> | undefined)[]
    if (matcher !== undefined && !parts.some(part => [...otlpLeaves(part)].some(leaf => names(matcher, leaf)))) continue
    yield {
      ...span,
      ...(resource.resource && { resource: resource.resource }),
      ...(scope.scope && { scope: scope.scope }),
    }
  }
}

function* spansOf({ resourceSpans = [] }: TracesData) {
  for (const resource of resourceSpans)
    for (const scope of resource.scopeSpans ?? []) for (const span of scope.spans ?? []) yield { resource, scope, span }
}
