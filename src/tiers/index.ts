// Imported by the demo, the embedded backend, reconcile and src/pipeline. Needs nothing from Node.
export { type Decision, decide } from './decide'
export { type OtlpTraces, spansOfOtlp } from './otlp'
export type { TierSpan } from './span'
export {
  healthCheck,
  type LogClass,
  type Policies,
  policies,
  type Resolution,
  type Retention,
  retention,
  type TraceTier,
} from './table'
