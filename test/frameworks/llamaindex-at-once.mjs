// LlamaIndex: two agents with a tool, which run at the same time and await each other's tool; one is read as a stream.
import { openai } from '@llamaindex/openai'
import { agent, stopAgentEvent } from '@llamaindex/workflow'
import { tool } from 'llamaindex'
import { z } from 'zod'

const llm = () =>
  openai({
    model: 'gpt-4o-mini',
    apiKey: 'test',
    baseURL: `${process.env.MODELS}/v1`,
    maxRetries: 0,
    additionalChatOptions: { stream_options: { include_usage: true } },
  })
let both
let arrived = 0
const together = new Promise(resolve => {
  both = resolve
})
const weather = fails =>
  tool({
    name: 'weather',
    description: 'the weather of a city',
    parameters: z.object({ city: z.string() }),
    execute: async () => {
      if (++arrived === 2) both()
      await together
      if (fails) throw new Error('no weather')
      return '21 degrees'
    },
  })
const [one, two] = ['forecaster', 'traveller'].map((name, n) =>
  agent({ name, description: name, tools: [weather(n === 1)], llm: llm() }),
)
const streamed = async () => {
  for await (const event of two.runStream('How is the weather in Bern?'))
    if (stopAgentEvent.include(event)) return event.data.result
}
const [first, second] = await Promise.all([one.run('How is the weather in Bern?'), streamed()])
if (first.data.result === second) console.log(second)
