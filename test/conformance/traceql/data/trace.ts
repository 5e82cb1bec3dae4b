// What a trace of the corpus is made of, and how it becomes OTLP. Built by the families beside; times are nanoseconds
// after the corpus begins, so that the same corpus can stand at any time.
import { type KeyValue, otlpAttributes, type Plain } from '../../../support/otlp-json'

export type Attributes = Readonly<Record<string, Plain>>

export interface Scope {
  readonly name: string
  readonly version?: string
  readonly attributes?: Attributes
}

export interface Span {
  /** Place of the parent in the trace; `lost`: one that never comes; absent: a root. */
  readonly parent?: number | 'lost'
  readonly resource: Attributes
  readonly scope?: Scope
  readonly name: string
  /** As in OTLP, 0 to 5. */
  readonly kind?: number
  readonly at: number
  readonly ns: number
  /** As in OTLP: 0 unset, 1 ok, 2 error. */
  readonly status?: number
  readonly message?: string
  readonly attributes?: Attributes
  readonly events?: readonly { readonly name: string; readonly at: number; readonly attributes?: Attributes }[]
  /** To a span of another trace, which need not exist. */
  readonly links?: readonly { readonly traceId: string; readonly spanId: string; readonly attributes?: Attributes }[]
  readonly traceState?: string
  /** Sent after the others. */
  readonly late?: true
}

export interface Trace {
  readonly id: string
  readonly spans: readonly Span[]
}

export interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] }
    readonly scopeSpans: readonly { readonly scope: object; readonly spans: readonly object[] }[]
  }[]
}

/** The same in each run: it follows from the trace. */
export function spanIdOf(traceId: string, place: number): string {
  return `${traceId.slice(-13)}${(place + 1).toString(16).padStart(3, '0')}`
}

/**
 * Spans with one resource and scope stand together, as an SDK sends them.
 * @param began of the corpus, in nanoseconds since 1970
 */
export function exportRequest(traces: readonly Trace[], began: bigint, late: boolean): ExportRequest {
  const groups = new Map<Attributes, Map<Scope, object[]>>()
  for (const { id, spans } of traces) {
    for (const [place, span] of spans.entries()) {
      if ((span.late ?? false) !== late) continue
      const scopes = groups.get(span.resource) ?? new Map<Scope, object[]>()
      groups.set(span.resource, scopes)
      const scope = span.scope ?? plainScope
      const list = scopes.get(scope) ?? []
      scopes.set(scope, list)
      list.push(otlpSpan(id, place, span, began))
    }
  }
  return {
    resourceSpans: [...groups].map(([resource, scopes]) => ({
      resource: { attributes: otlpAttributes(resource) },
      scopeSpans: [...scopes].map(([{ attributes, ...scope }, spans]) => ({
        scope: { ...scope, attributes: otlpAttributes(attributes) },
        spans,
      })),
    })),
  }
}

const plainScope: Scope = { name: 'conformance' }

function otlpSpan(traceId: string, place: number, span: Span, began: bigint): object {
  const time = (ns: number) => String(began + BigInt(ns))
  const parent = span.parent === 'lost' ? 4_000 : span.parent
  return {
    traceId,
    spanId: spanIdOf(traceId, place),
    ...(parent !== undefined && { parentSpanId: spanIdOf(traceId, parent) }),
    ...(span.traceState && { traceState: span.traceState }),
    name: span.name,
    kind: span.kind ?? 1,
    startTimeUnixNano: time(span.at),
    endTimeUnixNano: time(span.at + span.ns),
    status: { code: span.status ?? 0, ...(span.message && { message: span.message }) },
    attributes: otlpAttributes(span.attributes),
    events: (span.events ?? []).map(({ name, at, attributes }) => ({
      name,
      timeUnixNano: time(at),
      attributes: otlpAttributes(attributes),
    })),
    links: (span.links ?? []).map(({ attributes, ...link }) => ({ ...link, attributes: otlpAttributes(attributes) })),
  }
}
