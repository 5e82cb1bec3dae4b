// A span as the page holds it. Made by otlp-json.ts from what `/api/v2/traces/{id}` answers; read by the views of a trace.
import type { TypedAttribute } from '../../../shared/otlp/any-value'
import type { SpanKind, StatusCode } from '../../../shared/otlp/trace'

export interface SpanEvent {
  readonly name: string
  /** Nanoseconds since 1970. */
  readonly time: bigint
  readonly attributes: readonly TypedAttribute[]
}

export interface SpanLink {
  readonly traceId: string
  readonly spanId: string
  readonly attributes: readonly TypedAttribute[]
}

export interface Span {
  /** 16 hexadecimal digits; behind them a dot and the kind where another span of the trace has the same. */
  readonly id: string
  /** Empty at a root. */
  readonly parentId: string
  readonly name: string
  readonly kind: SpanKind
  readonly status: StatusCode
  readonly statusMessage: string
  /** Nanoseconds since 1970; `end` is never before `start`. */
  readonly start: bigint
  readonly end: bigint
  readonly service: string
  readonly attributes: readonly TypedAttribute[]
  readonly events: readonly SpanEvent[]
  readonly links: readonly SpanLink[]
  readonly resource: readonly TypedAttribute[]
  /** The trace that it came in, where that isn't the one that is shown. */
  readonly elsewhere?: string
  readonly scope: { readonly name: string; readonly version: string; readonly attributes: readonly TypedAttribute[] }
}

export function textAt(attributes: readonly TypedAttribute[], key: string): string | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value
  return value?.type === 'string' ? value.value : undefined
}

export function numberAt(attributes: readonly TypedAttribute[], key: string): number | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value
  return value?.type === 'int' || value?.type === 'double' ? Number(value.value) : undefined
}

export function flagAt(attributes: readonly TypedAttribute[], key: string): boolean | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value
  return value?.type === 'bool' ? value.value : undefined
}

export function textsAt(attributes: readonly TypedAttribute[], key: string): string[] {
  const value = attributes.find(attribute => attribute.key === key)?.value
  if (value?.type === 'string') return [value.value]
  return value?.type === 'array' ? value.value.flatMap(item => (item.type === 'string' ? [item.value] : [])) : []
}
