// Rates stored calls by a plan, and hands each result to who keeps it.
import { AsyncLocalStorage } from 'node:async_hooks'
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../../../semconv'
import { Asking } from '../../../app/evaluate/asking'
import { contentOnSpan, evaluatedCall } from '../../../app/evaluate/describe-call'
import type { EvaluatedCall } from '../../../app/evaluate/evaluated-call'
import type { Evaluator } from '../../../app/evaluate/evaluator'
import { Rounds } from '../../../app/evaluate/rounds'
import type { FoundCall } from '../../../backend/api/call-answers'
import { judgementOf } from '../judgement'
import { verdictOf } from '../rate'
import type { Result } from './journal'
import { type Estimate, type JudgeCall, OverCost } from './judge-meter'
import { keyOf, type Pages, type Plan } from './plan'
import type { PlannedResult } from './result-metrics'
import type { AskedJudge } from './result-records'

/** What became of the evaluations of one evaluator. */
export interface RatedCounts {
  passed: number
  failed: number
  /** Rated, without a verdict. */
  unrated: number
  /** There was nothing to rate. */
  nothing: number
  /** Left out since `--max-cost` was used up. */
  overCost: number
  /** Not rated, by why. */
  readonly problems: Map<string, number>
  /** Requests to a model, their cost in USD, and those without a known cost. */
  asked: number
  cost: number
  unpriced: number
}

export interface RatingOptions {
  /** What is to be rated, before it is. */
  readonly expect: (planned: readonly PlannedResult[]) => Promise<void>
  readonly add: (result: Result) => Promise<void>
  readonly asked: (judge: AskedJudge) => void
  /** Why nothing more is to be rated. */
  readonly stop: () => string | undefined
}

/** Evaluations at once. Of each model that judges two are asked at once, however many wait. */
const AT_ONCE = 16

/** Whom a request to a model is for. */
const working = new AsyncLocalStorage<{ readonly call: FoundCall; readonly evaluator: Evaluator }>()

export class StoredRating {
  readonly counts = new Map<Evaluator, RatedCounts>()
  #isOverCost = false
  #isStopped = false

  constructor(
    evaluators: readonly Evaluator[],
    private readonly options: RatingOptions,
  ) {
    for (const evaluator of evaluators) this.counts.set(evaluator, noCounts())
  }

  /** A model was asked for one of the evaluations under way. */
  readonly onCall = (asked: JudgeCall): void => {
    const work = working.getStore()
    if (!work) return
    const counts = this.counts.get(work.evaluator)!
    counts.asked++
    counts.cost += asked.cost ?? 0
    if (asked.cost === undefined && !asked.isFailed) counts.unpriced++
    this.options.asked({ ...work, asked })
  }

  /** @throws Error that says why no more could be rated */
  async rate(pages: Pages, { evaluators: planned }: Plan): Promise<void> {
    const asking = new Map(
      Array.from(this.counts.keys(), one => [one, new Asking(new Rounds(), Number.POSITIVE_INFINITY)]),
    )
    for await (const { calls } of pages()) {
      const all = calls.flatMap(call => {
        const meant = planned.get(keyOf(call)) ?? []
        const evaluated = meant.length > 0 ? evaluatedCallOf(call) : undefined
        return evaluated ? meant.map(evaluator => ({ call, evaluator, evaluated })) : []
      })
      await this.options.expect(all.map(({ call, evaluator }) => ({ call, judgement: evaluator })))
      const tasks = all.values()
      const work = async () => {
        for (const { call, evaluator, evaluated } of tasks) {
          if (this.#isStopped) return
          await working.run({ call, evaluator }, () => this.#one(call, evaluator, evaluated, asking.get(evaluator)!))
          const why = this.options.stop()
          if (why !== undefined) throw new Error(why)
        }
      }
      try {
        await Promise.all(Array.from({ length: AT_ONCE }, work))
      } finally {
        // the others are at work when one has failed
        this.#isStopped = true
      }
      this.#isStopped = false
    }
  }

  async #one(call: FoundCall, evaluator: Evaluator, evaluated: EvaluatedCall, asking: Asking): Promise<void> {
    const counts = this.counts.get(evaluator)!
    if (this.#isOverCost && evaluator.evaluator.type === 'llm') {
      counts.overCost++
      return
    }
    let judgement: Awaited<ReturnType<typeof judgementOf>>
    try {
      judgement = await judgementOf(evaluator, evaluated, asking)
    } catch (error) {
      this.#isOverCost ||= error instanceof OverCost
      // those who waited for the judge meanwhile are refused as well
      if (this.#isOverCost && evaluator.evaluator.type === 'llm') counts.overCost++
      else {
        const { message } = error as Error
        counts.problems.set(message, (counts.problems.get(message) ?? 0) + 1)
      }
      return
    }
    if (!judgement) {
      counts.nothing++
      return
    }
    const verdict = verdictOf(judgement.outcome)
    await this.options.add({ call, judgement })
    counts[verdict === 'pass' ? 'passed' : verdict === 'fail' ? 'failed' : 'unrated']++
  }
}

const noCounts = (): RatedCounts => ({
  ...{ passed: 0, failed: 0, unrated: 0, nothing: 0, overCost: 0, problems: new Map(), asked: 0, cost: 0, unpriced: 0 },
})

/** Its content as it is stored: what was masked or left out by the app is not there. */
export function evaluatedCallOf(call: FoundCall): EvaluatedCall | undefined {
  const content = contentOnSpan({
    [ATTR_GEN_AI_INPUT_MESSAGES]: call.inputMessages ?? '[]',
    [ATTR_GEN_AI_OUTPUT_MESSAGES]: call.outputMessages ?? undefined,
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: call.systemInstructions ?? '[]',
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: call.toolDefinitions ?? '[]',
  })
  const { traceId, spanId, attributes } = call
  return content && evaluatedCall({ traceId, spanId, traceFlags: 1 }, attributes as never, content())
}

/** USD for what a plan asks of models, by evaluator; a part that is not known makes the sum unknown. */
export async function estimateOf(
  pages: Pages,
  { evaluators: planned }: Plan,
  captured: () => Estimate | undefined,
): Promise<Map<Evaluator, Estimate>> {
  const sums = new Map<Evaluator, Estimate>()
  const plus = (one: number | undefined, other: number | undefined) =>
    one === undefined || other === undefined ? undefined : one + other
  for await (const { calls } of pages()) {
    for (const call of calls) {
      for (const evaluator of planned.get(keyOf(call)) ?? []) {
        const evaluated = evaluatedCallOf(call)
        if (!evaluated || !('byAsking' in evaluator.judge)) continue
        // what it would ask is caught, and not sent
        await Promise.resolve(evaluator.judge.byAsking(evaluated, new AbortController().signal)).catch(() => {})
        const one = captured()
        if (!one) continue
        const sum = sums.get(evaluator) ?? { likely: 0, most: 0 }
        sums.set(evaluator, { likely: plus(sum.likely, one.likely), most: plus(sum.most, one.most) })
      }
    }
  }
  return sums
}
