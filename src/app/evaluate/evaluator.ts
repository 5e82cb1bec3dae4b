// What an evaluator is, whoever made it: a line of the file, or the app.
import type { EvaluatedCall } from './evaluated-call'

export interface Finding {
  /** On the evaluator's scale, higher is better. */
  readonly score?: number
  readonly label?: string
  /** Why. Message content: it leaves only when `AFN_CAPTURE_CONTENT` says so, and redacted. */
  readonly explanation?: string
}

/**
 * Judges at once, or in steps between which the event loop may go round: a step is to take no more than a millisecond or two.
 * @returns undefined where there is nothing that it could judge
 */
export type JudgeByCode = (call: EvaluatedCall) => Finding | undefined | Generator<undefined, Finding | undefined>

/** Whether the judge has begun, and wants its steps to be made. */
export const isInSteps = (result: ReturnType<JudgeByCode>): result is Generator<undefined, Finding | undefined> =>
  typeof result === 'object' && result !== null && 'next' in result

/** Judges by asking somebody, and gives up when the signal says so. */
export type JudgeByAsking = (
  call: EvaluatedCall,
  signal: AbortSignal,
) => Finding | undefined | Promise<Finding | undefined>

export interface Evaluator {
  /** Of the evaluation: what is judged. */
  readonly name: string
  readonly evaluator: { readonly name: string; readonly type: 'code' | 'llm' }
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly threshold?: number | undefined
  /** Share of the calls, from 0 to 1. */
  readonly rate: number
  readonly perHour: number
  readonly isMeant: (call: Meant) => boolean
  readonly judge: { readonly byCode: JudgeByCode } | { readonly byAsking: JudgeByAsking; readonly timeoutMs: number }
}

/** What a condition looks at, which is known without the content. */
export interface Meant {
  readonly attributes: Readonly<Record<string, unknown>>
}

/** An evaluator that fails says in words why; of anything else that is thrown the message is shown. */
export class EvaluationError extends Error {}
