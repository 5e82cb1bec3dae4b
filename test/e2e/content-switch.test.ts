// The switch of content under the packed preload: what libraries of five conventions write about what was said leaves only
// where it is on, whichever way it takes: attributes, events, log records, and what we make of them for LangFuse.
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { startReplay } from '../unit/llm/replay'

/** Attributes with content in them, of an LLM span of each convention. */
const said = 'said-by-somebody'
const messages = JSON.stringify([{ role: 'user', content: said }])
const conventions = {
  'gen_ai, today': {
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: said }] }]),
    'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: said }]),
  },
  'gen_ai, before': {
    'gen_ai.system': 'openai',
    'gen_ai.request.model': 'm',
    'gen_ai.prompt.0.role': 'user',
    'gen_ai.prompt.0.content': said,
    'gen_ai.completion.0.content': said,
  },
  OpenInference: {
    'openinference.span.kind': 'LLM',
    'llm.model_name': 'm',
    'input.value': messages,
    'output.value': said,
    'llm.input_messages.0.message.role': 'user',
    'llm.input_messages.0.message.content': said,
    'llm.output_messages.0.message.content': said,
    'llm.invocation_parameters': JSON.stringify({ temperature: 0.5, system: said }),
  },
  OpenLLMetry: {
    'traceloop.span.kind': 'tool',
    'traceloop.entity.name': 't',
    'traceloop.entity.input': messages,
    'traceloop.entity.output': said,
  },
  'AI SDK': {
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.model.id': 'm',
    'ai.prompt.messages': messages,
    'ai.response.text': said,
    'ai.response.toolCalls': JSON.stringify([{ toolName: 't', input: said }]),
  },
  Langfuse: {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.input': messages,
    'langfuse.observation.output': said,
  },
}

const source = `
  const { trace } = require('@opentelemetry/api')
  const { logs } = require('@opentelemetry/api-logs')
  const conventions = ${JSON.stringify(conventions)}
  const tracer = trace.getTracer('somebody')
  tracer.startActiveSpan('root', root => {
    for (const [name, attributes] of Object.entries(conventions)) {
      const span = tracer.startSpan(name, { attributes, kind: 2 })
      span.addEvent('gen_ai.user.message', { content: ${JSON.stringify(said)} })
      span.addEvent('ai.stream.finish', { 'ai.response.text': ${JSON.stringify(said)} })
      span.end()
    }
    logs.getLogger('somebody').emit({ eventName: 'gen_ai.choice', body: { message: { content: ${JSON.stringify(said)} } } })
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: ${JSON.stringify(said)} }] })
    fetch(process.env.REPLAY + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      .then(response => response.text())
      .finally(() => root.end())
  })`

async function act(AFN_CAPTURE_CONTENT: string) {
  const [replay, receiver] = [await startReplay(), await startReceiver()]
  const names = ['@opentelemetry/api', '@opentelemetry/api-logs']
  const folder = makeApp({ files: { 'app.cjs': source }, modules: Object.fromEntries(names.map(name => [name, name])) })
  const env = { AFN_CAPTURE_CONTENT, REPLAY: replay.base('chat-plain'), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
  const bytes = Buffer.concat(receiver.requests.map(({ body }) => body)).toString('latin1')
  const spans = receiver.spans()
  await replay.close()
  await receiver.close().catch(() => {}) // somebody's old names are in no registry
  return { bytes, spans }
}

it('with content off no message is in the exported bytes, and every span is there', async () => {
  const { bytes, spans } = await act('off')
  expect(spans).toHaveLength(Object.keys(conventions).length + 2)
  expect(bytes).not.toContain(said)
})

it('with content redacted each call has its messages, redacted', async () => {
  const { spans } = await act('redacted')
  for (const { name, attributes } of spans) expect(JSON.stringify(attributes), name).toContain(said)
})
