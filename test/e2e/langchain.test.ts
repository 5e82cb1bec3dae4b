// LangChain with the instrumentations that others have for it, registered by the app under the packed preload: whatever
// they make of a call, it is priced once, and their chains, agents and tools have today's names.
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { pathsOf } from '../support/paths'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { callingTool } from '../support/tool-call'
import { FIXTURES, type Recording, recordings, startReplay } from '../unit/llm/replay'

const peers = path.join(installOnce(path.join(root, 'test/peers/package.json'), 'peers'), 'node_modules')
const names = [
  '@arizeai/openinference-instrumentation-langchain',
  '@traceloop/instrumentation-langchain',
  '@langchain/core',
  '@langchain/openai',
  'langchain',
  'zod',
  '@opentelemetry/api',
]
const modules = Object.fromEntries(names.map(name => [name, path.join(peers, name)]))

const app = `
  const { ChatOpenAI } = require('@langchain/openai')
  const { ChatPromptTemplate } = require('@langchain/core/prompts')
  const manager = require('@langchain/core/callbacks/manager')
  const { createAgent, tool } = require('langchain')
  const { z } = require('zod')
  const { withAgent } = require('@afn/otel/api')
  const { PEER } = process.env
  if (PEER) {
    const { LangChainInstrumentation } = require(PEER)
    new LangChainInstrumentation().manuallyInstrument(PEER.includes('arize') ? manager : { callbackManagerModule: manager })
  }
  const model = (path, options) => new ChatOpenAI({ model: 'gpt-4o-mini', apiKey: 'test', maxRetries: 0, configuration: { baseURL: process.env[path] + '/v1' }, ...options })
  const weather = tool(async () => '21 degrees', { name: 'weather', description: 'w', schema: z.object({ city: z.string() }) })
  async function main() {
    const chain = ChatPromptTemplate.fromTemplate('{what}').pipe(model('PLAIN'))
    const agent = createAgent({ model: model('TOOL'), tools: [weather] })
    const seen = [(await chain.invoke({ what: 'hi' })).content]
    for await (const chunk of await model('STREAM', { streamUsage: true }).stream('hi')) seen.push(chunk.content)
    seen.push((await withAgent('mine', () => agent.invoke({ messages: [{ role: 'user', content: 'hi' }] }))).messages.at(-1).content)
    seen.push(await model('REFUSED').invoke('hi').catch(error => error.status))
    console.log(JSON.stringify(seen))
  }
  main()`

describe.each([
  ['without', ''],
  ['OpenInference', '@arizeai/openinference-instrumentation-langchain'],
  ['OpenLLMetry', '@traceloop/instrumentation-langchain'],
])('LangChain, %s', (_, PEER) => {
  const start = async () => {
    const known = recordings(FIXTURES)
    known.set('tool', callingTool(known.get('chat-plain') as Recording))
    const [replay, receiver] = [await startReplay(known), await startReceiver()]
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const answers = { PLAIN: 'chat-plain', STREAM: 'chat-stream-usage', TOOL: 'tool', REFUSED: 'chat-error-503' }
    const urls = Object.fromEntries(Object.entries(answers).map(([name, id]) => [name, replay.base(id)]))
    return { replay, receiver, folder, urls }
  }

  it('prices each call once', async () => {
    const { replay, receiver, folder, urls } = await start()
    const bare = await run(folder, ['app.cjs'], { env: urls })
    const env = { ...urls, PEER, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const preloaded = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
    expect(preloaded).toEqual(bare)
    expect(bare).toMatchObject({ code: 0, stderr: '' })
    await replay.close()
    await receiver.close()
    const spans = receiver.spans()
    const of = (operation: string) =>
      spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] === operation)
    const priced = spans.filter(({ attributes }) => attributes['afn.llm.cost.total'] !== undefined)
    expect(priced.map(({ attributes }) => attributes['gen_ai.usage.input_tokens']).sort()).toEqual([1170, 29, 29, 29])
    expect(of('chat').length).toBe(priced.length + 1) // the refused one
    expect(of('chat').map(({ scope }) => scope)).toEqual(Array(5).fill('@afn/otel/llm'))
    const inAgent = of('chat').filter(({ attributes }) => attributes['gen_ai.agent.name'] === 'mine')
    expect(inAgent.length).toBe(2)
    expect(of('execute_tool').map(({ attributes }) => attributes['langfuse.observation.type'])).toEqual(['tool'])
    // the instrumentation of others makes a span of each chain; ours one of the agent, below the app's own
    expect(of('invoke_workflow').length > 0).toBe(PEER !== '')
    expect(spans.some(({ scope }) => scope === '@afn/otel/langchain')).toBe(PEER === '')
    if (!PEER)
      expect(pathsOf(spans).filter(path => path.endsWith('execute_tool weather'))).toEqual([
        'invoke_agent mine > invoke_agent > step tools > execute_tool weather',
      ])
  })

  it('counts each call once where no trace is sampled', async () => {
    const { replay, receiver, folder, urls } = await start()
    const env = { ...urls, PEER, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER: 'always_off' }
    expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })).toMatchObject({ code: 0, stderr: '' })
    await replay.close()
    await receiver.close()
    const total = (name: string, of: 'value' | 'count') => receiver.points(name).reduce((sum, one) => sum + one[of], 0)
    expect(total('gen_ai.client.inference.usage.input_tokens', 'value')).toBe(1170 + 3 * 29)
    expect(total('gen_ai.client.inference.duration', 'count')).toBe(5)
    expect(receiver.spans()).toEqual([])
  })
})
