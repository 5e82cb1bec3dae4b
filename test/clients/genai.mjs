// The scenarios of `@google/genai`.
import { GoogleGenAI } from '@google/genai'
import { all, run } from './harness.mjs'

const ask = { model: 'gemini-2.5-flash', contents: 'Grüße, 世界' }

const models = base => new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: base } }).models
const tool = { functionDeclarations: [{ name: 'get_weather', parameters: { type: 'OBJECT', properties: {} } }] }

run({
  answers: ['google-plain', 'google-stream', 'google-error'],
  ask: (base, abortSignal) => models(base).generateContent({ ...ask, config: { abortSignal } }),
  stream: (base, abortSignal) => models(base).generateContentStream({ ...ask, config: { abortSignal } }),
  more: {
    'what the answer offers': async base => {
      const { text, functionCalls, data, sdkHttpResponse } = await models(base('google-plain')).generateContent(ask)
      return { text, functionCalls, data, headers: sdkHttpResponse?.headers }
    },
    tools: base => models(base('google-plain')).generateContent({ ...ask, config: { tools: [tool], temperature: 0 } }),
    chat: async base => {
      const api = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: base('google-stream') } })
      const chat = api.chats.create({ model: ask.model })
      return { events: await all(await chat.sendMessageStream({ message: 'hi' })), history: chat.getHistory() }
    },
    embeddings: base =>
      models(base('google-embeddings')).embedContent({ model: 'gemini-embedding-001', contents: 'a' }),
  },
})
