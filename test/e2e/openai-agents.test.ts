// OpenAI's Agents SDK with OpenInference's instrumentation, registered by the app under the packed preload: workflow,
// agent and tool have today's names, and each call is one priced span at its place in the tree.
import path from 'node:path'
import { expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { pathsOf } from '../support/paths'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { callingTool } from '../support/tool-call'
import { FIXTURES, type Recording, recordings, startReplay } from '../unit/llm/replay'

const peers = path.join(installOnce(path.join(root, 'test/peers/package.json'), 'peers'), 'node_modules')
const instrumentation = '@arizeai/openinference-instrumentation-openai-agents'
const names = ['@openai/agents', instrumentation, 'openai', 'zod', '@opentelemetry/api']

const app = `
  import * as agents from '@openai/agents'
  import OpenAI from 'openai'
  import { z } from 'zod'
  import { OpenAIAgentsInstrumentation } from '${instrumentation}'
  new OpenAIAgentsInstrumentation().manuallyInstrument(agents)
  agents.setOpenAIAPI('chat_completions')
  agents.setDefaultOpenAIClient(new OpenAI({ apiKey: 'test', baseURL: process.env.TOOL + '/v1', maxRetries: 0 }))
  const parameters = z.object({ city: z.string() })
  const weather = agents.tool({ name: 'weather', description: 'w', parameters, execute: async () => '21 degrees' })
  const agent = new agents.Agent({ name: 'helper', instructions: 'be brief', model: 'gpt-4o-mini', tools: [weather] })
  console.log((await agents.run(agent, 'hi')).finalOutput)`

it("OpenAI's Agents: each call is priced once, below its turn", async () => {
  const known = recordings(FIXTURES)
  known.set('tool', callingTool(known.get('chat-plain') as Recording))
  const [replay, receiver] = [await startReplay(known), await startReceiver()]
  const modules = Object.fromEntries(names.map(name => [name, path.join(peers, name)]))
  const folder = makeApp({ files: { 'app.mjs': app }, modules })
  const env = { TOOL: replay.base('tool') }
  const bare = await run(folder, ['app.mjs'], { env })
  const preloaded = await run(folder, ['--import', '@afn/otel', 'app.mjs'], {
    env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  })
  expect(preloaded).toEqual(bare)
  expect(bare).toMatchObject({ code: 0, stderr: '' })
  await replay.close()
  await receiver.close()
  const spans = receiver.spans()
  const turn = 'Agent workflow > Agent workflow > helper > turn'
  expect(pathsOf(spans)).toEqual([
    'Agent workflow',
    'Agent workflow > Agent workflow',
    'Agent workflow > Agent workflow > helper',
    turn,
    turn,
    `${turn} > chat gpt-4o-mini`,
    `${turn} > chat gpt-4o-mini`,
    `${turn} > weather`,
  ])
  const of = (operation: string) => spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] === operation)
  expect(of('chat').map(({ scope }) => scope)).toEqual(['@afn/otel/llm', '@afn/otel/llm'])
  expect(spans.filter(({ attributes }) => attributes['afn.llm.cost.total'] !== undefined)).toEqual(of('chat'))
  const type = 'langfuse.observation.type'
  expect(of('invoke_agent').map(({ name, attributes }) => [name, attributes[type]])).toContainEqual(['helper', 'agent'])
  expect(of('execute_tool').map(({ name, attributes }) => [name, attributes[type]])).toEqual([['weather', 'tool']])
})
