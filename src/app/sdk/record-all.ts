// Everything is recorded, whatever the caller said of sampling, and what it said is sent on: one service that answered "sampled" to
// a fleet which keeps one trace of a hundred would turn everything below it to all of them.
//
// Spans are sampled in this process, since exporters and instrumentations go by that flag. That the caller said otherwise is known
// by the class of the trace state, which every span below inherits, also where code takes over nothing but the span's context.
import {
  type Context,
  isSpanContextValid,
  SamplingDecision,
  type SpanContext,
  type TextMapPropagator,
  TraceFlags,
  type TraceState,
  trace,
} from '@opentelemetry/api'
import type { Sampler } from '@opentelemetry/sdk-trace'

/** Of a trace whose caller does not sample it. To everybody else it is the caller's trace state, which may be none. */
class UnsampledState implements TraceState {
  constructor(readonly sent: TraceState | undefined) {}

  get(key: string): string | undefined {
    return this.sent?.get(key)
  }

  set(key: string, value: string): TraceState {
    return this.sent ? new UnsampledState(this.sent.set(key, value)) : this
  }

  unset(key: string): TraceState {
    return this.sent ? new UnsampledState(this.sent.unset(key)) : this
  }

  serialize(): string {
    return this.sent?.serialize() ?? ''
  }
}

const isSampled = ({ traceFlags }: SpanContext): boolean => (traceFlags & TraceFlags.SAMPLED) !== 0

export const recordAll: Sampler = {
  shouldSample(context) {
    const decision = SamplingDecision.RECORD_AND_SAMPLED
    const parent = trace.getSpanContext(context)
    return parent && isSpanContextValid(parent) && !isSampled(parent)
      ? { decision, traceState: new UnsampledState(parent.traceState) }
      : { decision }
  },
  toString: () => 'RecordAll',
}

/** What other services are told of a span. */
export const saysSampled = (span: SpanContext): boolean =>
  isSampled(span) && !(span.traceState instanceof UnsampledState)

/** @returns the propagator, which says of sampling what the caller said */
export function sendingCallersFlag(propagator: TextMapPropagator): TextMapPropagator {
  return {
    inject: (context, carrier, setter) => propagator.inject(asCalled(context), carrier, setter),
    extract: (context, carrier, getter) => propagator.extract(context, carrier, getter),
    fields: () => propagator.fields(),
  }
}

function asCalled(context: Context): Context {
  const span = trace.getSpanContext(context)
  if (!(span?.traceState instanceof UnsampledState)) return context
  const { traceState, ...ids } = span
  const { sent } = traceState
  return trace.setSpanContext(context, {
    ...ids,
    traceFlags: span.traceFlags & ~TraceFlags.SAMPLED,
    ...(sent && { traceState: sent }),
  })
}
