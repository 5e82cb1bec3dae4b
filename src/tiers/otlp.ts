// Called by whoever holds OTLP JSON (the demo's receiver, the Collector's files) and wants tiers.
import type { SpanKind, TierSpan } from './span'

/** The parts of OTLP JSON (`ExportTraceServiceRequest`, `TracesData`) that a tier decision reads. */
export interface OtlpTraces {
  readonly resourceSpans?: readonly { readonly scopeSpans?: readonly { readonly spans?: readonly OtlpSpan[] }[] }[]
}

interface OtlpSpan {
  readonly traceId?: string
  readonly parentSpanId?: string
  readonly kind?: number | string
  readonly status?: { readonly code?: number | string }
  readonly startTimeUnixNano?: string | number
  readonly endTimeUnixNano?: string | number
  readonly attributes?: readonly OtlpAttribute[]
  readonly events?: readonly { readonly name?: string; readonly attributes?: readonly OtlpAttribute[] }[]
}

interface OtlpAttribute {
  readonly key: string
  readonly value?: OtlpValue
}

interface OtlpValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: string | number
  readonly doubleValue?: number | string
}

/** All spans of an OTLP JSON document, of whatever traces. Numbers and enum names are both read, as OTLP allows. */
export function spansOfOtlp(document: OtlpTraces): TierSpan[] {
  return (document.resourceSpans ?? []).flatMap(resource =>
    (resource.scopeSpans ?? []).flatMap(scope => (scope.spans ?? []).map(tierSpan)),
  )
}

function tierSpan(span: OtlpSpan): TierSpan {
  return {
    traceId: span.traceId?.toLowerCase() ?? '',
    parentSpanId: span.parentSpanId,
    kind: kindOf(span.kind),
    statusCode: statusOf(span.status?.code),
    start: BigInt(span.startTimeUnixNano ?? 0),
    end: BigInt(span.endTimeUnixNano ?? 0),
    attributes: attributesOf(span.attributes),
    events: (span.events ?? []).map(event => ({
      name: event.name ?? '',
      attributes: attributesOf(event.attributes),
    })),
  }
}

const kinds: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

function kindOf(kind: number | string = 0): SpanKind {
  const name = typeof kind === 'number' ? kinds[kind] : kind.replace('SPAN_KIND_', '').toLowerCase()
  return kinds.find(known => known === name) ?? 'unspecified'
}

const statusOf = (code: number | string = 0): number =>
  typeof code === 'number' ? code : ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'].indexOf(code)

/** Arrays, maps and bytes decide nothing and are left out. */
function attributesOf(list: readonly OtlpAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, scalarOf(value)]))
}

function scalarOf(value: OtlpValue = {}): string | boolean | number | undefined {
  if (value.intValue !== undefined) return Number(value.intValue)
  if (value.doubleValue !== undefined) return Number(value.doubleValue)
  return value.stringValue ?? value.boolValue
}
