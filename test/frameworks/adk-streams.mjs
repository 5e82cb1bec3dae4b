// Google's ADK: an agent with a tool, in a session that is kept, streamed, and left after the first event; then what memory has of it.
import { FunctionTool, Gemini, InMemoryRunner, LlmAgent, LogLevel, StreamingMode, setLogLevel } from '@google/adk'
import { z } from 'zod'

// it writes a line with the time for each request
setLogLevel(LogLevel.ERROR)
const weather = new FunctionTool({
  name: 'weather',
  description: 'the weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async () => ({ degrees: 21 }),
})
const agent = new LlmAgent({
  name: 'forecaster',
  instruction: 'be brief',
  model: new Gemini({ model: 'gemini-2.5-flash', apiKey: 'test' }),
  tools: [weather],
})
const runner = new InMemoryRunner({ agent, appName: 'app' })
const [userId, sessionId] = ['user', 'session']
await runner.sessionService.createSession({ appName: 'app', userId, sessionId })
const newMessage = { role: 'user', parts: [{ text: 'How is the weather in Bern?' }] }
const runConfig = { streamingMode: StreamingMode.SSE }
for await (const event of runner.runAsync({ userId, sessionId, newMessage, runConfig })) {
  console.log(event.author, event.partial, Object.keys(event.content?.parts?.[0] ?? {}))
  if (process.env.WAY === 'left') break
}
const session = await runner.sessionService.getSession({ appName: 'app', userId, sessionId })
await runner.memoryService.addSessionToMemory(session)
const { memories } = await runner.memoryService.searchMemory({ appName: 'app', userId, query: 'weather' })
console.log(memories.length)
