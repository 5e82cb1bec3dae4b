// What `traceparent` says to a model provider that the user named: the call, and what the caller of this process said of sampling.
import { type SpanContext, TraceFlags } from '@opentelemetry/api'
import type { LlmTapOptions } from '../llm/observe/options'
import { saysSampled } from './record-all'

/**
 * @param hosts names without a port
 * @param idOf the id under which a call leaves, which the provider's spans then have above them
 */
export function traceparentFor(
  hosts: readonly string[],
  idOf: (spanId: string) => string,
): LlmTapOptions['traceparent'] {
  if (hosts.length === 0) return undefined
  const named = new Set(hosts.map(host => host.toLowerCase()))
  return ({ hostname }, ours: SpanContext) => {
    if (!named.has(hostname.replace(/^\[(.*)\]$/, '$1'))) return undefined
    const flags = saysSampled(ours) ? TraceFlags.SAMPLED : TraceFlags.NONE
    return `00-${ours.traceId}-${idOf(ours.spanId)}-0${flags}`
  }
}
