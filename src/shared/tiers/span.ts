// What a tier decision needs to know of a span. Built by otlp.ts from OTLP JSON; a ReadableSpan or a database row maps to
// it as easily.
import type { SpanKind } from '../otlp/trace'

/** Attribute values keep their types: a number is compared, the string "0.9" is not. */
export type Attributes = Readonly<Record<string, unknown>>

export interface TierSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits; absent, empty or all zeros on a root span. */
  readonly parentSpanId?: string | undefined
  readonly kind: SpanKind
  /** 0 unset, 1 ok, 2 error: the same numbers in OTLP and in the OpenTelemetry API. */
  readonly statusCode: number
  /** Nanoseconds since 1970. */
  readonly start: bigint
  readonly end: bigint
  readonly attributes: Attributes
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[]
}
