import { expect, it } from 'vitest'
import { costOfCallsOnly } from '../../../../../src/app/llm/report/cost/pricer'
import { llmSpan, priced } from '../../llm-span'

it.each<[string, object, boolean]>([
  ['a call', {}, true],
  ['an agent that repeats what its calls cost', { 'gen_ai.operation.name': 'invoke_agent' }, false],
  ['an outer span of the call', { 'afn.llm.usage.rollup': true }, false],
  ['a span of no kind', { 'gen_ai.operation.name': undefined }, false],
])('%s', (_, attributes, costs) => {
  const span = llmSpan({ attributes: { ...priced, ...attributes, 'gen_ai.usage.cost': 7 } })
  costOfCallsOnly(span)
  const kept = Object.keys(span.attributes).filter(key => key.startsWith('afn.llm.cost.'))
  expect(kept).toHaveLength(costs ? 5 : 0)
  expect(span.attributes['gen_ai.usage.cost']).toBe(7)
})
