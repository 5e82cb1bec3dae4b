/** What a rule says about a group of calls. */
import type { Group, Pricing } from './call'
import type { Saving } from './saving'

export const adviceKinds = [
  'retirement',
  'caching',
  'batch',
  'output-cap',
  'retries',
  'context',
  'model',
  'provider',
] as const
export type AdviceKind = (typeof adviceKinds)[number]

/** `high`: the calls themselves show it; `medium`: something about them that is not seen has to hold; `low`: much has. */
export type Confidence = 'high' | 'medium' | 'low'

export interface AdviceFinding {
  readonly kind: AdviceKind
  /** What was seen, with figures, in one sentence. */
  readonly why: string
  /** What to do, as an imperative. */
  readonly what: string
  readonly saving: Saving
  readonly confidence: Confidence
  /** What may be lost by it. */
  readonly risk: string
  /** How to see afterwards whether it was right. */
  readonly verify: string
  /** In which case it is not to be done. */
  readonly unless: string
  /** A further condition of TraceQL, where it is about some calls of the group only; '' where it is about all. */
  readonly condition: string
}

/** @returns undefined where there is nothing to say, or too little is known */
export type Rule = (group: Group, price: Pricing) => AdviceFinding | undefined

/** Fewer calls than these say nothing. */
export const LEAST_CALLS = 200

/** Of the cost of a group, the lower end of what is saved has to be this at least. */
export const LEAST_SHARE = 0.05

export const isWorthwhile = (saving: Saving | undefined): saving is Saving =>
  saving !== undefined && saving.n >= LEAST_CALLS && saving.interval.low >= LEAST_SHARE

export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
