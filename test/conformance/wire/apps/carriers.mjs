// Models that are reached by way of a cloud or a gateway, by the clients that they have for it.
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk'
import { GoogleGenAI } from '@google/genai'
import { Mistral } from '@mistralai/mistralai'
import { generateText, streamText } from 'ai'
import { AzureOpenAI } from 'openai'
import { all, run } from './run.mjs'

process.env.AI_GATEWAY_API_KEY = 'test'
const azure = new AzureOpenAI({ apiKey: 'test', endpoint: 'https://acme.openai.azure.com', apiVersion: '2026-02-01', maxRetries: 0 }) // biome-ignore format: one line
const authClient = { getRequestHeaders: async () => ({ Authorization: 'Bearer test' }), projectId: 'acme' }
const vertex = new AnthropicVertex({ region: 'us-east5', projectId: 'acme', authClient, maxRetries: 0 })
const google = new GoogleGenAI({ vertexai: true, apiKey: 'test' })
const mistral = new Mistral({ apiKey: process.env.MISTRAL_API_KEY })
const say = name => `Say <${name}>`
const messages = name => [{ role: 'user', content: say(name) }]
const claude = name => ({ model: 'claude-sonnet-4-5@20250929', max_tokens: 100, messages: messages(name) })
const gateway = { model: 'openai/gpt-5-mini', maxRetries: 0 }

await run({
  'azure chat': name => azure.chat.completions.create({ model: 'gpt-5-mini', messages: messages(name) }),
  'azure chat stream': async name =>
    all(await azure.chat.completions.create({ model: 'gpt-5-mini', messages: messages(name), stream: true, stream_options: { include_usage: true } })), // biome-ignore format: one line
  'azure responses': name => azure.responses.create({ model: 'gpt-5-mini', input: say(name) }),
  'vertex claude': name => vertex.messages.create(claude(name)),
  'vertex claude stream': async name => all(await vertex.messages.create({ ...claude(name), stream: true })),
  'vertex gemini': name => google.models.generateContent({ model: 'gemini-2.5-flash', contents: say(name) }),
  'vertex gemini stream': async name =>
    all(await google.models.generateContentStream({ model: 'gemini-2.5-flash', contents: say(name) })),
  'vertex mistral': async name => {
    const path = '/v1/projects/acme/locations/us-central1/publishers/mistralai/models/mistral-medium-3:rawPredict'
    const body = JSON.stringify({ model: 'mistral-medium-3', messages: messages(name) })
    const headers = { authorization: 'Bearer test', 'content-type': 'application/json' }
    return (await fetch(`https://us-central1-aiplatform.googleapis.com${path}`, { method: 'POST', headers, body })).json() // biome-ignore format: one line
  },
  'gateway generate': async name => (await generateText({ ...gateway, prompt: say(name) })).text,
  'gateway stream': async name => all(streamText({ ...gateway, prompt: say(name) }).textStream),
  'mistral conversation': name =>
    mistral.beta.conversations.start({ model: 'mistral-medium-2505', inputs: messages(name) }),
  'mistral conversation stream': async name =>
    all(await mistral.beta.conversations.startStream({ model: 'mistral-medium-2505', inputs: messages(name) })),
  'mistral ocr': name =>
    mistral.ocr.process({ model: 'mistral-ocr-2505', document: { type: 'document_url', documentUrl: `https://a.example/<${name}>` } }), // biome-ignore format: one line
})
