// OpenAI Agents: an agent with a tool, streamed, and left after the first event.
import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents'
import OpenAI from 'openai'
import { z } from 'zod'

const modelProvider = new OpenAIProvider({
  openAIClient: new OpenAI({ apiKey: 'test', baseURL: `${process.env.MODELS}/v1`, maxRetries: 0 }),
})
const weather = tool({
  name: 'weather',
  description: 'the weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async () => '21 degrees',
})
const forecaster = new Agent({ name: 'forecaster', instructions: 'be brief', model: 'gpt-4o-mini', tools: [weather] })
const stream = await new Runner({ modelProvider }).run(forecaster, 'How is the weather in Bern?', { stream: true })

const ways = {
  async events() {
    for await (const event of stream) console.log(event.type, event.name ?? event.data?.type)
    await stream.completed
    console.log(stream.finalOutput)
  },
  async text() {
    for await (const piece of stream.toTextStream({ compatibleWithNodeStreams: true })) console.log(piece)
    await stream.completed
  },
  async left() {
    for await (const event of stream) {
      console.log(event.type)
      break
    }
    await stream.completed.catch(error => console.log(error.name))
    console.log(stream.cancelled)
  },
}
await ways[process.env.WAY]()
