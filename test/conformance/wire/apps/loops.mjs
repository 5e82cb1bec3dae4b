// Loops of tools, as agents are written today: a call that asks for a tool, the tool, and a call with its result.
import Anthropic from '@anthropic-ai/sdk'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { ChatOpenAI } from '@langchain/openai'
import { createAgent, tool as langchainTool } from 'langchain'
import { z } from 'zod'
import { all, exit, run } from './run.mjs'

const parameters = z.object({ city: z.string() })
const weather = async ({ city }) => `sunny in ${city}`
const prompt = name => `Say <${name}>`

const openai = async () => new (await import('openai')).default()
async function aiSdk() {
  const [ai, { openai }, { anthropic }] = [await import('ai'), await import('@ai-sdk/openai'), await import('@ai-sdk/anthropic')] // biome-ignore format: one line
  const tools = { weather: ai.tool({ description: 'weather', inputSchema: parameters, execute: weather }) }
  return { ...ai, openai, anthropic, common: { tools, stopWhen: ai.isStepCount?.(5) ?? ai.stepCountIs(5) } }
}
async function agents() {
  const { Agent, run: runAgent, setTracingDisabled, tool } = await import('@openai/agents')
  setTracingDisabled(true)
  const agent = new Agent({
    name: 'helper',
    model: 'gpt-5-mini',
    tools: [tool({ name: 'weather', description: 'weather', parameters, execute: weather })],
  })
  return { agent, runAgent }
}
const chain = () =>
  createAgent({
    model: new ChatOpenAI({ model: 'gpt-5-mini' }),
    tools: [langchainTool(weather, { name: 'weather', description: 'weather', schema: parameters })],
  })
const messages = name => [{ role: 'user', content: prompt(name) }]
const anthropicTools = [betaZodTool({ name: 'weather', description: 'weather', inputSchema: parameters, run: weather })]
const anthropicAsk = name => ({ model: 'claude-sonnet-4-5', max_tokens: 500, messages: messages(name), tools: anthropicTools }) // biome-ignore format: one line

await run({
  runTools: async name =>
    (await openai()).chat.completions
      .runTools({
        model: 'gpt-5-mini',
        messages: messages(name),
        tools: [
          {
            type: 'function',
            function: { name: 'weather', description: 'weather', parse: JSON.parse, function: weather, parameters: z.toJSONSchema(parameters) }, // biome-ignore format: one line
          },
        ],
      })
      .finalContent(),
  toolRunner: async name => (await new Anthropic().beta.messages.toolRunner(anthropicAsk(name))).content,
  'toolRunner stream': async name => {
    let last
    for await (const stream of new Anthropic().beta.messages.toolRunner({ ...anthropicAsk(name), stream: true }))
      last = await stream.finalMessage()
    return last.content
  },
  generateText: async name => {
    const { generateText, openai, common } = await aiSdk()
    return (await generateText({ model: openai('gpt-5-mini'), prompt: prompt(name), ...common })).text
  },
  streamText: async name => {
    const { streamText, openai, common } = await aiSdk()
    return all(streamText({ model: openai('gpt-5-mini'), prompt: prompt(name), ...common }).textStream)
  },
  ToolLoopAgent: async name => {
    const { ToolLoopAgent, anthropic, common } = await aiSdk()
    return (await new ToolLoopAgent({ model: anthropic('claude-sonnet-4-5'), ...common }).generate({ prompt: prompt(name) })).text // biome-ignore format: one line
  },
  'openai agents': async name => {
    const { agent, runAgent } = await agents()
    return (await runAgent(agent, prompt(name))).finalOutput
  },
  'openai agents stream': async name => {
    const { agent, runAgent } = await agents()
    const result = await runAgent(agent, prompt(name), { stream: true })
    return all(result.toTextStream())
  },
  createAgent: async name => (await chain().invoke({ messages: messages(name) })).messages.at(-1).content,
})
await exit()
