/** The kinds of advice about a group of calls. */
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

/** `high`: the calls themselves prove it; `medium`: one assumption that spans cannot confirm; `low`: several assumptions. */
export type Confidence = 'high' | 'medium' | 'low'

export interface AdviceFinding {
  readonly kind: AdviceKind
  /** The observation, with figures, in one sentence. */
  readonly why: string
  /** The recommendation, as an imperative. */
  readonly what: string
  readonly saving: Saving
  readonly confidence: Confidence
  /** What may get worse. */
  readonly risk: string
  /** How to check the result afterwards. */
  readonly verify: string
  /** When not to follow the advice. */
  readonly unless: string
  /** A further TraceQL condition if the advice is about some of the group's calls; '' if it is about all. */
  readonly condition: string
}

/** @returns undefined if there is no advice, or too little data */
export type Rule = (group: Group, price: Pricing) => AdviceFinding | undefined

/** The minimum number of calls for any advice. */
export const LEAST_CALLS = 200

/** The minimum for the lower bound of the saving, as a share of the group's cost. */
export const LEAST_SHARE = 0.05

export const isWorthwhile = (saving: Saving | undefined): saving is Saving =>
  saving !== undefined && saving.n >= LEAST_CALLS && saving.interval.low >= LEAST_SHARE

export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
