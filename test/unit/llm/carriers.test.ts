// What is told beside tokens by those who carry calls of models: what the call cost, and units that are billed.
import { afterEach, expect, it } from 'vitest'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { FIXTURES, recordings, routed, startReplay } from './replay'
import { type Tapped, tapped } from './tapped'

const known = recordings(FIXTURES)
let tap: Tapped | undefined
afterEach(() => tap?.stop())

async function attributesOf(id: string) {
  const replay = await startReplay(known)
  try {
    tap = tapped('off', routed(replay.base(id), globalThis.fetch))
    const { url, headers, body } = known.get(id)!.request
    await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).text()
    return (await tap.span()).attributes
  } finally {
    await replay.close()
  }
}

it.each([
  ['vercel-plain', 0.0123],
  ['vercel-stream', 0.0123],
  ['vercel-embed', 0.00000014],
  ['vercel-image', 0.16],
  ['vercel-rerank', 0.002], // with a key of the user's own: what its provider is paid
  ['vercel-video', 3.2],
  ['vercel-chat-cost', 0.00021],
  ['vercel-chat-cost-stream', 0.00021],
])('what %s says that it cost is what the span says', async (id, cost) => {
  const attributes = await attributesOf(id)
  expect(attributes).toMatchObject({ 'afn.llm.cost.total': cost, 'afn.llm.cost.source': 'provider' })
})

it.each([
  ['mistral-conversation', { web_searches: 1 }],
  ['mistral-ocr', { pages: 2 }],
  ['mistral-ocr-annotated', { annotated_pages: 2 }],
  ['vertex-ocr', { annotated_pages: 2 }],
  ['google-imagen', { images: 2 }],
  ['dashscope-chat', { web_searches: 1 }],
  ['dashscope-tts', { characters: 12 }],
  ['elevenlabs-speech', { characters: 14 }],
  ['elevenlabs-dialogue', { characters: 7 }],
  ['elevenlabs-error', {}],
  ['elevenlabs-scribe', { audio_seconds: 12.5 }],
  ['deepgram-speak', { characters: 5 }],
  ['deepgram-listen', { audio_seconds: 51 }], // two channels
  ['cartesia-bytes', { characters: 5 }],
  ['cartesia-stt', { audio_seconds: 3.2 }],
  ['replicate-wait', { compute_seconds: 0.75 }],
  ['fal-run', { images: 2 }],
  ['vertex-veo', { video_seconds: 8 }],
])('what %s is charged by, beside or in place of tokens, is %j', async (id, units) => {
  const attributes = await attributesOf(id)
  const told = Object.entries(attributes).filter(
    ([name]) => name.startsWith('afn.llm.usage.') && !/tokens|source/.test(name),
  )
  expect(Object.fromEntries(told.map(([name, value]) => [name.slice('afn.llm.usage.'.length), value]))).toEqual(units)
})

it('no protocol takes a body for its own that is no document, unless nobody else has its path', () => {
  const url = new URL('https://llm.example/v1/model/m/invoke')
  const taken = Object.entries(protocols).filter(([, protocol]) => protocol.request(undefined, url, () => null))
  expect(taken.map(([name]) => name)).toEqual(['bedrock-bidirectional'])
})

const heard = { metadata: { request_id: 'r', duration: 3, channels: 1 }, results: { channels: [] } }

it.each([
  ['as it is', () => new Uint8Array(200_000)],
  ['in a stream', () => new Blob([new Uint8Array(200_000)]).stream()],
  ['in a Blob', () => new Blob([new Uint8Array(10)])],
])('sound that is sent to Deepgram %s is a call, with the model of the address', async (_, body) => {
  tap = tapped('full', async () => Response.json(heard))
  const init = { method: 'POST', body: body(), duplex: 'half' } as RequestInit
  await (await fetch('https://api.deepgram.com/v1/listen?model=nova-3', init)).json()
  expect((await tap.span()).attributes).toMatchObject({
    'gen_ai.provider.name': 'deepgram',
    'gen_ai.request.model': 'nova-3',
    'afn.llm.usage.audio_seconds': 3,
  })
})

it('sound that is sent to ElevenLabs in a form is a call, without the sound', async () => {
  tap = tapped('full', async () => Response.json({ text: 'Good morning', audio_duration_secs: 2 }))
  const body = new FormData()
  body.set('model_id', 'scribe_v2')
  body.set('file', new Blob(['sound']))
  await (await fetch('https://api.elevenlabs.io/v1/speech-to-text', { method: 'POST', body })).json()
  const { attributes } = await tap.span()
  expect(attributes).toMatchObject({ 'gen_ai.request.model': 'scribe_v2', 'afn.llm.usage.audio_seconds': 2 })
  expect(JSON.stringify(attributes)).not.toContain('sound')
})

it('sound that comes has the time to its first bytes, and is an error where the connection breaks', async () => {
  const replay = await startReplay(known)
  try {
    for (const breaks of [false, true]) {
      replay.behave(breaks ? { split: 50, breakAfter: 2 } : { split: 50 })
      tap = tapped('off', routed(replay.base('elevenlabs-speech'), globalThis.fetch))
      const { url, headers, body } = known.get('elevenlabs-speech')!.request
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
      await response.arrayBuffer().catch(() => undefined)
      const { attributes, status } = await tap.span()
      expect(attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0)
      expect(status.code).toBe(breaks ? 2 : 0)
      tap.stop()
    }
  } finally {
    await replay.close()
  }
})

it.each([
  [
    'AssemblyAI',
    ['https://api.assemblyai.com/v2/transcript', { audio_url: 'a', speech_models: ['universal-3-pro'] }],
    { id: 'later-1', status: 'queued', audio_duration: null },
    'https://api.assemblyai.com/v2/transcript/later-1',
    { id: 'later-1', status: 'processing', audio_duration: null },
    { id: 'later-1', status: 'completed', audio_duration: 281, text: 'Good morning' },
    { 'gen_ai.request.model': 'universal-3-pro', 'afn.llm.usage.audio_seconds': 281 },
  ],
  [
    'Replicate',
    ['https://api.replicate.com/v1/models/a/flux/predictions', { input: { prompt: 'x' } }],
    { id: 'later-2', status: 'starting', metrics: {} },
    'https://api.replicate.com/v1/predictions/later-2',
    { id: 'later-2', status: 'processing', metrics: {} },
    { id: 'later-2', status: 'succeeded', metrics: { predict_time: 2.5 }, output: ['b'] },
    { 'gen_ai.request.model': 'a/flux', 'afn.llm.usage.compute_seconds': 2.5 },
  ],
  [
    "fal's queue",
    ['https://queue.fal.run/fal-ai/flux/dev', { prompt: 'x' }],
    { request_id: 'later-3', status: 'IN_QUEUE' },
    'https://queue.fal.run/fal-ai/flux/requests/later-3',
    { request_id: 'later-3', status: 'IN_PROGRESS' },
    { images: [{ url: 'a' }, { url: 'b' }], seed: 1 },
    { 'gen_ai.request.model': 'fal-ai/flux/dev', 'afn.llm.usage.images': 2 },
  ],
] as const)(
  'what %s has made later is counted once, where it is read first',
  async (_, [url, body], queued, at, waiting, ready, expected) => {
    let answer: object = queued
    tap = tapped('full', async () => Response.json(answer))
    await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()
    for (answer of [waiting, ready, ready]) await (await fetch(at)).json()
    await expect.poll(() => tap?.spans().length).toBe(2)
    const [asked, fetched] = tap.spans().map(span => span.attributes)
    expect(Object.keys(asked!).filter(name => /usage\.(?!source)/.test(name))).toEqual([])
    expect(fetched).toMatchObject({ 'gen_ai.operation.name': 'fetch_response', ...expected })
  },
)
