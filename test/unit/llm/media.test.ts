// Media sent along as base64, in every protocol: what is recorded of it is its kind, size and digest, whether it was there
// whole or passed by in pieces that nobody kept.
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { cutOf } from '../../../src/app/llm/wire/cut-string'
import { JsonReader } from '../../../src/app/llm/wire/json-reader'
import { digestOf, MediaDigest } from '../../../src/app/llm/wire/media-digest'
import { createRedactor } from '../../../src/shared/redact'
import { messageProblems } from '../../support/genai-schema'
import { random } from './random'
import { type Tapped, tapped } from './tapped'

let tap: Tapped | undefined
afterEach(() => tap?.stop())

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255))

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] })

/** A request of each protocol with the media in it. */
const requests: [name: string, url: string, mime: string, body: (base64: string) => object][] = [
  [
    'OpenAI chat, an image',
    'https://api.openai.com/v1/chat/completions',
    'image/png',
    data => user([{ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } }]),
  ],
  [
    'OpenAI chat, sound',
    'https://api.openai.com/v1/chat/completions',
    'audio/wav',
    data => user([{ type: 'input_audio', input_audio: { data, format: 'wav' } }]),
  ],
  [
    'OpenAI chat, a file',
    'https://api.openai.com/v1/chat/completions',
    'application/pdf',
    data => user([{ type: 'file', file: { file_data: `data:application/pdf;base64,${data}`, filename: 'a.pdf' } }]),
  ],
  [
    'OpenAI responses',
    'https://api.openai.com/v1/responses',
    'image/png',
    data => ({
      input: [{ role: 'user', content: [{ type: 'input_image', image_url: `data:image/png;base64,${data}` }] }],
    }),
  ],
  [
    'Anthropic messages',
    'https://api.anthropic.com/v1/messages',
    'image/jpeg',
    data => user([{ type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data } }]),
  ],
  [
    'Gemini',
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
    'image/webp',
    data => ({ contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/webp', data } }] }] }),
  ],
  [
    'Bedrock converse',
    'https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse',
    'image/png',
    data => user([{ image: { format: 'png', source: { bytes: data } } }]),
  ],
  [
    'Ollama',
    'http://localhost:11434/api/chat',
    'image/unknown',
    data => ({ messages: [{ role: 'user', content: '', images: [data] }] }),
  ],
]

describe.each([
  ['whole', 1_001],
  ['too long to be kept', 200_002],
])('media %s', (_, length) => {
  it.each(requests)('%s', async (_, url, mime_type, body) => {
    const media = bytes(length)
    tap = tapped('full', async () => Response.json({}))
    const params = { model: 'm', max_tokens: 1, ...body(media.toString('base64')) }
    await (await fetch(url, { method: 'POST', body: JSON.stringify(params) })).text()
    const messages = (await tap.span()).attributes['gen_ai.input.messages']
    expect(messageProblems(messages)).toEqual([])
    const parts = JSON.parse(String(messages)).flatMap((message: { parts: object[] }) => message.parts)
    expect(parts).toEqual([
      { type: 'blob', modality: expect.any(String), mime_type, size: length, digest: `sha256:${sha256(media)}` },
    ])
  })
})

describe('a digest', () => {
  it('of media is that of the decoded bytes, however the text is split', () => {
    const { below } = random(7)
    for (let length = 0; length < 200; length++) {
      const media = bytes(length)
      const encoding = length % 3 ? 'base64' : 'base64url'
      const text = `${length % 2 ? 'data:image/png;base64,' : ''}${media.toString(encoding)}`
      const expected = { sha256: sha256(media), bytes: length }
      expect(digestOf(text), text).toEqual(expected)
      // what stands before the data of a URL comes at once, as it does from the reader
      const digest = new MediaDigest(text.slice(0, 30))
      for (let at = 30, size = 0; at < text.length; at += size) {
        size = 1 + below(9)
        digest.push(text.slice(at, at + size))
      }
      expect(digest.end(), text).toEqual(expected)
    }
  })

  it.each(['a text with blanks', 'QUJD=QUJD', 'QQ==QQ==', 'é', 'data:text/plain,hello, you'])(
    'of media is not made of %s',
    text => {
      expect(digestOf(text)).toBeUndefined()
    },
  )

  it('of media stands in the mark of a string that was cut, in pieces of any size', () => {
    const media = bytes(5_000)
    const json = Buffer.from(JSON.stringify({ a: ['first', media.toString('base64')], text: 'no media '.repeat(900) }))
    for (const size of [1, 3, 64, 1_000, json.length]) {
      const reader = new JsonReader({ a: true, text: true }, 256)
      for (let at = 0; at < json.length; at += size) reader.push(json.subarray(at, at + size))
      const { a, text } = reader.value() as { a: [string, string]; text: string }
      expect(a[0]).toBe('first')
      expect(cutOf(a[1])).toEqual({ length: 6_668, digest: { sha256: sha256(media), bytes: 5_000 } })
      expect(cutOf(text)).toEqual({ length: 8_100, digest: undefined })
      expect(text).toHaveLength(256 + '…[cut from 8100 bytes]'.length)
    }
  })

  it('of media passes the redactor unchanged', () => {
    const part = {
      type: 'blob',
      modality: 'image',
      mime_type: 'image/png',
      size: 3,
      digest: `sha256:${sha256(bytes(9))}`,
    }
    const messages = JSON.stringify([{ role: 'user', parts: [part] }])
    for (const content of ['redacted', 'full'] as const) {
      expect(createRedactor({ content }).value('gen_ai.input.messages', messages)).toBe(messages)
    }
  })
})
