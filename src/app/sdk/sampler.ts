// Which spans are recorded, and which of them are exported.
import { type Attributes, type Context, SamplingDecision, SpanKind, TraceFlags, trace } from '@opentelemetry/api'
import { TraceState } from '@opentelemetry/core'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import { ATTR_GEN_AI_PROVIDER_NAME } from '../../../semconv'
import { isPageTelemetry } from '../../shared/config/page-telemetry'
import type { Settings } from '../../shared/config/settings'
import { kindOf } from '../llm/spans/read-call'
import { isProbe } from '../probes'
import { recordAll } from './record-all'

type Configured = Pick<Settings, 'sampler' | 'samplerArg'>

/** @param own the user's sampler, in the place of the one that the settings name */
export function createSampler(settings: Configured, own?: Sampler): Sampler {
  return withoutPageTelemetry(own ?? namedSampler(settings))
}

function namedSampler({ sampler, samplerArg }: Configured): Sampler {
  if (sampler === 'record_all') return recordAll
  const root = sampler.endsWith('always_off')
    ? new AlwaysOffSampler()
    : sampler.endsWith('traceidratio')
      ? new TraceIdRatioBasedSampler(samplerArg)
      : new AlwaysOnSampler()
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}

/**
 * Metrics count every call, and are recorded from its span. So a span that may be a call of a model is recorded (RECORD)
 * where the sampler answers NOT_RECORD. It stays unsampled: nothing exports it, and what is propagated does not change.
 * @param everySpan for tracers that only write LLM spans, and may say later than at the start what a span is
 */
export function recordCalls(sampler: Sampler, everySpan = false): Sampler {
  return {
    shouldSample(context, traceId, name, kind, attributes, links) {
      const result = sampler.shouldSample(context, traceId, name, kind, attributes, links)
      if (result.decision !== SamplingDecision.NOT_RECORD || isLeftOut(result)) return result
      const isRecorded = everySpan || isCounted(attributes) || isBelowCounted(context)
      return isRecorded ? { ...result, decision: SamplingDecision.RECORD } : result
    },
    toString: () => sampler.toString(),
  }
}

/** By what the conventions ask instrumentations to set at the start, since samplers see nothing else. */
function isCounted(attributes: Attributes): boolean {
  return kindOf(attributes) !== undefined || attributes[ATTR_GEN_AI_PROVIDER_NAME] !== undefined
}

/**
 * A span between two of the same call, as an HTTP client makes them, or between an agent and its calls. Without it the inner
 * one would not find the outer one: both would be counted, and the agent would have no calls.
 */
function isBelowCounted(context: Context): boolean {
  const parent = trace.getSpan(context)
  return parent?.isRecording() === true && (parent.spanContext().traceFlags & TraceFlags.SAMPLED) === 0
}

/** Instrumentations that only write LLM spans, some of them without a single attribute at the start. */
export const isLlmScope = (name: string): boolean => /langfuse|openinference|traceloop/.test(name)

/** Of a request with a page's telemetry, or of a probe: by the names of today, and by those that Next.js has. */
function isForUs(kind: SpanKind, attributes: Attributes): boolean {
  const method = attributes['http.request.method'] ?? attributes['http.method']
  const path = attributes['url.path'] ?? attributes['http.target']
  return isPageTelemetry(method, path) || (kind === SpanKind.SERVER && isProbe(method, path))
}

/** This very object marks a span that is left out, for those below it. It is empty, so that nothing of it is sent on. */
const leftOut = new TraceState()

export const isLeftOut = ({ traceState }: SamplingResult): boolean => traceState === leftOut

/** Leaves out the spans that frameworks make themselves of requests with a page's telemetry and of probes, as Next.js does. */
export function withoutPageTelemetry(sampler: Sampler): Sampler {
  return {
    shouldSample(context, traceId, name, kind, attributes, links) {
      const mayBeForUs = attributes['url.path'] !== undefined || attributes['http.target'] !== undefined
      return trace.getSpanContext(context)?.traceState === leftOut || (mayBeForUs && isForUs(kind, attributes))
        ? { decision: SamplingDecision.NOT_RECORD, traceState: leftOut }
        : sampler.shouldSample(context, traceId, name, kind, attributes, links)
    },
    toString: () => `WithoutPageTelemetry{${sampler}}`,
  }
}
