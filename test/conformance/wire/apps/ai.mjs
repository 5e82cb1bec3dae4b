// The AI SDK with its providers' packages.
import { anthropic } from '@ai-sdk/anthropic'
import { google } from '@ai-sdk/google'
import { openai } from '@ai-sdk/openai'
import { embed, generateObject, generateText, streamObject, streamText } from 'ai'
import { z } from 'zod'
import { all, run } from './run.mjs'

process.env.GOOGLE_GENERATIVE_AI_API_KEY = process.env.GEMINI_API_KEY
const prompt = name => `Say <${name}>`
const common = { maxRetries: 0 }
const texts = model => ({
  generate: async name => (await generateText({ model, prompt: prompt(name), ...common })).text,
  stream: async name => all(streamText({ model, prompt: prompt(name), ...common }).textStream),
})
const schema = z.object({ word: z.string() })
const prefixed = (prefix, calls) =>
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [`${prefix} ${name}`, call]))

await run({
  ...prefixed('responses', texts(openai('gpt-5-mini'))),
  ...prefixed('chat', texts(openai.chat('gpt-5-mini'))),
  ...prefixed('anthropic', texts(anthropic('claude-sonnet-4-5'))),
  ...prefixed('google', texts(google('gemini-2.5-flash'))),
  'responses object': async name =>
    (await generateObject({ model: openai('gpt-5-mini'), schema, prompt: prompt(name), ...common })).object,
  'responses object stream': async name =>
    all(streamObject({ model: openai('gpt-5-mini'), schema, prompt: prompt(name), ...common }).partialObjectStream),
  embed: async name => (await embed({ model: openai.embedding('text-embedding-3-small'), value: `<${name}>`, ...common })).embedding, // biome-ignore format: one line
})
