// What the instrumentations of pino, winston and bunyan have in common.
import { context, isSpanContextValid, trace } from '@opentelemetry/api'
import type { InstrumentationConfig } from '@opentelemetry/instrumentation'

export interface ActiveIds {
  readonly trace_id: string
  readonly span_id: string
  readonly trace_flags: string
}

export function activeIds(): ActiveIds | undefined {
  const ids = trace.getSpanContext(context.active())
  if (!ids || !isSpanContextValid(ids)) return undefined
  return { trace_id: ids.traceId, span_id: ids.spanId, trace_flags: `0${ids.traceFlags.toString(16)}` }
}

/** As all three instrumentations of loggers are configured. */
export interface LoggingConfig extends InstrumentationConfig {
  readonly disableLogSending?: boolean
  readonly disableLogCorrelation?: boolean
  onFailure?(error: unknown): void
}

/** The object on the chain of prototypes that has the method itself. */
export function holderOf<T extends object>(start: T, method: PropertyKey): T | undefined {
  let holder: T | null = start
  while (holder && !Object.hasOwn(holder, method)) holder = Object.getPrototypeOf(holder)
  return holder ?? undefined
}
