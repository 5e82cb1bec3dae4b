// Every detail of the usage inside of its total, whoever counted.
import type { Attributes } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { normalised } from './normalised'

const json = (value: unknown) => JSON.stringify(value)

describe('counts with every detail inside of its total', () => {
  const counts = (attributes: Attributes, scope?: string) => {
    const after = normalised({ attributes, ...(scope && { scope }) }).attributes
    return [
      'input_tokens',
      'output_tokens',
      'cache_read.input_tokens',
      'cache_write.input_tokens',
      'reasoning.output_tokens',
    ].map(name => after[`gen_ai.usage.${name}`])
  }
  const anthropic = { 'gen_ai.provider.name': 'anthropic', 'gen_ai.operation.name': 'chat' }

  it.each<[string, Attributes, (number | undefined)[], string?]>([
    [
      'OpenInference counts cached tokens in',
      {
        'openinference.span.kind': 'LLM',
        'llm.token_count.prompt': 100,
        'llm.token_count.completion': 20,
        'llm.token_count.prompt_details.cache_read': 60,
        'llm.token_count.prompt_details.cache_write': 30,
        'llm.token_count.completion_details.reasoning': 5,
      },
      [100, 20, 60, 30, 5],
    ],
    [
      'an older OpenInference left them out, as the numbers show',
      {
        'openinference.span.kind': 'LLM',
        'llm.token_count.prompt': 10,
        'llm.token_count.prompt_details.cache_read': 60,
      },
      [70, undefined, 60, undefined, undefined],
    ],
    [
      "OpenLLMetry leaves out Anthropic's, though the numbers would allow the other way",
      {
        ...anthropic,
        'gen_ai.usage.input_tokens': 1_000,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.cache_read_input_tokens': 60,
        'gen_ai.usage.cache_creation_input_tokens': 30,
      },
      [1_090, 20, 60, 30, undefined],
      '@traceloop/instrumentation-anthropic',
    ],
    [
      "OpenLLMetry counts OpenAI's in",
      {
        'gen_ai.provider.name': 'openai',
        'gen_ai.operation.name': 'chat',
        'gen_ai.usage.input_tokens': 1_000,
        'gen_ai.usage.cache_read_input_tokens': 60,
      },
      [1_000, undefined, 60, undefined, undefined],
      '@traceloop/instrumentation-openai',
    ],
    [
      "OpenLLMetry leaves out Gemini's thoughts, as the sum shows",
      {
        'gen_ai.system': 'gemini',
        'gen_ai.usage.prompt_tokens': 10,
        'gen_ai.usage.completion_tokens': 20,
        'gen_ai.usage.reasoning_tokens': 7,
        'gen_ai.usage.total_tokens': 37,
      },
      [10, 27, undefined, undefined, 7],
    ],
    [
      'a v5 AI SDK leaves out what Anthropic read from the cache',
      {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.provider': 'anthropic.messages',
        'gen_ai.usage.input_tokens': 1_000,
        'ai.usage.inputTokens': 1_000,
        'ai.usage.cachedInputTokens': 60,
      },
      [1_060, undefined, 60, undefined, undefined],
    ],
    [
      "a v5 AI SDK counts OpenAI's in",
      {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.provider': 'openai.chat',
        'ai.usage.inputTokens': 1_000,
        'ai.usage.cachedInputTokens': 60,
      },
      [1_000, undefined, 60, undefined, undefined],
    ],
    [
      "Langfuse's buckets add up",
      {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.usage_details': json({
          input: 10,
          output: 5,
          input_cache_creation_5m: 3,
          input_cache_creation_1h: 4,
          cache_read_input_tokens: 20,
          output_reasoning_tokens: 2,
        }),
      },
      [37, 7, 20, 7, 2],
    ],
    [
      "Langfuse's buckets where a total says that they are parts",
      {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.usage_details': json({ input: 10, output: 5, input_cached_tokens: 3, total: 15 }),
      },
      [10, 5, 3, undefined, undefined],
    ],
  ])('%s', (_, attributes, expected, scope) => {
    expect(counts(attributes, scope)).toEqual(expected)
  })
})
