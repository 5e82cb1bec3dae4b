// Mastra: an agent with a tool, whose model is one of OpenAI's shape; with BRIDGE, it traces itself by its own bridge to OpenTelemetry.
import { Mastra } from '@mastra/core'
import { Agent } from '@mastra/core/agent'
import { createTool } from '@mastra/core/tools'
import { z } from 'zod'

const weather = createTool({
  id: 'weather',
  description: 'the weather of a city',
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.object({ degrees: z.number() }),
  execute: async () => ({ degrees: 21 }),
})
const forecaster = new Agent({
  id: 'forecaster',
  name: 'forecaster',
  instructions: 'be brief',
  model: { providerId: 'openai-compatible', modelId: 'gpt-4o-mini', url: `${process.env.MODELS}/v1`, apiKey: 'test' },
  tools: { weather },
})
async function bridged() {
  const { Observability } = await import('@mastra/observability')
  const { OtelBridge } = await import('@mastra/otel-bridge')
  return { observability: new Observability({ configs: { otel: { serviceName: 'app', bridge: new OtelBridge() } } }) }
}
const mastra = new Mastra({ logger: false, agents: { forecaster }, ...(process.env.BRIDGE && (await bridged())) })
const { text } = await mastra.getAgent('forecaster').generate('How is the weather in Bern?')
console.log(text)
