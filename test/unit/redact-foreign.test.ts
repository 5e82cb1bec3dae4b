// Content that others wrote, in real spans of theirs (`fixtures/dialects`): with capture off none of it leaves, neither
// under their names nor under ours, nor in an event. Whoever adds a span looks at what is left of it.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRedactor, type RedactableSpan } from '../../src/shared/redact'
import type { SpanLike } from './llm/llm-span'
import { normalised } from './llm/spans/dialects/normalised'

const fixtures = path.join(import.meta.dirname, '../fixtures/dialects')
const spans = readdirSync(fixtures).map(
  file => JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')).span as SpanLike,
)

/** Names of all that is no number, of a span and of its events. */
function left(content: 'off' | 'redacted'): string[] {
  const redactor = createRedactor({ content })
  const names = spans.flatMap(foreign => {
    const { name, attributes, events } = normalised(foreign, { content: content !== 'off' })
    const scope = { name: foreign.scope ?? '' }
    const span = { name, attributes, events: [...events], links: [], status: { code: 0 }, instrumentationScope: scope }
    redactor.span(span as RedactableSpan)
    const all = [span.attributes, ...span.events.map(event => event.attributes ?? {})].flatMap(Object.entries)
    return all.filter(([, value]) => typeof value === 'string' || typeof value === 'object').map(([key]) => key)
  })
  return [...new Set(names)].sort()
}

const harmless = `
  afn.llm.cost.currency afn.llm.cost.source afn.llm.dialect ai.model.id ai.model.provider ai.operationId
  ai.request.headers.user-agent ai.response.finishReason ai.response.id ai.response.model
  ai.response.providerMetadata ai.response.timestamp ai.telemetry.functionId ai.telemetry.metadata.sessionId
  ai.telemetry.metadata.userId ai.toolCall.id ai.toolCall.name gen_ai.agent.name gen_ai.conversation.id
  gen_ai.operation.name gen_ai.prompt.name gen_ai.prompt.version gen_ai.provider.name gen_ai.request.model
  gen_ai.response.finish_reasons gen_ai.response.id gen_ai.response.model gen_ai.system gen_ai.tool.call.id
  gen_ai.tool.name input.mime_type langfuse.observation.completion_start_time
  langfuse.observation.cost_details langfuse.observation.model.name langfuse.observation.model.parameters
  langfuse.observation.prompt.name langfuse.observation.type langfuse.observation.usage_details
  llm.finish_reason llm.model_name llm.system metadata openinference.span.kind operation.name output.mime_type
  resource.name session.id tool.name traceloop.entity.name traceloop.span.kind traceloop.workflow.name user.id`
  .trim()
  .split(/\s+/)

describe('with capture off', () => {
  it('names, ids and kinds are left', () => {
    expect(left('off')).toEqual(harmless)
  })

  it('and with it on, what was said is there', () => {
    const said = left('redacted').filter(key => !left('off').includes(key))
    expect(said).toEqual(
      expect.arrayContaining([
        'ai.prompt.messages',
        'ai.response.text',
        'ai.toolCall.result',
        'gen_ai.input.messages',
        'gen_ai.output.messages',
        'input.value',
        'langfuse.observation.input',
        'llm.input_messages.0.message.content',
        'llm.invocation_parameters',
        'traceloop.entity.output',
      ]),
    )
  })
})

describe('with capture off, of SDKs that have no span among the fixtures', () => {
  const said = JSON.stringify([{ role: 'user', content: 'my therapist says' }])
  const keys = `
    genkit:init gcp.vertex.agent.data braintrust.input_json braintrust.output_json all_messages_events final_result tool_arguments
    tool_response request_data response_data gen_ai.request.messages gen_ai.response.text gen_ai.response.tool_calls gen_ai.tool.input
    gen_ai.tool.output gen_ai.content.prompt gen_ai.content.completion mcp.tool.result.content`
    .trim()
    .split(/\s+/)

  it.each(keys)('%s does not leave, whatever its value is', key => {
    expect(createRedactor({ content: 'off' }).attributes({ [key]: 'my therapist says' })).toEqual({})
  })

  it.each([
    ['a list', said],
    ['one', JSON.stringify({ role: 'assistant', content: [{ type: 'text', text: 'he says' }] })],
    [
      'one that begins with what was said',
      JSON.stringify({ parts: [{ text: 'a'.repeat(5_000) }], role: 'model' }, null, 2),
    ],
  ])('messages do not leave under any key: %s', (_, value) => {
    expect(createRedactor({ content: 'off' }).attributes({ 'langsmith.metadata.ls_inputs': value })).toEqual({})
    expect(createRedactor({ content: 'redacted' }).attributes({ 'langsmith.metadata.ls_inputs': value })).not.toEqual(
      {},
    )
  })

  const quoted = { role: 'user', content: 'my therapist says' }
  it.each<[string, unknown]>([
    ['as a value', [quoted]],
    ['in a list of texts', ['first', said]],
    ['in a map of a map', { request: { body: { messages: [quoted] } } }],
    ['of Gemini', JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'my therapist says' }] }] })],
    ['of LangChain', JSON.stringify([[{ type: 'human', content: 'my therapist says' }]])],
    [
      'of LangChain, by its classes',
      JSON.stringify([{ lc: 1, id: ['HumanMessage'], kwargs: { content: 'my therapist says' } }]),
    ],
    ['of PaLM', JSON.stringify([{ author: 'user', content: 'my therapist says' }])],
    ['an answer', JSON.stringify({ choices: [{ index: 0, text: 'my therapist says' }] })],
    ['an event of a stream', `data: ${JSON.stringify({ choices: [{ delta: { content: 'my therapist says' } }] })}`],
    ['as Python prints them', "[{'role': 'user', 'content': 'my therapist says'}]"],
    ['as Python prints LangChain', "[HumanMessage(content='my therapist says', additional_kwargs={})]"],
    ['in JavaScript', '[{role: "user", content: "my therapist says"}]'],
    ['JSON in JSON', JSON.stringify({ input: said })],
    ['escaped', JSON.stringify(said)],
    ['cut off', said.slice(0, -4)],
    ['behind a word', `request: ${said}`],
    [
      'a call of a tool',
      JSON.stringify([{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"q":"my therapist says"}' } }]),
    ],
    ['the prompt of a completion', JSON.stringify({ prompt: 'my therapist says', max_tokens: 5 })],
    ['a template of a model', '<|im_start|>user\nmy therapist says<|im_end|>'],
    ['another template', '[INST] my therapist says [/INST]'],
  ])('H6: messages leave %s', (_, value) => {
    const off = createRedactor({ content: 'off' })
    expect(JSON.stringify(off.attributes({ 'my.sdk.payload': value }))).not.toContain('therapist')
    const record = { body: value, attributes: { payload: value }, instrumentationScope: { name: 'x' } }
    off.log(record)
    expect(JSON.stringify(record)).not.toContain('therapist')
    expect(createRedactor({ content: 'redacted' }).attributes({ note: value })).toEqual({ note: value })
  })

  it.each([
    ['an account with a role', JSON.stringify({ role: 'admin', content: 'all' })],
    ['a list of roles', JSON.stringify(['user', 'assistant'])],
    ['a user without anything said', JSON.stringify({ role: 'user', name: 'editor' })],
    ['a job and its arguments', JSON.stringify({ function: 'resize', args: [1, 2] })],
    ['a schema', JSON.stringify({ type: 'function', name: 'resize', text: 'none' })],
    ['a comment of somebody', JSON.stringify({ author: 'ann', text: 'fine' })],
    ['a sentence', 'the "role": "user" has "content": "x"'],
  ])('%s is no message', (_, value) => {
    expect(createRedactor({ content: 'off' }).attributes({ note: value })).toEqual({ note: value })
  })
})
