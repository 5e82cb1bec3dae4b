// The scenarios of `langchain` 1 with `@langchain/openai`.
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { createAgent, tool } from 'langchain'
import { z } from 'zod'
import { all, run } from './harness.mjs'

const model = (base, options) =>
  new ChatOpenAI({
    model: 'gpt-4o-mini',
    apiKey: 'test',
    maxRetries: 0,
    configuration: { baseURL: `${base}/v1` },
    ...options,
  })

const message = ({ content, tool_calls, usage_metadata, response_metadata }) => ({
  content,
  tool_calls,
  usage_metadata,
  response_metadata,
})

async function* messages(stream) {
  for await (const chunk of stream) yield message(chunk)
}
const place = z.object({ city: z.string() })

run({
  answers: ['chat-plain', 'chat-stream-usage', 'chat-error-503'],
  ask: async (base, signal) => message(await model(base).invoke('Grüße, 世界', { signal })),
  stream: async (base, signal) => messages(await model(base).stream('Grüße, 世界', { signal })),
  more: {
    withStructuredOutput: base => model(base('chat-json')).withStructuredOutput(place).invoke('where'),
    'withStructuredOutput, function calling': base =>
      model(base('chat-tool'))
        .withStructuredOutput(place, { method: 'functionCalling', name: 'get_weather' })
        .invoke('where'),
    'an agent with a tool': async base => {
      const get_weather = tool(() => 'rain', { name: 'get_weather', description: 'weather', schema: place })
      const agent = createAgent({ model: model(base('chat-tool', 'then=chat-plain')), tools: [get_weather] })
      const { messages } = await agent.invoke({ messages: [{ role: 'user', content: 'weather?' }] })
      return messages.map(message)
    },
    batch: async base => (await model(base('chat-plain')).batch(['a', 'b', 'c'])).map(message),
    streamEvents: async base => {
      const kinds = (await all(model(base('chat-stream-usage')).streamEvents('hi', { version: 'v2' }))).map(
        ({ event }) => event,
      )
      return kinds
    },
    responses: async base => message(await model(base('responses-plain'), { useResponsesApi: true }).invoke('hi')),
    embeddings: base =>
      new OpenAIEmbeddings({
        apiKey: 'test',
        maxRetries: 0,
        configuration: { baseURL: `${base('embeddings')}/v1` },
      }).embedDocuments(['a', 'b']),
  },
})
