// Tempo's answer for one trace → spans. Reads ids in hexadecimal (OTLP) and in base64 (protobuf's JSON, as Tempo writes
// them), enumerations by name and by number. What is not as it should be becomes empty, since a page has to show something.
import { integer, typedAttributes } from '../../../shared/otlp/any-value'
import type * as otlp from '../../../shared/otlp/trace'
import { hexId, type ResourceSpans, spanKind, statusCode, type TracesData } from '../../../shared/otlp/trace'
import { most } from './bigints'
import { type Span, type SpanEvent, type SpanLink, textAt } from './span'

/** v2 wraps the trace, v1 calls resource spans `batches`. */
export interface TraceAnswer extends TracesData {
  readonly trace?: TracesData
  readonly batches?: readonly ResourceSpans[]
  /** What the answer leaves out, where it does. */
  readonly message?: string
}

/** A span that comes twice is shown once; two ends of one call that share an id, as with B3, are two spans. */
export function readTrace(answer: TraceAnswer): Span[] {
  const spans = new Map<string, Map<string, Span>>()
  for (const { resource, scopeSpans } of answer.trace?.resourceSpans ?? answer.batches ?? answer.resourceSpans ?? []) {
    const resourceAttributes = typedAttributes(resource?.attributes)
    const service = textAt(resourceAttributes, 'service.name') ?? ''
    for (const { scope, spans: sent } of scopeSpans ?? []) {
      const readScope = {
        name: scope?.name ?? '',
        version: scope?.version ?? '',
        attributes: typedAttributes(scope?.attributes),
      }
      for (const span of sent ?? []) {
        const read = { ...readSpan(span), service, resource: resourceAttributes, scope: readScope }
        if (!read.id) continue
        const ofId = spans.get(read.id) ?? new Map<string, Span>()
        spans.set(read.id, ofId.set(read.kind, read))
      }
    }
  }
  return apart([...spans.values()].map(ofId => [...ofId.values()]))
}

const callers = ['client', 'producer']

/**
 * Gives all but the first of the spans with one id an id of its own. What was called stands below who called, and above what its
 * service did.
 * @param spans by their ids
 */
function apart(spans: readonly (readonly Span[])[]): Span[] {
  /** By the id that is shared: the service of the first, and the ids of the others by their services. */
  const shared = new Map<string, { readonly service: string; readonly others: Map<string, string> }>()
  const own = spans.flatMap(ofId => {
    if (ofId.length === 1) return ofId
    const [first, ...others] = [...ofId].sort((a, b) => rank(a) - rank(b)) as [Span, ...Span[]]
    const renamed = others.map(span => {
      const parentId = rank(first) < rank(span) ? first.id : span.parentId
      return { ...span, id: `${span.id}.${span.kind}`, parentId }
    })
    shared.set(first.id, { service: first.service, others: new Map(renamed.map(({ service, id }) => [service, id])) })
    return [first, ...renamed]
  })
  return own.map(span => {
    const above = shared.get(span.parentId)
    const isBelowFirst = !above || span.service === above.service || span.id.startsWith(span.parentId)
    return isBelowFirst ? span : { ...span, parentId: above.others.get(span.service) ?? span.parentId }
  })
}

const rank = ({ kind }: Span): number => (callers.includes(kind) ? 0 : 1)

function readSpan(span: otlp.Span): Omit<Span, 'service' | 'resource' | 'scope'> {
  const start = integer(span.startTimeUnixNano)
  const end = integer(span.endTimeUnixNano)
  const parentId = hexId(span.parentSpanId, 16)
  return {
    id: hexId(span.spanId, 16),
    parentId: /^0*$/.test(parentId) ? '' : parentId,
    name: span.name ?? '',
    kind: spanKind(span.kind),
    status: statusCode(span.status?.code),
    statusMessage: span.status?.message ?? '',
    start,
    end: most(start, end),
    attributes: typedAttributes(span.attributes),
    events: (span.events ?? []).map(
      (event): SpanEvent => ({
        name: event.name ?? '',
        time: integer(event.timeUnixNano),
        attributes: typedAttributes(event.attributes),
      }),
    ),
    links: (span.links ?? []).map(
      (link): SpanLink => ({
        traceId: hexId(link.traceId, 32),
        spanId: hexId(link.spanId, 16),
        attributes: typedAttributes(link.attributes),
      }),
    ),
  }
}
