// Answers that come later than the request: polled, resumed, or in a file of results.
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { Mistral } from '@mistralai/mistralai'
import OpenAI from 'openai'
import { all, exit, run } from './run.mjs'

const openai = new OpenAI()
const model = 'gpt-5-mini'
const ask = name => openai.responses.create({ model, input: `Say <${name}>`, background: true })

async function polled(first, again) {
  let answer = first
  for (let times = 0; answer.status !== 'completed' && times < 5; times++) answer = await again(answer.id)
  return answer.status
}

await run({
  'polled response': async name => polled(await ask(name), id => openai.responses.retrieve(id)),
  'polled twice after its end': async name => {
    const { id } = await ask(name)
    const read = []
    for (let times = 0; times < 4; times++) read.push((await openai.responses.retrieve(id)).status)
    return read
  },
  'resumed response': async name => {
    const { id } = await ask(name)
    return (await all(await openai.responses.retrieve(id, { stream: true }))).length
  },
  'polled interaction': async name => {
    const client = new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY })
    const first = await client.interactions.create({
      model: 'gemini-2.5-flash',
      input: `Say <${name}>`,
      background: true,
    })
    return polled(first, id => client.interactions.get(id))
  },
  'batch of openai': async name => {
    await openai.batches.create({ input_file_id: `file-<${name}>`, endpoint: '/v1/chat/completions', completion_window: '24h' }) // biome-ignore format: one line
    return (await openai.files.content('file-output')).text()
  },
  'batch of anthropic': async name => {
    const client = new Anthropic()
    const params = { model: 'claude-sonnet-4-5', max_tokens: 100, messages: [{ role: 'user', content: `<${name}>` }] }
    const { id } = await client.messages.batches.create({ requests: [{ custom_id: 'a', params }] })
    return (await all(await client.messages.batches.results(id))).length
  },
  'batch of gemini': async name => {
    const { batches } = new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY })
    const { name: batch } = await batches.create({ model: 'gemini-2.5-flash', src: [{ contents: `Say <${name}>` }] })
    const states = []
    for (let times = 0; times < 3; times++) states.push((await batches.get({ name: batch })).state)
    return states
  },
  'batch of mistral': async name => {
    const { batch, files } = new Mistral({ apiKey: process.env.MISTRAL_API_KEY })
    const request = { endpoint: '/v1/chat/completions', model: 'mistral-medium-2505', inputFiles: [`file-<${name}>`] }
    const { id } = await batch.jobs.create(request)
    const { outputFile } = await batch.jobs.get({ jobId: id })
    return new Response(await files.download({ fileId: outputFile })).text()
  },
})
await exit()
