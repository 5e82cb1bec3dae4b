// What is told beside tokens by those who carry calls of models: what the call cost, and units that are billed.
import { afterEach, expect, it } from 'vitest'
import { protocols } from '../../../src/llm/providers/protocols'
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
  ['vertex-veo', { video_seconds: 8 }],
])('what %s is charged by, beside or in place of tokens, is %j', async (id, units) => {
  const attributes = await attributesOf(id)
  const told = Object.entries(attributes).filter(
    ([name]) => name.startsWith('afn.llm.usage.') && !/tokens|source/.test(name),
  )
  expect(Object.fromEntries(told.map(([name, value]) => [name.slice('afn.llm.usage.'.length), value]))).toEqual(units)
})

it('no protocol takes a body for its own that is no document', () => {
  const url = new URL('https://llm.example/v1/model/m/invoke')
  const taken = Object.entries(protocols).filter(([, protocol]) => protocol.request(undefined, url, () => null))
  expect(taken).toEqual([])
})
