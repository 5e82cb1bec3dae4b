// The scenarios of the AI SDK, `ai` 5 to 7, with two providers.
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import * as ai from 'ai'
import { z } from 'zod'
import { all, run } from './harness.mjs'

const { generateText, streamText, embedMany, tool } = ai
const once = { maxRetries: 0, prompt: 'Grüße, 世界' }
const openai = base => createOpenAI({ apiKey: 'test', baseURL: `${base}/v1` })
const anthropic = base => createAnthropic({ apiKey: 'test', baseURL: `${base}/v1` })

const answerOf = ({ text, finishReason, usage, toolCalls, response }) => ({
  text,
  finishReason,
  usage,
  toolCalls,
  id: response.id,
  model: response.modelId,
  headers: response.headers,
})

/** Its own ids are random, and its clock is the wall's. */
function steady(part) {
  const { id: _, request: __, response: ___, performance: ____, callId: _____, ...rest } = part
  return rest
}

async function* parts(result) {
  for await (const part of result.fullStream) {
    if (part.type === 'error') throw part.error
    yield steady(part)
  }
}
const quiet = { onError() {} }

run({
  answers: ['chat-plain', 'chat-stream-usage', 'chat-error-503'],
  ask: async (base, abortSignal) =>
    answerOf(await generateText({ ...once, model: openai(base).chat('gpt-4o-mini'), abortSignal })),
  stream: async (base, abortSignal) =>
    parts(streamText({ ...once, ...quiet, model: openai(base).chat('gpt-4o-mini'), abortSignal })),
  leaveAfter: 4,
  more: {
    responses: async base =>
      answerOf(await generateText({ ...once, model: openai(base('responses-plain')).responses('gpt-4o-mini') })),
    'responses stream': async base =>
      all(parts(streamText({ ...once, ...quiet, model: openai(base('responses-stream')).responses('gpt-4o-mini') }))),
    anthropic: async base =>
      answerOf(await generateText({ ...once, model: anthropic(base('message-plain'))('claude-sonnet-5') })),
    'anthropic stream': async base =>
      all(parts(streamText({ ...once, ...quiet, model: anthropic(base('message-stream'))('claude-sonnet-5') }))),
    'text stream': async base =>
      all(streamText({ ...once, ...quiet, model: openai(base('chat-stream-usage')).chat('gpt-4o-mini') }).textStream),
    'an object': async base => {
      const model = openai(base('chat-json')).chat('gpt-4o-mini')
      const schema = z.object({ city: z.string() })
      if (!ai.generateObject) return 'not in this version'
      const { object, usage } = await ai.generateObject({ ...once, model, schema })
      return { object, usage }
    },
    'a tool and a second step': async base => {
      const get_weather = tool({ inputSchema: z.object({ city: z.string() }), execute: async () => 'rain' })
      const model = openai(base('chat-tool', 'then=chat-plain')).chat('gpt-4o-mini')
      const stopWhen = (ai.stepCountIs ?? ai.isStepCount)(2)
      const { text, steps, totalUsage } = await generateText({ ...once, model, tools: { get_weather }, stopWhen })
      return { text, steps: steps.length, totalUsage }
    },
    embeddings: async base => {
      const model = openai(base('embeddings-floats')).embedding('text-embedding-3-small')
      const { embeddings, usage } = await embedMany({ model, values: ['a', 'b'], maxRetries: 0 })
      return { embeddings, usage }
    },
    'a retry': async base =>
      answerOf(
        await generateText({
          ...once,
          maxRetries: 1,
          model: openai(base('chat-retry-503', 'then=chat-plain')).chat('gpt-4o-mini'),
        }),
      ),
  },
})
