// Which convention is believed, what stays of it, and the names of providers.
import type { Attributes } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { providerNamed } from '../../../../../src/app/llm/providers/providers'
import { normalised } from './normalised'

describe('where several conventions have the same value', () => {
  const everything = {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.model.name': 'by langfuse',
    'gen_ai.request.model': 'by gen_ai',
    'openinference.span.kind': 'LLM',
    'llm.request.model_name': 'by openinference',
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.model.id': 'by the AI SDK',
  }
  const without = (...keys: string[]) =>
    Object.fromEntries(Object.entries(everything).filter(([key]) => !keys.includes(key)))

  it.each<[string, Attributes, string]>([
    ['Langfuse, which is explicit', everything, 'by langfuse'],
    ["today's name", without('langfuse.observation.model.name'), 'by gen_ai'],
    ['OpenInference', without('langfuse.observation.model.name', 'gen_ai.request.model'), 'by openinference'],
    [
      'AI SDK',
      without('langfuse.observation.model.name', 'gen_ai.request.model', 'llm.request.model_name'),
      'by the AI SDK',
    ],
  ])('%s', (_, attributes, model) => {
    const after = normalised({ attributes }).attributes
    expect(after['gen_ai.request.model']).toBe(model)
    expect(after['afn.llm.dialect']).toBe('langfuse')
  })

  it('old gen_ai comes after today’s and before the others', () => {
    const after = (attributes: Attributes) => normalised({ attributes }).attributes['gen_ai.usage.output_tokens']
    const all = {
      'gen_ai.usage.output_tokens': 1,
      'gen_ai.usage.completion_tokens': 2,
      'openinference.span.kind': 'LLM',
      'llm.token_count.completion': 3,
    }
    const { 'gen_ai.usage.output_tokens': _, ...old } = all
    expect([after(all), after(old)]).toEqual([1, 2])
  })
})

describe('attributes under the names of another convention', () => {
  const span = {
    attributes: {
      'openinference.span.kind': 'LLM',
      'llm.token_count.prompt': 3,
      'input.value': 'hi',
      metadata: '{"team":"a"}',
      'gen_ai.system': 'openai',
    },
    events: [{ name: 'gen_ai.user.message', attributes: { content: 'hi' } }, { name: 'exception' }],
  }

  it("stay next to today's by default", () => {
    expect(normalised(span).attributes).toMatchObject(span.attributes)
  })

  it('are removed where the setting says so, unless they have no name today', () => {
    const { attributes, events } = normalised(span, { keepOriginals: false })
    expect(Object.keys(attributes).sort()).toEqual([
      'afn.llm.dialect',
      'gen_ai.input.messages',
      'gen_ai.operation.name',
      'gen_ai.provider.name',
      'gen_ai.usage.input_tokens',
      'metadata',
    ])
    expect(events).toEqual([{ name: 'exception' }])
  })

  it('stay on a chain, whose input and output have no names today', () => {
    const chain = { 'openinference.span.kind': 'CHAIN', 'input.value': 'a', 'output.value': 'b' }
    expect(normalised({ attributes: chain }, { keepOriginals: false }).attributes).toMatchObject(chain)
  })
})

it.each([
  ['openai', 'openai'],
  ['openai.responses', 'openai'],
  ['OpenAI', 'openai'],
  ['az.ai.openai', 'azure.ai.openai'],
  ['azure.ai.inference', 'azure.ai.inference'],
  ['azure-openai.chat', 'azure.ai.openai'],
  ['anthropic.messages', 'anthropic'],
  ['google.generative-ai', 'gcp.gemini'],
  ['google.vertex.chat', 'gcp.vertex_ai'],
  ['gcp.vertex_ai', 'gcp.vertex_ai'],
  ['vertexai', 'gcp.vertex_ai'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['AWS', 'aws.bedrock'],
  ['mistralai', 'mistral_ai'],
  ['xai.chat', 'x_ai'],
  ['groq.chat', 'groq'],
  ['my.gateway', 'my.gateway'],
])('the provider that another convention calls %s is recorded as %s', (span, expected) => {
  expect(providerNamed(span)).toBe(expected)
})
