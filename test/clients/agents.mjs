// The scenarios of `@openai/agents`.
import { Agent, handoff, OpenAIProvider, Runner, tool } from '@openai/agents'
import OpenAI from 'openai'
import { z } from 'zod'
import { all, failing, run } from './harness.mjs'

const runner = (base, useResponses = false) =>
  new Runner({
    modelProvider: new OpenAIProvider({
      openAIClient: new OpenAI({ apiKey: 'sk-test', baseURL: `${base}/v1`, maxRetries: 0 }),
      useResponses,
    }),
    // it would be sent to OpenAI
    tracingDisabled: true,
  })
const agent = options => new Agent({ name: 'helper', instructions: 'be brief', model: 'gpt-4o-mini', ...options })
const weather = execute =>
  tool({ name: 'get_weather', description: 'weather', parameters: z.object({ city: z.string() }), execute })

const told = ({ finalOutput, newItems, rawResponses, lastAgent }) => ({
  finalOutput,
  items: newItems.map(({ type, rawItem }) => ({ type, rawItem })),
  usage: rawResponses.map(({ usage }) => usage),
  agent: lastAgent?.name,
})
async function* events(streamed) {
  for await (const { type, name, data, item } of streamed) yield { type, name, data, raw: item?.rawItem }
}

run({
  answers: ['chat-plain', 'chat-stream-usage', 'chat-error-503'],
  ask: async (base, signal) => told(await runner(base).run(agent(), 'Grüße, 世界', { signal })),
  // where a stream is cut short, it asks again until its turns are over
  stream: async (base, signal) =>
    events(await runner(base).run(agent(), 'Grüße, 世界', { stream: true, signal, maxTurns: 1 })),
  more: {
    'a tool': async base =>
      told(await runner(base('chat-tool', 'then=chat-plain')).run(agent({ tools: [weather(() => 'rain')] }), 'hi')),
    'a tool that fails': async base => {
      const broken = weather(() => {
        throw new RangeError('no weather')
      })
      return told(await runner(base('chat-tool', 'then=chat-plain')).run(agent({ tools: [broken] }), 'hi'))
    },
    'a tool within a stream': async base => {
      const tools = [weather(() => 'rain')]
      const streamed = await runner(base('chat-stream-tools', 'then=chat-stream-usage')).run(agent({ tools }), 'hi', {
        stream: true,
      })
      return { events: await all(events(streamed)), told: told(streamed) }
    },
    'more turns than it may have': async base => {
      const tools = [weather(() => 'rain')]
      const { error } = await failing(() => runner(base('chat-tool')).run(agent({ tools }), 'hi', { maxTurns: 2 }))
      // its state has an id of its own
      return { class: error.constructor.name, message: error.message }
    },
    'a hand-off': async base => {
      const clerk = agent({ name: 'clerk' })
      return told(
        await runner(base('chat-hand-off', 'then=chat-plain')).run(agent({ handoffs: [handoff(clerk)] }), 'hi'),
      )
    },
    'structured output': async base =>
      told(await runner(base('chat-json')).run(agent({ outputType: z.object({ city: z.string() }) }), 'where')),
    'output that does not fit': base =>
      runner(base('chat-json')).run(agent({ outputType: z.object({ town: z.number() }) }), 'where'),
    'the text of a stream': async base => {
      const streamed = await runner(base('chat-stream-usage')).run(agent(), 'hi', { stream: true })
      const text = await all(streamed.toTextStream())
      await streamed.completed
      return { text, told: told(streamed) }
    },
    'error within the stream': async base =>
      failing(async () => all(await runner(base('chat-stream-error')).run(agent(), 'hi', { stream: true }))),
    responses: async base => told(await runner(base('responses-plain'), true).run(agent(), 'hi')),
    'stream of responses': async base => {
      const streamed = await runner(base('responses-stream'), true).run(agent(), 'hi', { stream: true })
      return { events: await all(events(streamed)), told: told(streamed) }
    },
  },
})
