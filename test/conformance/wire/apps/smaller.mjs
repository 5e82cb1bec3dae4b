// Clients of smaller providers.
import { Mistral } from '@mistralai/mistralai'
import { CohereClientV2 } from 'cohere-ai'
import { Ollama } from 'ollama'
import { all, run } from './run.mjs'

const mistral = new Mistral({ apiKey: process.env.MISTRAL_API_KEY })
const cohere = new CohereClientV2({ token: process.env.COHERE_API_KEY })
const ollama = new Ollama({ host: 'https://ollama.com' })
const messages = name => [{ role: 'user', content: `Say <${name}>` }]

await run({
  'mistral chat': name => mistral.chat.complete({ model: 'mistral-medium-2505', messages: messages(name) }),
  'mistral stream': async name =>
    all(await mistral.chat.stream({ model: 'mistral-medium-2505', messages: messages(name) })),
  'cohere chat': name => cohere.chat({ model: 'command-a-03-2025', messages: messages(name) }),
  'cohere stream': async name => all(await cohere.chatStream({ model: 'command-a-03-2025', messages: messages(name) })),
  'ollama chat': name => ollama.chat({ model: 'llama3.2', messages: messages(name) }),
  'ollama stream': async name => all(await ollama.chat({ model: 'llama3.2', messages: messages(name), stream: true })),
})
