// Takes trace headers off an LLM request that only we caused. Called when an LLM call starts. Anthropic's SDK writes the
// headers itself as soon as a propagator is registered; a provider has no use for our trace ids, unless it sends spans of its
// own and the user named its host, and must not get baggage.
import { type Context, propagation, trace } from '@opentelemetry/api'

/**
 * The arguments for the original fetch where headers have to go; undefined where the application's own do. The headers of
 * a `traceparent` with another trace id are the application's. What it passed is left as it is: the copy is ours.
 * @param keepsParent the host may have `traceparent`: of what only we caused, the rest goes
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

/** The arguments with `traceparent`; undefined where the headers have one, or are signed. The order of the others stays. */
export function withTraceparent(
  input: unknown,
  init: RequestInit | undefined,
  url: URL,
  traceparent: string,
): [unknown, RequestInit] | undefined {
  const passed = init?.headers ?? (input instanceof Request ? input.headers : undefined) ?? {}
  // an iterator of the application's is used up by whoever looks into it, and other classes hide what they have
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

/** Whether a header more may break the signature: of AWS, of RFC 9421 and the draft before it. */
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

/** In the shape that it came in: a list keeps its order, and a Headers object the spelling of its names. */
function without(headers: HeaderSource, pairs: Pairs, names: Set<string>): HeaderSource {
  if (headers instanceof Headers) {
    const copy = new Headers(headers)
    for (const name of names) copy.delete(name)
    return copy
  }
  const kept = pairs.filter(([name]) => !names.has(name.toLowerCase()))
  return (Array.isArray(headers) ? kept : Object.fromEntries(kept)) as HeaderSource
}
