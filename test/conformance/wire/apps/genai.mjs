import { GoogleGenAI } from '@google/genai'
import { all, run } from './run.mjs'

const client = new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY })
const model = 'gemini-2.5-flash'

await run({
  generateContent: name => client.models.generateContent({ model, contents: `Say <${name}>` }),
  generateContentStream: async name =>
    all(await client.models.generateContentStream({ model, contents: `Say <${name}>` })),
  chat: name => client.chats.create({ model }).sendMessage({ message: `Say <${name}>` }),
  'chat stream': async name =>
    all(await client.chats.create({ model }).sendMessageStream({ message: `Say <${name}>` })),
  embedContent: name => client.models.embedContent({ model: 'gemini-embedding-001', contents: `<${name}>` }),
})
