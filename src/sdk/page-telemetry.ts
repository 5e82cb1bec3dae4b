// Leaves out the spans that frameworks make themselves of requests with a page's telemetry and of probes, as Next.js does.
import { type Attributes, SamplingDecision, SpanKind, trace } from '@opentelemetry/api'
import { TraceState } from '@opentelemetry/core'
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace'
import { isPageTelemetry } from '../config/page-telemetry'
import { isProbe } from '../config/probes'

/** By the names of today, and by those that Next.js has. */
const methodOf = (attributes: Attributes) => attributes['http.request.method'] ?? attributes['http.method']
const pathOf = (attributes: Attributes) => attributes['url.path'] ?? attributes['http.target']

const bringsTelemetry = (attributes: Attributes): boolean => isPageTelemetry(methodOf(attributes), pathOf(attributes))

const probes = (kind: SpanKind, attributes: Attributes): boolean =>
  kind === SpanKind.SERVER && isProbe(methodOf(attributes), pathOf(attributes))

/** This very object marks a span that is left out, for those below it. It is empty, so that nothing of it is sent on. */
const leftOut = new TraceState()

export const isLeftOut = ({ traceState }: SamplingResult): boolean => traceState === leftOut

export function withoutPageTelemetry(sampler: Sampler): Sampler {
  return {
    shouldSample(context, traceId, name, kind, attributes, links) {
      return trace.getSpanContext(context)?.traceState === leftOut ||
        bringsTelemetry(attributes) ||
        probes(kind, attributes)
        ? { decision: SamplingDecision.NOT_RECORD, traceState: leftOut }
        : sampler.shouldSample(context, traceId, name, kind, attributes, links)
    },
    toString: () => `WithoutPageTelemetry{${sampler}}`,
  }
}
