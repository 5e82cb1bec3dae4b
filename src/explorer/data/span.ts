// A span as the page holds it. Made by otlp-json.ts from what `/api/v2/traces/{id}` answers; read by the views of a trace.

export type Value =
  | { readonly type: 'string'; readonly value: string }
  /** Exact above 2^53. */
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'array'; readonly value: readonly Value[] }
  | { readonly type: 'map'; readonly value: readonly Attribute[] }
  /** Base64. */
  | { readonly type: 'bytes'; readonly value: string }
  | { readonly type: 'empty'; readonly value: null }

export interface Attribute {
  readonly key: string
  readonly value: Value
}

export interface SpanEvent {
  readonly name: string
  /** Nanoseconds since 1970. */
  readonly time: bigint
  readonly attributes: readonly Attribute[]
}

export interface SpanLink {
  readonly traceId: string
  readonly spanId: string
  readonly attributes: readonly Attribute[]
}

export interface Span {
  /** 16 hexadecimal digits; behind them a dot and the kind where another span of the trace has the same. */
  readonly id: string
  /** Empty at a root. */
  readonly parentId: string
  readonly name: string
  readonly kind: string
  readonly status: 'unset' | 'ok' | 'error'
  readonly statusMessage: string
  /** Nanoseconds since 1970; `end` is never before `start`. */
  readonly start: bigint
  readonly end: bigint
  readonly service: string
  readonly attributes: readonly Attribute[]
  readonly events: readonly SpanEvent[]
  readonly links: readonly SpanLink[]
  readonly resource: readonly Attribute[]
  readonly scope: { readonly name: string; readonly version: string; readonly attributes: readonly Attribute[] }
}

export function textAt(attributes: readonly Attribute[], key: string): string | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value
  return value?.type === 'string' ? value.value : undefined
}

export function numberAt(attributes: readonly Attribute[], key: string): number | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value
  return value?.type === 'int' || value?.type === 'double' ? Number(value.value) : undefined
}

export function flagAt(attributes: readonly Attribute[], key: string): boolean | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value
  return value?.type === 'bool' ? value.value : undefined
}

export function textsAt(attributes: readonly Attribute[], key: string): string[] {
  const value = attributes.find(attribute => attribute.key === key)?.value
  if (value?.type === 'string') return [value.value]
  return value?.type === 'array' ? value.value.flatMap(item => (item.type === 'string' ? [item.value] : [])) : []
}
