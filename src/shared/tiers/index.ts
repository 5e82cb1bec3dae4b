// The tier of a trace, and how long each tier is kept. None of it needs anything from Node.
export { appliedPolicies, type Decision, decide, decision } from './decide'
export { auditAttribute, logClassOf, lowestSeverity } from './logs'
export { spansOfOtlp } from './otlp'
export {
  healthCheck,
  type LogClass,
  type Policies,
  policies,
  type Resolution,
  type Retention,
  resolutionLookbacks,
  resolutionSteps,
  retention,
  type TraceTier,
} from './retention-table'
export type { TierSpan } from './span'
export { tierFlagAttributes, tierFlags, tierFlagsOf } from './tier-flags'
