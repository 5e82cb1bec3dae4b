import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import type { LlmMetrics } from '../../../../../src/app/llm/report/manual-call'
import { createManualCalls } from '../../../../../src/app/llm/report/manual-records'

function recorded(call: unknown) {
  const spans: ReadableSpan[] = []
  const problems: string[] = []
  const processor = {
    onStart() {},
    onEnd: (span: ReadableSpan) => void spans.push(span),
    async forceFlush() {},
    async shutdown() {},
  }
  const provider = new TracerProvider({ spanProcessors: [processor] })
  const record = createManualCalls({
    tracer: () => provider.getTracer('test'),
    onProblem: problem => problems.push(problem),
  })
  record(call as LlmMetrics)
  return { span: spans[0], problems }
}

const call = { provider: 'openai', model: 'gpt-4o-mini', duration: 1.5 }
const common = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
}

it.each<[string, object, object]>([
  [
    'tokens by kind',
    { tokensUsed: { input: 900, output: 120, cacheRead: 400, cacheWrite: 100, reasoning: 20 } },
    {
      'afn.llm.usage.source': 'application',
      'gen_ai.usage.input_tokens': 900,
      'gen_ai.usage.output_tokens': 120,
      'gen_ai.usage.cache_read.input_tokens': 400,
      'gen_ai.usage.cache_write.input_tokens': 100,
      'gen_ai.usage.reasoning.output_tokens': 20,
    },
  ],
  [
    'a sum of tokens and a cost',
    { tokensUsed: 1_020, cost: 0.0031 },
    {
      'afn.llm.usage.source': 'application',
      'afn.llm.usage.total_tokens': 1_020,
      'afn.llm.cost.total': 0.0031,
      'afn.llm.cost.currency': 'USD',
      'afn.llm.cost.source': 'application',
    },
  ],
  ['neither', { tokensUsed: null, cost: null }, { 'afn.llm.usage.source': 'missing' }],
])('a call that the app reports with %s has a span', (_, metrics, attributes) => {
  const { span, problems } = recorded({ ...call, ...metrics })
  expect(problems).toEqual([])
  expect(span).toMatchObject({ name: 'chat gpt-4o-mini', kind: 2, duration: [1, 500_000_000] })
  expect(span?.attributes).toEqual({ ...common, ...attributes })
})

it('a provider is known by the names that SDKs give it', () => {
  expect(recorded({ ...call, provider: 'azure' }).span?.attributes['gen_ai.provider.name']).toBe('azure.ai.openai')
})

describe('a bad report of a call is a diagnostic and no span', () => {
  it.each<[object | undefined, string]>([
    [undefined, 'the call is of type undefined; give an object'],
    [{ provider: '' }, 'provider is missing or no text; give its name'],
    [{ model: 4 }, 'model is missing or no text; give its name'],
    [{ duration: undefined }, 'duration is of type undefined; give a number from 0 up'],
    [{ duration: -1 }, 'duration is -1; give a number from 0 up'],
    [{ cost: Number.NaN }, 'cost is NaN; give a number from 0 up'],
    [{ tokensUsed: 1.5 }, 'tokensUsed is 1.5; give a whole number from 0 up'],
    [{ tokensUsed: { input: -3 } }, 'tokensUsed.input is -3; give a whole number from 0 up'],
    [
      { tokensUsed: { input: 3, cacheRead: 4 } },
      'tokensUsed.input is less than cacheRead and cacheWrite, 4; give input',
    ],
    [
      { tokensUsed: { output: 3, reasoning: 4 } },
      'tokensUsed.output is less than reasoning, 4; give output with these',
    ],
  ])('%o', (wrong, problem) => {
    const { span, problems } = recorded(wrong && { ...call, ...wrong })
    expect(span).toBeUndefined()
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })
})
