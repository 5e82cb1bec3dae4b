// Mastra with its bridge: an agent with processors before and after the model and a memory, streamed, twice in one thread; or left after
// the first piece.
import { Mastra } from '@mastra/core'
import { Agent } from '@mastra/core/agent'
import { MockMemory } from '@mastra/core/memory'
import { UnicodeNormalizer } from '@mastra/core/processors'
import { InMemoryStore } from '@mastra/core/storage'
import { createTool } from '@mastra/core/tools'
import { Observability } from '@mastra/observability'
import { OtelBridge } from '@mastra/otel-bridge'
import { z } from 'zod'

const weather = createTool({
  id: 'weather',
  description: 'the weather of a city',
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.object({ degrees: z.number() }),
  execute: async () => ({ degrees: 21 }),
})
const calm = {
  id: 'calm',
  async processOutputResult({ messages, abort }) {
    if (process.env.WAY === 'stopped') abort('not calm')
    return messages
  },
}
const forecaster = new Agent({
  id: 'forecaster',
  name: 'forecaster',
  instructions: 'be brief',
  model: { providerId: 'openai-compatible', modelId: 'gpt-4o-mini', url: `${process.env.MODELS}/v1`, apiKey: 'test' },
  tools: { weather },
  inputProcessors: [new UnicodeNormalizer()],
  outputProcessors: [calm],
  memory: new MockMemory({ storage: new InMemoryStore() }),
})
const observability = new Observability({ configs: { otel: { serviceName: 'app', bridge: new OtelBridge() } } })
const mastra = new Mastra({ logger: false, agents: { forecaster }, observability })
const memory = { thread: 'thread', resource: 'user' }
const stream = await mastra.getAgent('forecaster').stream('How is the weather in Bern?', { memory })
if (process.env.WAY === 'left') {
  for await (const piece of stream.fullStream) {
    console.log(piece.type)
    break
  }
} else {
  for await (const piece of stream.textStream) console.log(piece)
  console.log(await stream.finishReason, (await forecaster.getMemory()) !== undefined)
}
