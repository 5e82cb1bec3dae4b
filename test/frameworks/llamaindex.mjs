// LlamaIndex: two agents of a workflow, of which the first hands off to the second, which has a tool.
import { openai } from '@llamaindex/openai'
import { agent, multiAgent } from '@llamaindex/workflow'
import { tool } from 'llamaindex'
import { z } from 'zod'

const llm = () =>
  openai({
    model: 'gpt-4o-mini',
    apiKey: 'test',
    baseURL: `${process.env.MODELS}/v1`,
    maxRetries: 0,
    // it streams, and without this nobody is told what a stream used
    additionalChatOptions: { stream_options: { include_usage: true } },
  })
const weather = tool({
  name: 'weather',
  description: 'the weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async () => '21 degrees',
})
const forecaster = agent({ name: 'forecaster', description: 'tells the weather', tools: [weather], llm: llm() })
const triage = agent({ name: 'triage', description: 'hands off', tools: [], llm: llm(), canHandoffTo: [forecaster] })
const { data } = await multiAgent({ agents: [triage, forecaster], rootAgent: triage }).run(
  'How is the weather in Bern?',
)
console.log(data.result)
