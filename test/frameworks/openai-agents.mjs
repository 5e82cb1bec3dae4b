// OpenAI Agents: a triage agent hands off to a forecaster, which has a tool.
import { Agent, handoff, OpenAIProvider, Runner, tool } from '@openai/agents'
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
const triage = new Agent({
  name: 'triage',
  instructions: 'hand off',
  model: 'gpt-4o-mini',
  handoffs: [handoff(forecaster)],
})
const { finalOutput } = await new Runner({ modelProvider }).run(triage, 'How is the weather in Bern?')
console.log(finalOutput)
