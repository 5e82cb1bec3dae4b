// A trace as OTLP JSON. Tempo answers with ids in base64, as protobuf's JSON has them; OTLP has them in hexadecimal.
// Called by store.ts and reconcile.ts.

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
  readonly links?: readonly Link[]
}

interface Link {
  readonly traceId?: string
  readonly spanId?: string
}

/** The same with ids in hexadecimal. */
export function hexIds(document: TraceDocument): TraceDocument {
  return mapSpans(document, span => ({
    ...hexOf(span),
    ...(span.parentSpanId && { parentSpanId: hex(span.parentSpanId) }),
    ...(span.links && { links: span.links.map(hexOf) }),
  }))
}

/** Ids of all spans; one that stands there twice counts once. */
export function spanIds(document: TraceDocument): Set<string> {
  const ids = new Set<string>()
  mapSpans(document, span => {
    if (span.spanId) ids.add(span.spanId)
    return span
  })
  return ids
}

/** What is left of it without the spans of these ids; also each other span only once. */
export function without(document: TraceDocument, ids: ReadonlySet<string>): TraceDocument {
  const seen = new Set(ids)
  return mapSpans(document, span => {
    if (!span.spanId || seen.has(span.spanId)) return undefined
    seen.add(span.spanId)
    return span
  })
}

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
