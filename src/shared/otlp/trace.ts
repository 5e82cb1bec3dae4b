// The shape of a trace in OTLP JSON, as far as it is read here. protobuf's own JSON, in which Tempo answers, has the same shape, but for ids
// in base64 and names of enumerations. It needs nothing from Node, since the explorer reads traces too.
import type { KeyValue } from './any-value'

/** An `ExportTraceServiceRequest` has the same shape. */
export interface TracesData {
  readonly resourceSpans?: readonly ResourceSpans[]
}

export interface ResourceSpans {
  readonly resource?: { readonly attributes?: readonly KeyValue[] }
  readonly scopeSpans?: readonly ScopeSpans[]
}

export interface ScopeSpans {
  readonly scope?: { readonly name?: string; readonly version?: string; readonly attributes?: readonly KeyValue[] }
  readonly spans?: readonly Span[]
}

/** Times are nanoseconds since 1970. */
export interface Span {
  readonly traceId?: string
  readonly spanId?: string
  readonly parentSpanId?: string
  readonly name?: string
  readonly kind?: number | string
  readonly startTimeUnixNano?: string | number
  readonly endTimeUnixNano?: string | number
  readonly attributes?: readonly KeyValue[]
  readonly events?: readonly SpanEvent[]
  readonly links?: readonly SpanLink[]
  readonly status?: { readonly code?: number | string; readonly message?: string }
}

export interface SpanEvent {
  readonly name?: string
  readonly timeUnixNano?: string | number
  readonly attributes?: readonly KeyValue[]
}

export interface SpanLink {
  readonly traceId?: string
  readonly spanId?: string
  readonly attributes?: readonly KeyValue[]
}

/** By their numbers. */
export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
export const statusCodes = ['unset', 'ok', 'error'] as const

export type SpanKind = (typeof spanKinds)[number]
export type StatusCode = (typeof statusCodes)[number]

/** @param kind its number, or its name such as `SPAN_KIND_SERVER` */
export const spanKind = (kind: number | string = 0): SpanKind => member(spanKinds, kind)

/** @param code its number, or its name such as `STATUS_CODE_ERROR` */
export const statusCode = (code: number | string = 0): StatusCode => member(statusCodes, code)

/** The first one for what is not known. */
function member<Name extends string>(names: readonly Name[], value: number | string): Name {
  const name = typeof value === 'number' ? names[value] : value.replace(/^.*_/, '').toLowerCase()
  return names.find(known => known === name) ?? names[0]!
}

/** An id in hexadecimal digits, from OTLP's own form or the base64 of protobuf's JSON. @param digits 32 of a trace, 16 of a span */
export function hexId(text: string | undefined, digits: number): string {
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
