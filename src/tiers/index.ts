// Imported by the demo, the embedded backend, reconcile and src/pipeline. Needs nothing from Node.
export { type Decision, decide } from './decide'
export { type OtlpTraces, spansOfOtlp } from './otlp'
export type { Attributes, SpanKind, TierSpan } from './span'
export {
  healthCheck,
  type LogTier,
  type MetricTier,
  type PolicyName,
  policies,
  retention,
  type TraceTier,
} from './table'
