// Each built-in evaluator on answers that were labelled by hand, exact.
import { expect, it } from 'vitest'
import { evaluatorOf } from '../../../src/app/evaluate/config/read'
import { evaluatedCall } from '../../../src/app/evaluate/describe-call'
import { type Finding, isInSteps } from '../../../src/app/evaluate/evaluator'
import { finish } from './finish'
import { type Labelled, labelled } from './labelled'

function judged(one: Labelled): Finding | undefined {
  const means = { redact: async (text: string) => text, environment: {} }
  const { evaluator, problems } = evaluatorOf({ name: 'x', type: one.type, ...one.options }, [], means)
  expect(problems).toEqual([])
  if (!evaluator || !('byCode' in evaluator.judge)) throw new Error('no evaluator by code')
  const { answer, parts = [], question = '', system = '', results = [], tools = [] } = one
  const text = (content: string) => (content === '' ? [] : [{ type: 'text', content }])
  const call = evaluatedCall(
    { traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 },
    { 'gen_ai.response.finish_reasons': [...(one.finishReasons ?? ['stop'])] },
    {
      messages: [
        { role: 'user', parts: text(question) },
        ...results.map(response => ({ role: 'tool', parts: [{ type: 'tool_call_response', response }] })),
      ],
      system: text(system),
      tools: [...tools],
      output: [{ role: 'assistant', parts: [...text(answer), ...parts] }],
    },
  )
  const result = evaluator.judge.byCode(call)
  return isInSteps(result) ? finish(result).result : result
}

it('there are a hundred labelled answers at least, and some of each type', () => {
  expect(labelled.length).toBeGreaterThanOrEqual(100)
  expect(new Set(labelled.map(({ type }) => type)).size).toBe(8)
})

it.each(labelled.map(one => [one.type, one.answer.slice(0, 60) || JSON.stringify(one.parts ?? ''), one] as const))(
  '%s rates %j as it was labelled',
  (_, __, one) => {
    const found = judged(one)
    if (one.score === undefined) expect(found).toBeUndefined()
    else expect(found?.score, found?.explanation).toBeCloseTo(one.score, 10)
  },
)
