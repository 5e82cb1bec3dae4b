// Removes trace headers from an LLM request that were added only because of us. Called when an LLM call starts. Anthropic's SDK adds the
// headers itself as soon as a propagator is registered. A provider has no use for our trace ids, unless it sends its own spans and the user
// named its host, and must never receive baggage.
import { type Context, propagation, trace } from '@opentelemetry/api'

/**
 * The arguments for the original fetch if headers have to be removed; undefined if the app's arguments can be used. Headers next to a
 * `traceparent` with another trace id belong to the app. The app's objects are not changed; a copy is.
 * @param keepsParent the host may receive `traceparent`; the other headers caused by us are removed
 */
export function withoutTraceHeaders(
  input: unknown,
  init: RequestInit | undefined,
  active: Context,
  keepsParent = false,
): [unknown, RequestInit] | undefined {
  const span = trace.getSpanContext(active)
  const passed = init?.headers ?? (input instanceof Request ? input.headers : undefined)
  if (!span || !passed) return undefined
  const pairs = entries(passed)
  const parent = pairs.find(([name]) => name.toLowerCase() === 'traceparent')?.[1]
  if (typeof parent !== 'string' || parent.split('-')[1] !== span.traceId) return undefined
  const ours = new Set(keepsParent ? [] : ['traceparent'])
  if (span.traceState) ours.add('tracestate')
  if (propagation.getBaggage(active)?.getAllEntries().length) ours.add('baggage')
  return [input, { ...init, headers: without(passed, pairs, ours) }]
}

/**
 * The arguments with `traceparent` added; undefined if the headers already have one or are signed. The order of the other headers does not
 * change.
 */
export function withTraceparent(
  input: unknown,
  init: RequestInit | undefined,
  url: URL,
  traceparent: string,
): [unknown, RequestInit] | undefined {
  const passed = init?.headers ?? (input instanceof Request ? input.headers : undefined) ?? {}
  // iterating would consume an iterator of the app, and other classes hide their content
  if (Symbol.iterator in passed && !(passed instanceof Headers || Array.isArray(passed))) return undefined
  const pairs = entries(passed)
  const header = (name: string) => pairs.find(([key]) => key.toLowerCase() === name)?.[1]
  if (header('traceparent') !== undefined || isSigned(url, header)) return undefined
  if (passed instanceof Headers) {
    const copy = new Headers(passed)
    copy.set('traceparent', traceparent)
    return [input, { ...init, headers: copy }]
  }
  const all: Pairs = [...pairs, ['traceparent', traceparent]]
  return [input, { ...init, headers: (Array.isArray(passed) ? all : Object.fromEntries(all)) as HeaderSource }]
}

/** Whether an additional header may break the signature: of AWS, of RFC 9421 or the draft before it. */
export function isSigned(url: URL, header: (name: string) => unknown): boolean {
  return (
    /^(?:AWS|Signature)/i.test(String(header('authorization') ?? '')) ||
    (header('signature') ?? header('signature-input') ?? null) !== null ||
    url.searchParams.has('X-Amz-Signature')
  )
}

type HeaderSource = NonNullable<RequestInit['headers']>
type Pairs = [name: string, value: unknown][]

function entries(headers: HeaderSource): Pairs {
  if (headers instanceof Headers) return [...headers]
  return Array.isArray(headers) ? (headers as Pairs) : Object.entries(headers)
}

/** Keeps the form that was passed: a list keeps its order, and a Headers object the spelling of its names. */
function without(headers: HeaderSource, pairs: Pairs, names: Set<string>): HeaderSource {
  if (headers instanceof Headers) {
    const copy = new Headers(headers)
    for (const name of names) copy.delete(name)
    return copy
  }
  const kept = pairs.filter(([name]) => !names.has(name.toLowerCase()))
  return (Array.isArray(headers) ? kept : Object.fromEntries(kept)) as HeaderSource
}
