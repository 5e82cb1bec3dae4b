// What one evaluator says of one call, as `recordEvaluation()` of an app would record it.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Asking } from '../../app/evaluate/asking'
import type { EvaluatedCall } from '../../app/evaluate/evaluated-call'
import { type Evaluator, type Finding, isInSteps } from '../../app/evaluate/evaluator'
import { type Judgement, judge } from '../../app/llm/report/quality/judgement'

/** @returns undefined where there is nothing to rate @throws what is wrong with the evaluator, or with the model that it asks */
export async function judgementOf(
  { name, evaluator, min, max, threshold, judge: how }: Evaluator,
  call: EvaluatedCall,
  asking: Asking,
): Promise<Judgement | undefined> {
  const finding = await findingOf(how, call, asking)
  if (!finding) return undefined
  const { score, label, explanation } = finding
  return judge({
    name,
    evaluator,
    ...(score !== undefined && { score }),
    ...(label !== undefined && { label }),
    ...(explanation !== undefined && { explanation }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(threshold !== undefined && score !== undefined && { threshold }),
  })
}

function findingOf(
  how: Evaluator['judge'],
  call: EvaluatedCall,
  asking: Asking,
): Promise<Finding | undefined> | Finding | undefined {
  if ('byAsking' in how) {
    // who waits for a turn is asked in that of another
    const inOurs = AsyncLocalStorage.snapshot()
    return new Promise((resolve, reject) =>
      asking.add({
        ask: signal => inOurs(() => how.byAsking(call, signal)),
        timeoutMs: how.timeoutMs,
        over: (finding, error) => (error === undefined ? resolve(finding) : reject(error)),
        left: () => reject(new Error('the process ended before the judge answered')),
      }),
    )
  }
  const found = how.byCode(call)
  if (!isInSteps(found)) return found
  for (;;) {
    const step = found.next()
    if (step.done) return step.value
  }
}
