// The newest openai client as its README has it.
import OpenAI, { toFile } from 'openai'
import { all, run } from './run.mjs'

const client = new OpenAI({ maxRetries: 0 })
const messages = name => [{ role: 'user', content: `Say <${name}>` }]
const model = 'gpt-5-mini'

await run({
  chat: name => client.chat.completions.create({ model, messages: messages(name) }),
  'chat stream': async name =>
    all(await client.chat.completions.create({ model, messages: messages(name), stream: true, stream_options: { include_usage: true } })), // biome-ignore format: one line
  'chat stream, not asked for usage': async name =>
    all(await client.chat.completions.create({ model, messages: messages(name), stream: true })),
  'chat.stream()': name =>
    client.chat.completions.stream({ model, messages: messages(name), stream_options: { include_usage: true } }).finalChatCompletion(), // biome-ignore format: one line
  parse: name => client.chat.completions.parse({ model, messages: messages(name) }),
  withResponse: async name =>
    (await client.chat.completions.create({ model, messages: messages(name) }).withResponse()).data,
  asResponse: async name =>
    (await client.chat.completions.create({ model, messages: messages(name) }).asResponse()).json(),
  responses: name => client.responses.create({ model, input: `Say <${name}>` }),
  'responses stream': async name => all(await client.responses.create({ model, input: `Say <${name}>`, stream: true })),
  'responses.stream()': name => client.responses.stream({ model, input: `Say <${name}>` }).finalResponse(),
  'responses.parse()': name => client.responses.parse({ model, input: `Say <${name}>` }),
  embeddings: name => client.embeddings.create({ model: 'text-embedding-3-small', input: `<${name}>` }),
  images: name => client.images.generate({ model: 'gpt-image-1-mini', prompt: `<${name}>` }),
  transcription: async name =>
    client.audio.transcriptions.create({
      model: 'gpt-4o-mini-transcribe',
      file: await toFile(Buffer.alloc(2000), 'a.wav'),
      prompt: `<${name}>`,
    }),
})
