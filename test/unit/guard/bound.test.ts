// The bound of a call's tokens and cost, against recorded calls and against what the providers document.
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { boundOf } from '../../../src/app/guard/bound'
import type { ProtocolName } from '../../../src/app/llm/providers/paths'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { readJson } from '../../../src/app/llm/wire/json'
import { SHARED } from '../llm/replay'
import { isCountedOtherwise, recorded } from './recorded'

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

describe.runIf(existsSync(SHARED))('of calls that were recorded', () => {
  it('no call takes more tokens, nor costs more, than its bound', async () => {
    const calls = (await recorded()).filter(({ isReal, bound, protocol }) => isReal && bound && !isCountedOtherwise(protocol)) // biome-ignore format: one line
    const told = calls.filter(({ input, output }) => input !== undefined || output !== undefined)
    const above = told.filter(
      ({ bound, input = 0, output = 0, cost = 0, most = Number.POSITIVE_INFINITY }) =>
        input > bound!.usage.input! || output > bound!.usage.output! || cost > most,
    )
    const priced = told.filter(({ cost, most }) => cost !== undefined && cost > 0 && most !== undefined)
    const ratio = ({ most, cost }: (typeof told)[number]) => most! / cost!
    console.log(
      `${told.length} calls with counts, ${above.length} above their bound; ${priced.length} of them with a price. ` +
        `Bound / cost, median: ${median(priced.map(ratio)).toFixed(1)}, with a limit of the output ${median(priced.filter(({ hasLimit }) => hasLimit).map(ratio)).toFixed(1)}; ` +
        `of input tokens ${median(told.filter(({ input }) => input).map(({ bound, input }) => bound!.usage.input! / input!)).toFixed(1)}`,
    )
    expect(above).toEqual([])
    expect(told.length).toBeGreaterThan(200)
    expect(priced.length).toBeGreaterThan(150)
  })
})

function bound(protocol: ProtocolName, body: object, path: string, countTokens?: (text: string) => number) {
  const url = new URL(path, 'https://api.example.com')
  const text = JSON.stringify(body)
  const reader = protocols[protocol]
  const parsed = reader.request(readJson(text, reader.requestFields, 4096), url, () => null)!
  const found = boundOf({ protocol, provider: reader.provider, parsed, url, body: text }, countTokens)
  if ('problem' in found) throw new Error(found.problem)
  return found.usage
}
const chat = (body: object, countTokens?: (text: string) => number) =>
  bound('openai-chat', { model: 'gpt-4o', messages: [], ...body }, '/v1/chat/completions', countTokens)
const responses = (body: object) => bound('openai-responses', { model: 'gpt-5', ...body }, '/v1/responses')
const messages = (body: object) =>
  bound('anthropic-messages', { model: 'claude-sonnet-5', max_tokens: 100, messages: [], ...body }, '/v1/messages')

describe('of what the providers document', () => {
  it('an answer is as long as was asked for, times the answers; without a limit, as long as the model can', () => {
    expect(chat({ max_tokens: 50 }).output).toBe(50)
    expect(chat({ max_completion_tokens: 50, n: 3 }).output).toBe(150)
    expect(chat({}).output).toBe(16_384)
    expect(chat({ model: 'nobody-knows-it' }).output).toBe(262_144)
    expect(bound('openai-embeddings', { model: 'text-embedding-3-small', input: 'a' }, '/v1/embeddings').output).toBe(0)
  })

  it('a byte is a token at most, and with a tokenizer its tokens count', () => {
    const body = { messages: [{ role: 'user', content: 'a'.repeat(4_000) }] }
    expect(chat(body).input).toBeGreaterThan(4_000)
    expect(chat({ messages: [{ role: 'user', content: 'あ'.repeat(1_000) }] }).input).toBeGreaterThan(3_000)
    const counted = chat(body, text => Math.ceil(text.length / 4)).input
    expect(counted).toBeGreaterThan(1_000)
    expect(counted).toBeLessThan(1_300)
  })

  it('an image counts what an image takes at most, not its bytes, and sound by its bytes', () => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(2_000_000)}` } }
    expect(chat({ messages: [{ role: 'user', content: [image] }] }).input).toBeLessThan(20_000)
    const source = { type: 'base64', media_type: 'image/jpeg', data: 'A'.repeat(2_000_000) }
    const { input } = messages({ messages: [{ role: 'user', content: [{ type: 'image', source }] }] })
    expect(input).toBeGreaterThan(4_784)
    expect(input).toBeLessThan(6_000)
    const inline = { inlineData: { mimeType: 'audio/mp3', data: 'A'.repeat(1_600_000) } }
    const gemini = { contents: [{ role: 'user', parts: [inline] }] }
    // 1.2 MB are five minutes at 32 kbit/s: 9,600 tokens
    const path = '/v1beta/models/gemini-2.5-flash:generateContent'
    expect(bound('google-generate', gemini, path).input).toBeGreaterThan(9_600)
    expect(bound('google-generate', gemini, path).input).toBeLessThan(100_000)
  })

  it('what the provider has stored, unpacks or looks up is bounded by the context window alone', () => {
    const window = 400_000
    expect(responses({ input: 'and then?', previous_response_id: 'resp_1' }).input).toBeGreaterThanOrEqual(272_000)
    const file = { role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }
    expect(responses({ input: [file] }).input).toBeGreaterThanOrEqual(272_000)
    const searched = responses({ input: 'news?', tools: [{ type: 'web_search' }], max_tool_calls: 2 })
    expect(searched.input).toBeGreaterThanOrEqual(272_000 * 3)
    expect(searched.webSearches).toBe(2)
    const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } }
    expect(messages({ messages: [{ role: 'user', content: [pdf] }] }).input).toBeGreaterThanOrEqual(1_000_000)
    expect(responses({ input: 'hi' }).input).toBeLessThan(window / 1_000)
  })

  it('functions of the app count as text, with the prompt that the provider adds to them', () => {
    const tool = { name: 'weather', description: 'w', input_schema: { type: 'object', properties: {} } }
    const { input } = messages({ tools: [tool] })
    expect(input).toBeGreaterThan(804)
    expect(input).toBeLessThan(2_000)
    const toolConfig = { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } }] }
    const path = '/model/anthropic.claude-3-haiku-20240307-v1:0/converse'
    expect(bound('bedrock-converse', { messages: [], toolConfig }, path).input).toBeGreaterThan(804)
  })

  it('a text that names such members does not count as one of them', () => {
    const content = 'set "previous_response_id": "x", "file_id" and "tools": [{"type": "web_search"}]'
    expect(chat({ messages: [{ role: 'user', content }] }).input).toBeLessThan(500)
  })

  it('a call whose answer is charged by something else than tokens has no bound', () => {
    const document = { document: { type: 'document_url', document_url: 'https://example.com/a.pdf' } }
    expect(() => bound('mistral-ocr', { model: 'mistral-ocr-latest', ...document }, '/v1/ocr')).toThrow(
      "can't be bounded",
    )
  })
})
