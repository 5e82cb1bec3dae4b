// OpenAI Agents: guardrails as its documentation has them. The one of the input asks an agent of its own; both let the first question
// through, and the one of the output stops the second answer.
import { Agent, OpenAIProvider, OutputGuardrailTripwireTriggered, Runner } from '@openai/agents'
import OpenAI from 'openai'

const modelProvider = new OpenAIProvider({
  openAIClient: new OpenAI({ apiKey: 'test', baseURL: `${process.env.MODELS}/v1`, maxRetries: 0 }),
})
const runner = new Runner({ modelProvider })
const checker = new Agent({ name: 'checker', instructions: 'is it about the weather?', model: 'gpt-4o-mini' })
const about = {
  name: 'about weather',
  async execute({ input, context }) {
    const { finalOutput } = await runner.run(checker, input, { context })
    return { outputInfo: finalOutput, tripwireTriggered: finalOutput !== 'Sunny.' }
  },
}
const calm = {
  name: 'calm',
  execute: async ({ context }) => ({ outputInfo: 'a secret word', tripwireTriggered: context.context.isStrict }),
}
const forecaster = new Agent({
  name: 'forecaster',
  instructions: 'be brief',
  model: 'gpt-4o-mini',
  inputGuardrails: [about],
  outputGuardrails: [calm],
})
const options = { stream: process.env.STREAM !== undefined }
async function ask(isStrict) {
  const result = await runner.run(forecaster, 'How is the weather in Bern?', { ...options, context: { isStrict } })
  if (options.stream) {
    for await (const _ of result) {
    }
    await result.completed
  }
  return result.finalOutput
}
console.log(await ask(false))
try {
  console.log(await ask(true))
} catch (error) {
  console.log(error instanceof OutputGuardrailTripwireTriggered, error.message)
}
