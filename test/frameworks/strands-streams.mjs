// Strands: an agent with a tool, streamed, and left after the first event.
import { Agent, tool } from '@strands-agents/sdk'
import { OpenAIModel } from '@strands-agents/sdk/models/openai'
import { z } from 'zod'

const weather = tool({
  name: 'weather',
  description: 'the weather of a city',
  inputSchema: z.object({ city: z.string() }),
  callback: () => '21 degrees',
})
const model = new OpenAIModel({
  api: 'chat',
  apiKey: 'test',
  modelId: 'gpt-4o-mini',
  clientConfig: { baseURL: `${process.env.MODELS}/v1`, maxRetries: 0 },
})
const agent = new Agent({ name: 'forecaster', model, tools: [weather], printer: false })
for await (const event of agent.stream('How is the weather in Bern?')) {
  console.log(event.type)
  if (process.env.WAY === 'left' && event.type === 'modelStreamUpdateEvent') break
}
