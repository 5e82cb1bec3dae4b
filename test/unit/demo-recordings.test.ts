// The demo's table of expected tokens and costs, against the recordings beside it and against the public list prices.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { calcPrice } from '@pydantic/genai-prices'
import { describe, expect, it } from 'vitest'

const folder = path.resolve(import.meta.dirname, '../../examples/chat/recordings')
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8')
const expected = read('expected.jsonl')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line))

describe.each(expected.map(line => [line.id, line]))('%s', (id, { model, inputTokens, outputTokens, costUsd }) => {
  const { response, request } = JSON.parse(read(`${id}.json`))

  it('has the tokens of its recording', () => {
    const counts = (name: string) => [...response.body.matchAll(new RegExp(`"${name}":(\\d+)`, 'g'))].map(([, n]) => n)
    const [input, output] = request.url.includes('openai')
      ? ['prompt_tokens', 'completion_tokens']
      : ['input_tokens', 'output_tokens']
    expect(Number(counts(input).at(-1))).toBe(inputTokens)
    expect(Number(counts(output).at(-1) ?? 0)).toBe(outputTokens)
    expect(response.body).toContain(`"model":"${model}"`)
  })

  it('costs what the list price says', () => {
    const providerId = request.url.includes('openai') ? 'openai' : 'anthropic'
    const price = calcPrice({ input_tokens: inputTokens, output_tokens: outputTokens }, model, { providerId })
    expect(price?.total_price).toBeCloseTo(costUsd, 14)
  })
})

it('every recording that has tokens is in it', () => {
  const recordings = readdirSync(folder).filter(file => file.endsWith('.json') && read(file).includes('_tokens'))
  expect(recordings.map(file => path.parse(file).name).sort()).toEqual(expected.map(({ id }) => id).sort())
})

it('the chat server knows nothing of OpenTelemetry', () => {
  const server = readFileSync(path.join(folder, '../server.cjs'), 'utf8')
  const code = server.replace(/^\/\/.*$/gm, '')
  expect(code).not.toMatch(/opentelemetry|@afn/i)
})
