// What spans other than calls of a model say: agents, retrievers, evaluations, traces.
import type { Attributes } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { createNormalise } from '../../../../../src/app/llm/spans/normalise'
import { llmSpan } from '../../llm-span'
import { added } from './normalised'

const json = (value: unknown) => JSON.stringify(value)

describe('a span of no known convention', () => {
  it.each([
    ['of HTTP', { 'http.request.method': 'GET' }],
    ["of the tap, in today's names", { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 1 }],
    ['of another operation', { 'gen_ai.operation.name': 'image_generation', 'gen_ai.usage.input_tokens': 1 }],
  ])('as %s stays as it is, and no reader is loaded', (_, attributes) => {
    const span = llmSpan({ attributes })
    createNormalise({ content: true, keepOriginals: false }, () => {
      throw new Error('loaded')
    })(span)
    expect(span.attributes).toEqual(attributes)
  })
})

describe('a span of another convention that is no call of a model is translated', () => {
  it.each<[string, Attributes, Attributes]>([
    [
      'a retriever of OpenInference',
      {
        'openinference.span.kind': 'RETRIEVER',
        'input.value': 'q',
        'retrieval.documents.0.document.id': 'd1',
        'retrieval.documents.0.document.score': 0.9,
        'retrieval.documents.0.document.content': 'text',
        'retrieval.documents.0.document.metadata': '{"page":1}',
      },
      {
        'gen_ai.operation.name': 'retrieval',
        'gen_ai.retrieval.query.text': 'q',
        'gen_ai.retrieval.documents': json([{ id: 'd1', score: 0.9, content: 'text', metadata: { page: 1 } }]),
      },
    ],
    [
      'an evaluation on a span of OpenInference',
      {
        'openinference.span.kind': 'EVALUATOR',
        'evaluations.0.evaluation.name': 'relevance',
        'evaluations.0.evaluation.score': 0.4,
        'evaluations.0.evaluation.label': 'bad',
        'evaluations.0.evaluation.explanation': 'why',
      },
      {
        'gen_ai.evaluation.name': 'relevance',
        'gen_ai.evaluation.score.value': 0.4,
        'gen_ai.evaluation.score.label': 'bad',
        'gen_ai.evaluation.explanation': 'why',
      },
    ],
    [
      'costs of OpenInference',
      {
        'openinference.span.kind': 'LLM',
        'llm.cost.total': 0.3,
        'llm.cost.prompt': 0.1,
        'llm.cost.completion': 0.2,
      },
      {
        'gen_ai.operation.name': 'chat',
        'afn.llm.cost.total': 0.3,
        'afn.llm.cost.input': 0.1,
        'afn.llm.cost.output': 0.2,
        'afn.llm.cost.currency': 'USD',
        'afn.llm.cost.source': 'application',
      },
    ],
    [
      'an agent of Traceloop',
      {
        'traceloop.span.kind': 'agent',
        'traceloop.entity.name': 'helper',
        'traceloop.association.properties.user_id': 'u',
        'traceloop.association.properties.session_id': 's',
        'traceloop.prompt.key': 'p',
        'traceloop.prompt.version': 2,
      },
      {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'helper',
        'user.id': 'u',
        'session.id': 's',
        'gen_ai.conversation.id': 's',
        'gen_ai.prompt.name': 'p',
        'gen_ai.prompt.version': '2',
      },
    ],
    [
      'parameters of older Traceloop',
      {
        'llm.request.type': 'completion',
        'llm.top_k': 40,
        'llm.frequency_penalty': 0.5,
        'llm.presence_penalty': 1,
        'llm.chat.stop_sequences': 'END',
        'llm.request.functions.0.name': 'f',
        'llm.request.functions.0.parameters': '{"type":"object"}',
      },
      {
        'gen_ai.operation.name': 'text_completion',
        'gen_ai.request.top_k': 40,
        'gen_ai.request.frequency_penalty': 0.5,
        'gen_ai.request.presence_penalty': 1,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.tool.definitions': json([{ type: 'function', name: 'f', parameters: { type: 'object' } }]),
      },
    ],
    [
      'a trace-level span of Langfuse',
      { 'langfuse.user.id': 'u', 'langfuse.session.id': 's' },
      { 'user.id': 'u', 'session.id': 's', 'gen_ai.conversation.id': 's' },
    ],
    [
      'an outer span of the AI SDK that is no agent: what it counts is below',
      { 'ai.operationId': 'ai.embed', 'ai.usage.tokens': 8 },
      { 'gen_ai.usage.input_tokens': 8, 'afn.llm.usage.rollup': true },
    ],
    [
      'values that nobody can mean',
      {
        'openinference.span.kind': 'LLM',
        'llm.token_count.prompt': 'many',
        'llm.token_count.completion': -1,
        'llm.invocation_parameters': '{"temperature":"hot","seed":1.5,"stop":[1],"max_tokens":7}',
        'llm.cost.total': Number.NaN,
        'llm.input_messages.__proto__.message.role': 'user',
      },
      { 'gen_ai.operation.name': 'chat', 'gen_ai.request.max_tokens': 7 },
    ],
  ])('%s', (_, attributes, expected) => {
    const { 'afn.llm.dialect': _dialect, 'gen_ai.input.messages': _messages, ...rest } = added({ attributes })
    expect(rest).toEqual(expected)
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
    expect(({} as { message?: unknown }).message).toBeUndefined()
  })
})

describe('a call that says no provider', () => {
  const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' }

  it.each([
    ['is of the one at its host', { 'server.address': 'eu.api.openai.com' }, 'openai'],
    ['is of the one at its port', { 'server.address': 'localhost', 'server.port': 11434 }, 'ollama'],
    [
      'is of the one at its host in another convention too',
      { 'server.address': 'api.groq.com', 'openinference.span.kind': 'LLM' },
      'groq',
    ],
    [
      "is of nobody at a server that may be anybody's",
      { 'server.address': 'models.example.com', 'server.port': 443 },
      undefined,
    ],
    ['is of nobody where no server is told', {}, undefined],
    [
      'stays of the one that it says',
      { 'server.address': 'api.openai.com', 'gen_ai.provider.name': 'mine' },
      undefined,
    ],
  ])('%s', (_, server, name) => {
    expect(added({ attributes: { ...call, ...server } as never })['gen_ai.provider.name']).toBe(name)
  })
})

describe("a workflow of v1.41 has an agent's name", () => {
  const said = (attributes: Attributes, keepOriginals = false) => {
    const span = llmSpan({ attributes })
    createNormalise({ content: false, keepOriginals }, () => {
      throw new Error('loaded')
    })(span)
    return span.attributes
  }
  const workflow = { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'w' }

  it('on the workflow alone, and the name of before where originals are kept', () => {
    expect(said(workflow)).toEqual({ 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.agent.name': 'w' })
    expect(said(workflow, true)).toEqual({ ...workflow, 'gen_ai.agent.name': 'w' })
    expect(said({ ...workflow, 'gen_ai.agent.name': 'a' })['gen_ai.agent.name']).toBe('a')
  })

  it('not on a call inside of it, which is of no agent', () => {
    const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.workflow.name': 'w' }
    expect(said(call)).toEqual(call)
  })
})
