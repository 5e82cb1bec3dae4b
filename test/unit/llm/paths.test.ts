// Which requests are LLM calls. A path such as `/api/chat` is mostly the application's own, and its trace must go through.
import { afterEach, describe, expect, it } from 'vitest'
import { type Tapped, tapped } from './tapped'

let tap: Tapped | undefined
afterEach(() => tap?.stop())

async function operation(url: string, body: FormData | object): Promise<unknown> {
  tap = tapped('off', async () => Response.json({}))
  const raw = typeof body === 'string' || body instanceof FormData
  await (await fetch(url, { method: 'POST', body: raw ? (body as FormData) : JSON.stringify(body) })).text()
  return tap.spans()[0]?.attributes['gen_ai.operation.name']
}

const messages = [{ role: 'user', content: 'Hi' }]

it.each([
  ['https://api.openai.com/v1/chat/completions', { model: 'm', messages }, 'chat'],
  ['https://api.openai.com/v1/responses', { model: 'm', input: 'x' }, 'chat'],
  ['https://api.openai.com/v1/embeddings', { model: 'm', input: 'x' }, 'embeddings'],
  ['https://me.openai.azure.com/openai/deployments/d/embeddings?api-version=1', { input: 'x' }, 'embeddings'],
  ['https://api.openai.com/v1/completions', { model: 'm', prompt: 'x' }, 'text_completion'],
  ['https://api.mistral.ai/v1/fim/completions', { model: 'm', prompt: 'x', suffix: 'y' }, 'text_completion'],
  ['https://api.openai.com/v1/images/generations', { prompt: 'x' }, 'generate_content'],
  ['https://api.openai.com/v1/audio/speech', { model: 'm', input: 'x' }, 'generate_content'],
  ['https://api.mistral.ai/v1/conversations', { agent_id: 'a', inputs: 'x' }, 'chat'],
  ['https://api.mistral.ai/v1/conversations/c1', { inputs: [] }, 'chat'],
  ['https://api.mistral.ai/v1/conversations/c1/restart', { inputs: 'x', from_entry_id: 'e' }, 'chat'],
  ['https://api.cohere.com/v2/chat', { model: 'command-a', messages }, 'chat'],
  ['https://proxy.internal/cohere/v2/chat', { model: 'command-a-03-2025', messages }, 'chat'],
  ['https://api.cohere.com/v1/chat', { message: 'x' }, 'chat'],
  ['https://api.cohere.com/v1/embed', { texts: ['x'], model: 'embed-v4.0' }, 'embeddings'],
  ['https://api.voyageai.com/v1/embeddings', { model: 'voyage-3', input: ['x'] }, 'embeddings'],
  ['https://api.voyageai.com/v1/rerank', { model: 'rerank-2', query: 'x', documents: ['y'] }, 'rerank'],
  ['http://localhost:11434/api/chat', { model: 'm', messages }, 'chat'],
  ['http://gpu.internal/api/chat', { model: 'm', messages, stream: false }, 'chat'],
  ['http://localhost:11434/api/generate', { model: 'm', prompt: 'x' }, 'text_completion'],
  ['http://localhost:11434/api/embed', { model: 'm', input: 'x' }, 'embeddings'],
  ['http://localhost:11434/api/embeddings', { model: 'm', prompt: 'x' }, 'embeddings'],
  ['https://api.anthropic.com/v1/complete', { model: 'm', prompt: 'x', max_tokens_to_sample: 1 }, 'text_completion'],
  ['https://notes-abc1.svc.us-east-1.pinecone.io/query', { topK: 3, vector: [0.1] }, 'retrieval'],
  ['https://proxy.internal/qdrant/collections/notes/points/search', { vector: [0.1], limit: 3 }, 'retrieval'],
  ['http://localhost:8000/api/v1/collections/c1/query', { query_embeddings: [[0.1]] }, 'retrieval'],
  ['http://localhost:8080/v1/graphql', { query: '{Get{Note(nearVector:{vector:[1]}){text}}}' }, 'retrieval'],
  ['http://localhost:19530/v2/vectordb/entities/hybrid_search', { collectionName: 'n', search: [] }, 'retrieval'],
  ['https://api.openai.com/v1/vector_stores/vs_1/search', { query: 'x' }, 'retrieval'],
  ['https://api.mem0.ai/v2/memories/search/', { query: 'x', filters: {} }, 'search_memory'],
  ['https://api.mem0.ai/v1/memories/', { messages: [] }, 'upsert_memory'],
])('a POST to %s with %j is recorded as %s', async (url, body, expected) => {
  expect(await operation(url, body)).toBe(expected)
})

it.each([
  ['https://shop.example/api/chat', { model: 'm', messages: [{ id: '1', role: 'user', parts: [] }] }],
  ['https://shop.example/api/chat', { messages, stream: true }],
  ['https://shop.example/v1/chat', { message: 'x' }],
  ['https://shop.example/v2/chat', { model: 'shop-bot', messages }],
  ['https://shop.example/v1/generate', { prompt: 'x' }],
  ['https://api.openai.com/v1/conversations', { items: [] }],
  ['https://api.openai.com/v1/conversations/c1', { metadata: {} }],
  ['https://api.mistral.ai/v1/moderations', { model: 'm', input: 'x' }],
  ['https://api.mistral.ai/v1/classifications', { model: 'm', input: 'x' }],
  ['https://shop.example/api/responses', { survey: 1, input: 'x' }],
  ['https://shop.example/embeddings', { model: 'm', texts: ['x'] }],
  ['https://shop.example/generate', { inputs: 'x' }],
  ['https://shop.example/query', { topK: 3, vector: [0.1] }],
  ['https://shop.example/v1/graphql', { query: '{ Get { Article(where: {}) { title } } }' }],
  ['https://shop.example/v1/search', { query: 'shoes', limit: 3 }],
  ['https://shop.example/collections/summer/query', { text: 'shoes' }],
  ['https://shop.example/products/search/', { query: 'shoes' }],
  ['https://shop.example/memories/', { photo: 1 }],
  ['https://shop.example/generate', { text: 'x' }],
  ['https://shop.example/game/score', { model: 'm', query: 'x', documents: [] }],
  ['https://shop.example/services/x/generation', { model: 'm', input: {} }],
  ['https://shop.example/v1/rerank', { query: 'x', documents: ['y'] }],
  ['https://shop.example/tasks/completions', { task: 1 }],
  ['https://shop.example/images/edits', { title: 'x' }],
  ['http://localhost:11434/api/generate', { model: 'm', keep_alive: 0 }], // only loads or unloads it
  ['http://localhost:11434/api/chat', { model: 'm', messages: [] }],
])('a POST to %s with %j is no LLM call', async (url, body) => {
  expect(await operation(url, body)).toBeUndefined()
})

describe('a form sent to OpenAI', () => {
  const form = (entries: Record<string, string | Blob>) => {
    const data = new FormData()
    for (const [name, value] of Object.entries(entries)) data.set(name, value)
    return data
  }

  it('is read by its short fields, and sent as it is', async () => {
    let sent: unknown
    tap = tapped('full', async (_, init) => {
      sent = init?.body
      return Response.json({
        text: 'Good morning',
        usage: {
          type: 'tokens',
          input_tokens: 14,
          input_token_details: { text_tokens: 4, audio_tokens: 10 },
          output_tokens: 5,
          total_tokens: 19,
        },
      })
    })
    const body = form({ file: new Blob(['sound']), model: 'gpt-4o-transcribe', temperature: '0.5', prompt: 'Names' })
    await (await fetch('https://api.openai.com/v1/audio/transcriptions', { method: 'POST', body })).json()
    const { attributes } = await tap.span()
    expect(sent).toBe(body)
    expect(attributes).toMatchObject({
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.request.model': 'gpt-4o-transcribe',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.output.type': 'text',
      'gen_ai.usage.input_tokens': 14,
      'gen_ai.usage.audio.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
      'afn.llm.response.complete': true,
    })
    expect(attributes['gen_ai.output.messages']).toContain('Good morning')
    expect(attributes['gen_ai.input.messages']).toContain('Names')
    expect(JSON.stringify(attributes)).not.toContain('sound')
  })

  it('that wants pictures edited is recorded without the pictures', async () => {
    const body = form({
      image: new Blob(['picture']),
      model: 'gpt-image-1',
      prompt: 'Add a hat',
      n: '2',
      stream: 'true',
    })
    expect(await operation('https://api.openai.com/v1/images/edits', body)).toBe('generate_content')
    expect(tap!.spans()[0]!.attributes).toMatchObject({
      'gen_ai.request.choice.count': 2,
      'gen_ai.request.stream': true,
      'gen_ai.output.type': 'image',
    })
  })

  it('that wants a picture varied is recorded though it has no prompt', async () => {
    const body = form({ image: new Blob(['picture']), model: 'dall-e-2', n: '3' })
    expect(await operation('https://api.openai.com/v1/images/variations', body)).toBe('generate_content')
    const expected = { 'gen_ai.request.model': 'dall-e-2', 'gen_ai.request.choice.count': 3 }
    expect(tap!.spans()[0]!.attributes).toMatchObject(expected)
  })

  it('in a Request is read while it is sent', async () => {
    const body = form({ file: new Blob(['x'.repeat(200_000)]), model: 'whisper-1' })
    tap = tapped('off', async input => {
      await (input as Request).arrayBuffer()
      return Response.json({ text: 'a' })
    })
    const request = new Request('http://127.0.0.1:8000/v1/audio/transcriptions', { method: 'POST', body })
    await (await fetch(request)).json()
    expect((await tap.span()).attributes['gen_ai.request.model']).toBe('whisper-1')
  })

  it('whose answer is a plain text is recorded with all of it', async () => {
    tap = tapped('off', async () => new Response('1\n00:00 --> 00:01\nGood morning\n'))
    const body = form({ file: new Blob(['sound']), model: 'whisper-1', response_format: 'srt' })
    await (await fetch('https://api.openai.com/v1/audio/transcriptions', { method: 'POST', body })).text()
    const { attributes, status } = await tap.span()
    expect(attributes).toMatchObject({ 'afn.llm.usage.source': 'missing', 'afn.llm.response.complete': true })
    expect(attributes).not.toHaveProperty('afn.llm.stream.end')
    expect(status.code).toBe(0)
  })
})
