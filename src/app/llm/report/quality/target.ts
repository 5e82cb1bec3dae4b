// Finds the span that an evaluation is about.
import { isSpanContextValid, type Span, type SpanContext, TraceFlags } from '@opentelemetry/api'
import type { SpanIds, SpanLike } from './evaluation'

export interface Target {
  /** A span known only by its ids is assumed to be sampled. */
  readonly context: SpanContext
  /** The span itself, if the caller passed more than its ids. */
  readonly span: Span | undefined
}

/** @throws TypeError that names the problem and the remedy */
export function targetOf(judged: SpanLike | SpanIds | undefined, active: Span | undefined): Target {
  const target = judged ?? active
  if (!target) {
    throw new TypeError('target is missing and no span is active; give the span, or its traceId and spanId')
  }
  const isSpan = typeof (target as Partial<SpanLike>).spanContext === 'function'
  const ids = isSpan ? (target as SpanLike).spanContext() : (target as SpanIds)
  const context = {
    traceId: lower(ids.traceId),
    spanId: lower(ids.spanId),
    traceFlags: (ids as Partial<SpanContext>).traceFlags ?? TraceFlags.SAMPLED,
    // the span may belong to another process
    ...(!isSpan && { isRemote: true }),
  }
  if (!isSpanContextValid(context)) {
    throw new TypeError(
      'target is no span and no pair of ids; give traceId (32 hexadecimal digits) and spanId (16), as span.spanContext() has them',
    )
  }
  return { context, span: typeof (target as Partial<Span>).isRecording === 'function' ? (target as Span) : undefined }
}

const lower = (id: unknown): string => (typeof id === 'string' ? id.toLowerCase() : '')
