// Google's ADK: a root agent with a sub-agent, to which the model transfers, and which has a tool.
import { FunctionTool, Gemini, InMemoryRunner, LlmAgent, LogLevel, setLogLevel } from '@google/adk'
import { z } from 'zod'

// it writes a line with the time for each request
setLogLevel(LogLevel.ERROR)
const model = () => new Gemini({ model: 'gemini-2.5-flash', apiKey: 'test' })
const weather = new FunctionTool({
  name: 'weather',
  description: 'the weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async () => ({ degrees: 21 }),
})
const forecaster = new LlmAgent({
  name: 'forecaster',
  description: 'tells the weather',
  instruction: 'be brief',
  model: model(),
  tools: [weather],
  disallowTransferToParent: true,
  disallowTransferToPeers: true,
})
const triage = new LlmAgent({ name: 'triage', instruction: 'transfer', model: model(), subAgents: [forecaster] })
const runner = new InMemoryRunner({ agent: triage, appName: 'app' })
const said = []
const newMessage = { role: 'user', parts: [{ text: 'How is the weather in Bern?' }] }
for await (const event of runner.runEphemeral({ userId: 'user', newMessage })) {
  for (const part of event.content?.parts ?? []) if (part.text) said.push(part.text)
}
console.log(said.join(' '))
