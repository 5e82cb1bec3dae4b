// The bound of what is charged by another measure than the tokens of texts: images, speech, transcriptions and rankings.
import { describe, expect, it } from 'vitest'
import { boundOfCall } from '../../../src/app/guard/bound-of-call'
import { worstPrice } from '../../../src/app/guard/worst-price'
import { type ProtocolName, protocolAt } from '../../../src/app/llm/providers/paths'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { providerOf } from '../../../src/app/llm/providers/providers'
import type { Usage } from '../../../src/app/llm/usage'
import { readJson } from '../../../src/app/llm/wire/json'
import { isCountedOtherwise, pricer, recorded } from './recorded'

interface Asked {
  readonly usage: Usage
  readonly or: Usage | undefined
  /** USD, or why there is no bound. */
  readonly most: number | string
}

async function asked(address: string, body: object | string | Uint8Array | FormData): Promise<Asked> {
  const url = new URL(address)
  const protocol = protocolAt(url.pathname) as ProtocolName
  const reader = protocols[protocol]
  const provider = providerOf(url, reader.provider)
  const form = body instanceof FormData ? body : undefined
  const sent = form ? '' : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const document = form
    ? Object.fromEntries([...form].filter(([, value]) => typeof value === 'string'))
    : readJson(sent, reader.requestFields, 65_536)
  const parsed = reader.request(document ?? { model: 'whisper-1' }, url, () => null)!
  const bound = await boundOfCall({ protocol, provider, parsed, url, body: sent, form }, undefined)
  if ('problem' in bound) return { usage: {}, or: undefined, most: bound.problem }
  const price = worstPrice(pricer, { provider, model: parsed.model, serverAddress: url.hostname, serviceTier: undefined }, bound, new Date()) // biome-ignore format: one line
  return { usage: bound.usage, or: bound.or, most: typeof price === 'number' ? price : price.problem }
}

describe('of recorded calls', () => {
  it('none of them costs more than its bound', async () => {
    const calls = (await recorded()).filter(({ protocol }) => isCountedOtherwise(protocol))
    const bounded = calls.filter(({ most, cost }) => most !== undefined && cost !== undefined && cost > 0)
    const ratios = bounded.map(({ most, cost }) => most! / cost!).sort((a, b) => a - b)
    console.log(
      `${calls.length} calls, ${calls.filter(({ isReal }) => isReal).length} of them real; ${bounded.length} with a bound and a cost. Bound / cost: ${ratios.map(ratio => ratio.toFixed(1)).join(', ')}\n${calls
        .filter(({ most }) => most === undefined)
        .map(({ id, problem }) => `  ${id}: ${problem}`)
        .join('\n')}`,
    )
    expect(bounded.filter(({ most, cost }) => cost! > most!)).toEqual([])
    expect(bounded.length).toBeGreaterThan(5)
    // in the units themselves, since most of the real ones are of models that are retired and have no price
    const inUnits = calls.flatMap(({ id, bound, usage = {} }) => {
      const units = Object.keys(usage).filter(unit => bound?.usage[unit as keyof Usage] ?? bound?.or?.[unit as keyof Usage]) // biome-ignore format: one line
      return bound && units.length > 0 ? [{ id, most: units.map(unit => Math.max(bound.usage[unit as keyof Usage] ?? 0, bound.or?.[unit as keyof Usage] ?? 0)), used: units.map(unit => usage[unit as keyof Usage]!) }] : [] // biome-ignore format: one line
    })
    console.log(
      `${inUnits.length} calls in their units: ${inUnits.map(({ id, most, used }) => `${id} ${used} of ${most}`).join('; ')}`,
    )
    expect(inUnits.filter(({ most, used }) => used.some((count, n) => count > most[n]!))).toEqual([])
  })
})

const OPENAI = 'https://api.openai.com/v1'

describe('images', () => {
  const draw = (body: object, path = 'images/generations') => asked(`${OPENAI}/${path}`, { prompt: 'a cat', ...body })

  it('an image is bounded by less than OpenAI documents for its size and quality', async () => {
    const tokens = async (body: object) => (await draw(body)).usage.output
    expect(await tokens({ model: 'gpt-image-1', size: '1024x1024', quality: 'low' })).toBe(272)
    expect(await tokens({ model: 'gpt-image-1', size: '1536x1024', quality: 'medium', n: 3 })).toBe(3 * 1_584)
    // what the page says of gpt-image-2 at USD 30 for a million tokens: 0.006, 0.053 and 0.211 of a square, 0.165 of another shape
    const usd = async (body: object) => ((await tokens({ model: 'gpt-image-2', ...body })) ?? 0) * 30e-6
    expect(await usd({ size: '1024x1024', quality: 'low' })).toBeCloseTo(0.006, 3)
    expect(await usd({ size: '1024x1024', quality: 'medium' })).toBeCloseTo(0.053, 3)
    expect(await usd({ size: '1024x1024', quality: 'high' })).toBeCloseTo(0.211, 3)
    expect(await usd({ size: '1536x1024', quality: 'high' })).toBeGreaterThan(0.165)
  })

  it('what the request leaves open counts as less than the dearest', async () => {
    const open = await draw({ model: 'gpt-image-2' })
    expect(open.usage.output).toBeGreaterThanOrEqual(23_719)
    expect(open.most).toBeGreaterThan(0.7)
    expect((await draw({ model: 'gpt-image-1' })).usage.output).toBe(6_240)
    expect((await draw({ model: 'gpt-image-2.5-flare', quality: 'low', size: '1024x1024' })).usage.output).toBe(7_024)
    expect((await draw({ model: 'gpt-image-1', stream: true, partial_images: 2 })).usage.output).toBe(6_240 + 200)
  })

  it('an image of Imagen, of which four are made by default, counts once', async () => {
    const google = (body: object) => asked('https://generativelanguage.googleapis.com/v1beta/models/imagen-4.0-generate-001:predict', { instances: [{ prompt: 'a cat' }], ...body }) // biome-ignore format: one line
    expect((await google({})).usage).toEqual({ images: 4 })
    expect((await google({ parameters: { sampleCount: 2 } })).usage).toEqual({ images: 2 })
  })

  it('what nobody documents is bounded all the same', async () => {
    expect((await draw({ model: 'gpt-image-1.5' })).most).toContain('is not documented')
    expect((await draw({ model: 'gpt-image-2' }, 'images/edits')).most).toContain('is not documented')
    expect((await draw({ model: 'dall-e-2', n: 2 })).most).toContain('no price is known')
  })
})

describe('speech', () => {
  const speak = (body: object) => asked(`${OPENAI}/audio/speech`, { voice: 'alloy', ...body })

  it('a text that is spoken costs more than its bound', async () => {
    const { usage, most } = await speak({ model: 'tts-1', input: 'Guten Morgen 👋' })
    expect(usage).toEqual({ characters: 14 })
    expect(most).toBeCloseTo(14 * 15e-6, 9)
    expect((await speak({ model: 'tts-1', input: 'é'.repeat(70_000) })).usage.characters).toBeGreaterThanOrEqual(70_000)
    const eleven = await asked('https://api.elevenlabs.io/v1/text-to-speech/x', {
      text: 'Hello',
      model_id: 'eleven_v3',
    })
    expect(eleven.most).toBeCloseTo(5 * 8e-5, 9)
  })

  it('a model that is charged by its sound has a bound, which nothing documents', async () => {
    expect((await speak({ model: 'gpt-4o-mini-tts', input: 'Hello' })).most).toContain('no document bounds')
  })
})

/** A WAV file of silence. */
function wav(
  seconds: number,
  { rate = 16_000, channels = 1, bits = 16, kind = 1, before = Buffer.alloc(0) } = {},
): Buffer {
  const format = Buffer.alloc(24)
  format.write('fmt ')
  format.writeUInt32LE(16, 4)
  format.writeUInt16LE(kind, 8)
  format.writeUInt16LE(channels, 10)
  format.writeUInt32LE(rate, 12)
  format.writeUInt32LE(rate * channels * (bits / 8), 16)
  format.writeUInt16LE(channels * (bits / 8), 20)
  format.writeUInt16LE(bits, 22)
  const data = Buffer.alloc(8 + (seconds * rate * channels * bits) / 8)
  data.write('data')
  // a stream does not know its length
  data.writeUInt32LE(0xffffffff, 4)
  return Buffer.concat([Buffer.from('RIFF\xff\xff\xff\xffWAVE', 'latin1'), before, format, data])
}

describe('transcriptions', () => {
  const form = (file: Buffer, fields: Record<string, string> = { model: 'whisper-1' }) => {
    const made = new FormData()
    for (const [name, value] of Object.entries(fields)) made.set(name, value)
    made.set('file', new Blob([new Uint8Array(file)]), 'a.wav')
    return made
  }
  const transcribe = (body: FormData | Uint8Array) => asked(`${OPENAI}/audio/transcriptions`, body)

  it('the sound of a WAV file is longer than its bound, whatever its head says', async () => {
    const { usage, most } = await transcribe(form(wav(60)))
    expect(usage.audioSeconds).toBeGreaterThanOrEqual(60)
    expect(usage.audioSeconds).toBeLessThanOrEqual(62)
    expect(most).toBeCloseTo(usage.audioSeconds! * 1e-4, 9)
    const chunk = Buffer.concat([Buffer.from('JUNK\x03\x00\x00\x00abc\x00', 'latin1')])
    expect((await transcribe(form(wav(60, { before: chunk, channels: 2, bits: 24 })))).usage.audioSeconds).toBe(62)
  })

  it('a form that was written already is read otherwise', async () => {
    const file = wav(30)
    const written = Buffer.concat([
      Buffer.from(
        '--b1\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--b1\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n',
      ),
      file,
      Buffer.from('\r\n--b1--\r\n'),
    ])
    expect((await transcribe(written)).usage.audioSeconds).toBe((await transcribe(form(file))).usage.audioSeconds)
  })

  it('a model that is charged by the token is bounded by less than its sound and its longest answer', async () => {
    const { or, most } = await transcribe(form(wav(60), { model: 'gpt-4o-transcribe', prompt: 'names' }))
    expect(or!.input).toBeGreaterThan(60 * 17)
    expect(or!.output).toBe(2_000)
    expect(most).toBeGreaterThan(0.006)
    const inPieces = { model: 'gpt-4o-transcribe', chunking_strategy: 'auto' }
    expect((await transcribe(form(wav(60), inPieces))).or).toBeUndefined()
  })

  it('sound of which the length is not known has a bound', async () => {
    const refused = 'can be told of a WAV file only'
    expect((await transcribe(form(Buffer.from('ID3\x04sound')))).most).toContain(refused)
    // ADPCM
    expect((await transcribe(form(wav(60, { kind: 2 })))).most).toContain(refused)
    const two = form(wav(10))
    two.set('other', new Blob([new Uint8Array(wav(1_000))]), 'b.wav')
    expect((await transcribe(two)).most).toContain(refused)
    const address = await asked('https://api.deepgram.com/v1/listen?model=nova-3', { url: 'https://example.com/a.wav' })
    expect(address.most).toContain(refused)
  })

  it('each channel of a file is charged, and one is bounded', async () => {
    const heard = await asked('https://api.deepgram.com/v1/listen?model=nova-3', wav(60, { channels: 2 }))
    expect(heard.usage.audioSeconds).toBeGreaterThanOrEqual(120)
  })
})

describe('rankings', () => {
  const cohere = (body: object, version = 'v2') =>
    asked(`https://api.cohere.com/${version}/rerank`, { model: 'rerank-v3.5', query: 'Who?', ...body })

  it('a search is a hundred documents, and one that is long counts as one', async () => {
    expect((await cohere({ documents: ['a', 'b'] })).or).toEqual({ searchUnits: 1 })
    expect((await cohere({ documents: Array(101).fill('a') })).or).toEqual({ searchUnits: 2 })
    expect((await cohere({ documents: Array(100).fill('a'.repeat(600)) })).or).toEqual({ searchUnits: 2 })
    // of version 2 a document is cut to 4,096 tokens, of version 1 to ten parts
    expect((await cohere({ documents: ['a'.repeat(1_000_000)] })).or).toEqual({ searchUnits: 1 })
    expect((await cohere({ documents: Array(10).fill('a'.repeat(1_000_000)) }, 'v1')).or).toEqual({ searchUnits: 1 })
    expect((await cohere({ documents: ['a', 'b'] })).most).toBeCloseTo(0.002, 9)
  })

  it('the query of a ranking by tokens is charged with each document, and counts once', async () => {
    const documents = ['a'.repeat(100), 'b'.repeat(200)]
    const voyage = await asked('https://api.voyageai.com/v1/rerank', { model: 'rerank-2.5', query: 'q'.repeat(50), documents }) // biome-ignore format: one line
    expect(voyage.usage.input).toBeGreaterThanOrEqual(2 * 50 + 300)
    expect(voyage.most).toBeGreaterThan(0)
    expect(voyage.most).toBeLessThan(0.001)
  })

  it('images that are ranked, and pairs of texts, have a bound', async () => {
    expect((await cohere({ documents: [{ image: 'https://example.com/a.png' }] })).most).toContain('not documented')
    const pairs = await asked('https://gpu.example.com/score', { model: 'm', text_1: 'a', text_2: ['b'] })
    expect(pairs.most).toContain('no texts')
  })
})
