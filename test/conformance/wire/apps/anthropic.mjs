// The newest client of Anthropic as its README has it.
import Anthropic from '@anthropic-ai/sdk'
import { all, run } from './run.mjs'

const client = new Anthropic({ maxRetries: 0 })
const ask = name => ({
  model: 'claude-sonnet-4-5',
  max_tokens: 1024,
  messages: [{ role: 'user', content: `Say <${name}>` }],
})

await run({
  create: name => client.messages.create(ask(name)),
  'create stream': async name => all(await client.messages.create({ ...ask(name), stream: true })),
  'stream()': name => client.messages.stream(ask(name)).finalMessage(),
  'beta create': name => client.beta.messages.create({ ...ask(name), betas: ['compact-2026-01-12'] }),
  'beta stream': async name => all(await client.beta.messages.create({ ...ask(name), stream: true })),
  'beta stream()': name => client.beta.messages.stream(ask(name)).finalMessage(),
})
