// A trace as OTLP JSON. Tempo answers with protobuf's JSON, in which ids are base64 and enums have names; OTLP has ids in
// hexadecimal and enums as numbers.
import {
  hexId,
  type Span,
  spanKind,
  spanKinds,
  statusCode,
  statusCodes,
  type TracesData,
} from '../../shared/otlp/trace'

/** @param document as Tempo answers with it, or as OTLP has it already */
export function otlpOf(document: TracesData): TracesData {
  return mapSpans(document, span => ({
    ...hexOf(span),
    ...(typeof span.kind === 'string' && { kind: spanKinds.indexOf(spanKind(span.kind)) }),
    ...(typeof span.status?.code === 'string' && {
      status: { ...span.status, code: statusCodes.indexOf(statusCode(span.status.code)) },
    }),
    ...(span.parentSpanId && { parentSpanId: hexId(span.parentSpanId, 16) }),
    ...(span.links && { links: span.links.map(hexOf) }),
  }))
}

/**
 * What tells the spans of a trace apart, as Tempo does: the id and the kind, since a CLIENT and a SERVER may share one id. One
 * that stands there twice counts once.
 */
export function spanKeys(document: TracesData): Set<string> {
  const keys = new Set<string>()
  mapSpans(document, span => {
    if (span.spanId) keys.add(keyOf(span))
    return span
  })
  return keys
}

/** The spans with these keys, each once; nothing is left of a resource or scope that has none of them. */
export function only(document: TracesData, keys: ReadonlySet<string>): TracesData {
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

function mapSpans({ resourceSpans = [] }: TracesData, map: (span: Span) => Span | undefined): TracesData {
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

function hexOf<Ids extends Pick<Span, 'traceId' | 'spanId'>>(ids: Ids): Ids {
  return {
    ...ids,
    ...(ids.traceId && { traceId: hexId(ids.traceId, 32) }),
    ...(ids.spanId && { spanId: hexId(ids.spanId, 16) }),
  }
}
