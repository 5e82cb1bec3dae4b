// What an app may give to `addEvaluator()`: what a file may say, in the same words, or a function. Public through `./api`.
import type { GroundednessOptions } from './code/groundedness'
import type { JsonSchemaOptions } from './code/json-schema'
import type { LanguageOptions } from './code/language'
import type { LengthOptions } from './code/length'
import type { PatternsOptions } from './code/patterns'
import type { RefusalOptions } from './code/refusal'
import type { Condition } from './condition'
import type { JudgeByAsking } from './evaluator'
import type { JudgeOptions } from './judge/model'

interface EveryEvaluator {
  /** What is judged, one of few: `valid_order`, `helpful`. */
  readonly name: string
  /** Who judges. Default: the type, or the model. */
  readonly evaluator?: string
  /** Which share of the calls, from 0 to 1. Default 1. */
  readonly rate?: number
  /** How many in any hour, in this process. Default 1000; 60 for a model. */
  readonly per_hour?: number
  /** The score from which on an answer passes. */
  readonly threshold?: number
  /** Which calls. Default: all. */
  readonly when?: Condition
}

interface Timed {
  /** Default 10. */
  readonly timeout_seconds?: number
}

export interface FunctionOptions extends Timed {
  /** Judges one call; nothing is recorded where it returns `undefined`. What it throws is said on stderr, and does no harm. */
  readonly evaluate: JudgeByAsking
  /** `llm` where it asks a model. Default `code`. */
  readonly type?: 'code' | 'llm'
  /** The worst score that it can give. Default 0. */
  readonly min?: number
  /** The best one. Default 1. */
  readonly max?: number
}

type Typed =
  | ({ readonly type: 'json_schema' } & JsonSchemaOptions)
  | { readonly type: 'tool_arguments' }
  | ({ readonly type: 'refusal' } & RefusalOptions)
  | ({ readonly type: 'groundedness' } & GroundednessOptions)
  | ({ readonly type: 'language' } & LanguageOptions)
  | ({ readonly type: 'length' } & LengthOptions)
  | ({ readonly type: 'patterns' } & PatternsOptions)
  | { readonly type: 'repetition' }
  | ({ readonly type: 'judge' } & JudgeOptions & Timed)

export type EvaluatorOptions = EveryEvaluator & (Typed | FunctionOptions)
