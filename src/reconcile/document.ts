// A trace as OTLP JSON. Tempo answers with protobuf's JSON, in which ids are base64 and enums have names; OTLP has ids in
// hexadecimal and enums as numbers.

export interface TraceDocument {
  readonly resourceSpans?: readonly ResourceSpans[]
}

interface ResourceSpans {
  readonly scopeSpans?: readonly ScopeSpans[]
}

interface ScopeSpans {
  readonly spans?: readonly Span[]
}

interface Span {
  readonly traceId?: string
  readonly spanId?: string
  readonly parentSpanId?: string
  readonly kind?: number | string
  readonly status?: { readonly code?: number | string }
  readonly links?: readonly Link[]
}

interface Link {
  readonly traceId?: string
  readonly spanId?: string
}

const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(name => `SPAN_KIND_${name}`)
const statusCodes = ['UNSET', 'OK', 'ERROR'].map(name => `STATUS_CODE_${name}`)

/** @param document as Tempo answers with it, or as OTLP has it already */
export function otlpOf(document: TraceDocument): TraceDocument {
  return mapSpans(document, span => ({
    ...hexOf(span),
    ...(typeof span.kind === 'string' && { kind: kinds.indexOf(span.kind) }),
    ...(typeof span.status?.code === 'string' && {
      status: { ...span.status, code: statusCodes.indexOf(span.status.code) },
    }),
    ...(span.parentSpanId && { parentSpanId: hex(span.parentSpanId) }),
    ...(span.links && { links: span.links.map(hexOf) }),
  }))
}

/**
 * What tells the spans of a trace apart, as Tempo does: the id and the kind, since a CLIENT and a SERVER may share one id. One
 * that stands there twice counts once.
 */
export function spanKeys(document: TraceDocument): Set<string> {
  const keys = new Set<string>()
  mapSpans(document, span => {
    if (span.spanId) keys.add(keyOf(span))
    return span
  })
  return keys
}

/** The spans with these keys, each once; nothing is left of a resource or scope that has none of them. */
export function only(document: TraceDocument, keys: ReadonlySet<string>): TraceDocument {
  const seen = new Set<string>()
  const { resourceSpans = [] } = mapSpans(document, span => {
    const key = keyOf(span)
    if (!span.spanId || !keys.has(key) || seen.has(key)) return undefined
    seen.add(key)
    return span
  })
  return {
    resourceSpans: resourceSpans
      .map(resource => ({
        ...resource,
        scopeSpans: (resource.scopeSpans ?? []).filter(({ spans = [] }) => spans.length > 0),
      }))
      .filter(({ scopeSpans }) => scopeSpans.length > 0),
  }
}

const keyOf = ({ spanId, kind = 0 }: Span): string => `${spanId}:${kind}`

function mapSpans({ resourceSpans = [] }: TraceDocument, map: (span: Span) => Span | undefined): TraceDocument {
  return {
    resourceSpans: resourceSpans.map(resource => ({
      ...resource,
      scopeSpans: (resource.scopeSpans ?? []).map(scope => ({
        ...scope,
        spans: (scope.spans ?? []).map(map).filter(span => span !== undefined),
      })),
    })),
  }
}

function hexOf<T extends Link>(ids: T): T {
  return {
    ...ids,
    ...(ids.traceId && { traceId: hex(ids.traceId) }),
    ...(ids.spanId && { spanId: hex(ids.spanId) }),
  }
}

/** Ids have 8 or 16 bytes: 11 or 22 characters of base64, 12 or 24 with padding. */
const hex = (id: string): string =>
  /^(?:[\da-f]{16}|[\da-f]{32})$/i.test(id) ? id : Buffer.from(id, 'base64').toString('hex')
