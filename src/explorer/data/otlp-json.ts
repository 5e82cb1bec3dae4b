// Tempo's answer for one trace → spans. Reads ids in hexadecimal (OTLP) and in base64 (protobuf's JSON, as Tempo writes
// them), enumerations by name and by number. What is not as it should be becomes empty, since a page has to show something.
import type { JsonAttribute, JsonValue } from '../../local/api/answers'
import { kinds } from '../../local/traceql/names'
import { most } from './bigints'
import { type Attribute, type Span, type SpanEvent, type SpanLink, textAt, type Value } from './span'

interface JsonSpan {
  readonly spanId?: string
  readonly parentSpanId?: string
  readonly name?: string
  readonly kind?: string | number
  readonly startTimeUnixNano?: string | number
  readonly endTimeUnixNano?: string | number
  readonly attributes?: readonly JsonAttribute[]
  readonly events?: readonly {
    readonly name?: string
    readonly timeUnixNano?: string | number
    readonly attributes?: readonly JsonAttribute[]
  }[]
  readonly links?: readonly {
    readonly traceId?: string
    readonly spanId?: string
    readonly attributes?: readonly JsonAttribute[]
  }[]
  readonly status?: { readonly code?: string | number; readonly message?: string }
}

interface JsonResourceSpans {
  readonly resource?: { readonly attributes?: readonly JsonAttribute[] }
  readonly scopeSpans?: readonly {
    readonly scope?: {
      readonly name?: string
      readonly version?: string
      readonly attributes?: readonly JsonAttribute[]
    }
    readonly spans?: readonly JsonSpan[]
  }[]
}

/** v2 wraps the trace, v1 calls resource spans `batches`. */
export interface TraceAnswer {
  readonly trace?: { readonly resourceSpans?: readonly JsonResourceSpans[] }
  readonly batches?: readonly JsonResourceSpans[]
  readonly resourceSpans?: readonly JsonResourceSpans[]
}

/** A span that is told twice is shown once; two ends of one call that share an id, as with B3, are two spans. */
export function readTrace(answer: TraceAnswer): Span[] {
  const spans = new Map<string, Map<string, Span>>()
  for (const { resource, scopeSpans } of answer.trace?.resourceSpans ?? answer.batches ?? answer.resourceSpans ?? []) {
    const resourceAttributes = readAttributes(resource?.attributes)
    const service = textAt(resourceAttributes, 'service.name') ?? ''
    for (const { scope, spans: told } of scopeSpans ?? []) {
      const readScope = {
        name: scope?.name ?? '',
        version: scope?.version ?? '',
        attributes: readAttributes(scope?.attributes),
      }
      for (const span of told ?? []) {
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

function readSpan(span: JsonSpan): Omit<Span, 'service' | 'resource' | 'scope'> {
  const start = integer(span.startTimeUnixNano)
  const end = integer(span.endTimeUnixNano)
  const parentId = readId(span.parentSpanId, 16)
  return {
    id: readId(span.spanId, 16),
    parentId: /^0*$/.test(parentId) ? '' : parentId,
    name: span.name ?? '',
    kind: kindOf(span.kind),
    status: statusOf(span.status?.code),
    statusMessage: span.status?.message ?? '',
    start,
    end: most(start, end),
    attributes: readAttributes(span.attributes),
    events: (span.events ?? []).map(
      (event): SpanEvent => ({
        name: event.name ?? '',
        time: integer(event.timeUnixNano),
        attributes: readAttributes(event.attributes),
      }),
    ),
    links: (span.links ?? []).map(
      (link): SpanLink => ({
        traceId: readId(link.traceId, 32),
        spanId: readId(link.spanId, 16),
        attributes: readAttributes(link.attributes),
      }),
    ),
  }
}

export function readAttributes(attributes: readonly JsonAttribute[] | undefined): Attribute[] {
  return (attributes ?? []).map(({ key, value }) => ({ key, value: readValue(value) }))
}

function readValue(value: JsonValue | undefined): Value {
  if (value?.stringValue !== undefined) return { type: 'string', value: value.stringValue }
  if (value?.intValue !== undefined) return { type: 'int', value: integer(value.intValue) }
  if (value?.doubleValue !== undefined) return { type: 'double', value: Number(value.doubleValue) }
  if (value?.boolValue !== undefined) return { type: 'bool', value: value.boolValue }
  if (value?.arrayValue) return { type: 'array', value: (value.arrayValue.values ?? []).map(readValue) }
  if (value?.kvlistValue) return { type: 'map', value: readAttributes(value.kvlistValue.values) }
  if (value?.bytesValue !== undefined) return { type: 'bytes', value: value.bytesValue }
  return { type: 'empty', value: null }
}

/** @param digits how many hexadecimal digits such an id has */
export function readId(text: string | undefined, digits: number): string {
  if (!text) return ''
  if (/^[0-9a-f]+$/i.test(text) && text.length === digits) return text.toLowerCase()
  try {
    const hex = Array.from(atob(text), char => char.charCodeAt(0).toString(16).padStart(2, '0')).join('')
    if (hex.length === digits) return hex
  } catch {
    // neither form
  }
  return /^[0-9a-f]+$/i.test(text) ? text.toLowerCase().padStart(digits, '0') : ''
}

function integer(value: string | number | undefined): bigint {
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n
  return /^-?\d{1,40}$/.test(value ?? '') ? BigInt(value!) : 0n
}

function kindOf(kind: string | number | undefined): string {
  if (typeof kind === 'string') return kind.replace(/^SPAN_KIND_/, '').toLowerCase()
  return kinds[kind ?? 0] ?? 'unspecified'
}

function statusOf(code: string | number | undefined): Span['status'] {
  if (code === 2 || code === 'STATUS_CODE_ERROR') return 'error'
  return code === 1 || code === 'STATUS_CODE_OK' ? 'ok' : 'unset'
}
