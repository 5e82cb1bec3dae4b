// Which requests may read an answer that comes later, and what is summed up when there are too many.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { FetchedAnswer, MOST_SPANS } from '../../../src/app/llm/observe/later/fetched-answer'
import { finishNow } from '../../../src/app/llm/observe/later/paced'
import { priceSteps } from '../../../src/app/llm/observe/later/sums'
import { mayComeLater } from '../../../src/app/llm/providers/paths'
import { root } from '../../support/packed'

it.each([
  ['GET', 'https://api.openai.com/v1/responses/resp_1'],
  ['GET', 'https://api.openai.com/v1/responses/resp_1?stream=true&starting_after=3'],
  ['POST', 'https://api.openai.com/v1/responses/resp_1/cancel'],
  ['GET', 'https://me.openai.azure.com/openai/v1/responses/resp_1?api-version=preview'],
  ['GET', 'https://api.openai.com/v1/batches/batch_1'],
  ['POST', 'https://api.openai.com/v1/batches'],
  ['GET', 'https://api.openai.com/v1/files/file-1/content'],
  ['GET', 'https://api.anthropic.com/v1/messages/batches/msgbatch_1/results?beta=true'],
  ['POST', 'https://api.anthropic.com/v1/messages/batches'],
  ['GET', 'https://generativelanguage.googleapis.com/v1beta/interactions/v1_a?stream=true'],
  ['POST', 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:batchGenerateContent'],
  ['GET', 'https://generativelanguage.googleapis.com/v1beta/batches/abc'],
  ['GET', 'https://generativelanguage.googleapis.com/download/v1beta/files/batch-abc:download?alt=media'],
  ['GET', '/v1beta/files/batch-abc%3Adownload?alt=media'],
  ['GET', 'https://api.mistral.ai/v1/batch/jobs/1?inline=true'],
  ['GET', 'https://api.x.ai/v1/chat/deferred-completion/1'],
  ['GET', 'https://api.x.ai/v1/batches/1/results?limit=100'],
  ['GET', 'https://bucket.s3.us-east-1.amazonaws.com/out/job/in.jsonl.out'],
  ['POST', 'https://ai-gateway.vercel.sh/v4/ai/batch/results'],
])('a %s of %s is looked at', (method, url) => {
  expect(mayComeLater(method, url)).toBe(true)
})

it.each([
  ['GET', 'https://api.openai.com/v1/responses'],
  ['POST', 'https://api.openai.com/v1/responses'],
  ['GET', 'https://api.openai.com/v1/responses/resp_1/input_items'],
  ['GET', 'https://api.openai.com/v1/files/file-1'],
  ['GET', 'https://api.openai.com/v1/models'],
  ['POST', 'https://api.openai.com/v1/responses/resp_1'],
  ['DELETE', 'https://api.openai.com/v1/responses/resp_1'],
  ['GET', 'https://shop.example/orders/7'],
  ['GET', 'https://shop.example/results'],
  ['GET', 'https://shop.example/?next=/v1/responses/resp_1'],
  ['GET', '/'],
  ['GET', ''],
])('a %s of %s is none', (method, url) => {
  expect(mayComeLater(method, url)).toBe(false)
})

it('what is summed up is never on two sides of a step of a price table', () => {
  const file = readFileSync(path.join(root, 'node_modules/@pydantic/genai-prices/dist/index.js'), 'utf8')
  const steps = new Set([...file.matchAll(/\bstart: ([\de]+)\b/g)].map(([, start]) => Number(start)))
  expect(steps.size).toBeGreaterThan(3)
  expect([...steps].filter(step => !priceSteps.includes(step))).toEqual([])
})

/** Reads a file of results in chunks, as they would come. */
function read(lines: readonly object[], options: { name: string; chunk?: number }) {
  return readText(lines.map(line => JSON.stringify(line)).join('\n'), options)
}

function readText(text: string, { name, chunk = 1_000 }: { name: string; chunk?: number }) {
  return readFrom(`https://api.openai.com/v1/files/${encodeURIComponent(name)}/content`, text, chunk)
}

function readFrom(url: string, text: string, chunk = 1_000) {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const troubles: unknown[] = []
  const answer = new FetchedAnswer({
    tracer: provider.getTracer('test'),
    content: false,
    url: new URL(url),
    parent: ROOT_CONTEXT,
    trouble: error => troubles.push(error),
  })
  answer.responded(200, () => undefined)
  const body = Buffer.from(text)
  for (let from = 0; from < body.length; from += chunk) answer.chunk(body.subarray(from, from + chunk))
  answer.end({ by: 'server' })
  finishNow()
  expect(troubles).toEqual([])
  return exporter.getFinishedSpans().map(({ attributes }) => attributes)
}

const result = (at: number, input: number, body: object = {}) => ({
  custom_id: String(at),
  response: {
    status_code: 200,
    body: {
      id: `chatcmpl-${at}`,
      object: 'chat.completion',
      model: 'gpt-4o',
      choices: [],
      usage: { prompt_tokens: input, completion_tokens: 1, total_tokens: input + 1 },
      ...body,
    },
  },
})

it.each([1, 7, 100, 65_536, 10_000_000])('results are the same however the bytes come: in chunks of %d', chunk => {
  const lines = Array.from({ length: 30 }, (_, at) => result(at, at, { filler: 'é"\\'.repeat(at * 50) }))
  const spans = read(lines, { name: `chunks-${chunk}`, chunk })
  expect(spans.map(span => span['gen_ai.usage.input_tokens'])).toEqual(lines.map((_, at) => at))
})

it('a thousand results have a span each, and the rest are sums by model and step of the price', () => {
  const some = (count: number, input: number, model: string) =>
    Array.from({ length: count }, (_, at) => result(at, input, { model }))
  const lines = [
    ...some(MOST_SPANS, 1, 'gpt-4o'),
    ...some(300, 10, 'gpt-4o'),
    ...some(200, 300_000, 'gpt-4o'),
    ...some(5, 2, 'o3'),
  ]
  const sums = read(lines, { name: 'sums' }).slice(MOST_SPANS)
  expect(sums.map(span => [span['afn.llm.batch.requests'], span['gen_ai.usage.input_tokens']])).toEqual([
    [300, 3_000],
    [200, 60_000_000],
    [5, 10],
  ])
})

it('a file that is read again counts only what was not read before', () => {
  const lines = Array.from({ length: 20 }, (_, at) => result(at, at))
  expect(read(lines.slice(0, 8), { name: 'again' })).toHaveLength(8)
  expect(read(lines, { name: 'again' })).toHaveLength(12)
  expect(read(lines, { name: 'again' })).toHaveLength(0)
})

it.each([
  ['a book', 'not json at all\nnor this'],
  ['something else', '{"a":1}\n{"custom_id":"1","response":{"body":{"choices":[],"usage":{"prompt_tokens":1}}}}'],
  ['the requests of a batch', '{"custom_id":"1","method":"POST","url":"/v1/x","body":{"model":"m","messages":[]}}'],
  ['a line that is cut', '{"custom_id":"1","response":{"body":{"object":"chat.com'],
  ['nothing', ''],
])('a file of %s has no results', (name, text) => {
  expect(readText(text, { name })).toEqual([])
})

const told = (spans: ReturnType<typeof readFrom>) =>
  spans.map(span => [
    span['gen_ai.provider.name'],
    span['gen_ai.request.model'],
    span['gen_ai.usage.input_tokens'],
    span['gen_ai.usage.output_tokens'],
    span['openai.response.service_tier'],
    span['error.type'],
  ])

const chat = {
  id: 'c',
  object: 'chat.completion',
  model: 'grok-4',
  choices: [],
  usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 },
}
const response = {
  id: 'r',
  object: 'response',
  model: 'gpt-4o',
  status: 'completed',
  output: [],
  usage: { input_tokens: 5, output_tokens: 6 },
}
const embeddings = {
  object: 'list',
  model: 'text-embedding-3-small',
  data: [],
  usage: { prompt_tokens: 9, total_tokens: 9 },
}

it.each([
  [
    'a page of xAI',
    'https://api.x.ai/v1/batches/b1/results?limit=2',
    {
      results: [
        { batch_request_id: '1', batch_result: { response: { chat_get_completion: chat } } },
        { batch_request_id: '2', batch_result: { error: { code: 'bad', message: 'no' } } },
      ],
      pagination_token: null,
    },
    [
      ['x_ai', 'grok-4', 5, 6, 'batch', undefined],
      ['x_ai', undefined, undefined, undefined, undefined, 'bad'],
    ],
  ],
  [
    'a page of OpenRouter',
    'https://openrouter.ai/api/v1/batches/b2/results',
    {
      object: 'list',
      data: [{ id: '1', custom_id: '1', response: { status_code: 200, body: chat }, error: null }],
      has_more: false,
    },
    [['openrouter', 'grok-4', 5, 6, 'batch', undefined]],
  ],
  [
    'responses',
    'https://api.openai.com/v1/files/responses/content',
    { custom_id: '1', response: { status_code: 200, body: response }, error: null },
    [['openai', 'gpt-4o', 5, 6, 'batch', undefined]],
  ],
  [
    'embeddings',
    'https://me.openai.azure.com/openai/files/embeddings/content?api-version=1',
    { custom_id: '1', response: { status_code: 200, body: embeddings }, error: null },
    [['azure.ai.openai', 'text-embedding-3-small', 9, undefined, 'batch', undefined]],
  ],
  [
    'what has expired',
    'https://api.openai.com/v1/files/expired/content',
    { custom_id: '1', response: null, error: { code: 'batch_expired', message: 'too late' } },
    [['openai', undefined, undefined, undefined, undefined, 'batch_expired']],
  ],
  [
    "Gemini's embeddings",
    'https://generativelanguage.googleapis.com/v1beta/batches/e1',
    {
      name: 'batches/e1',
      metadata: {
        model: 'models/gemini-embedding-001',
        output: {
          inlinedEmbedContentResponses: {
            inlinedResponses: [{ response: { embedding: { values: [0.1] }, tokenCount: '4' } }],
          },
        },
      },
    },
    [['gcp.gemini', 'gemini-embedding-001', 4, undefined, 'batch', undefined]],
  ],
])('%s: each answer is read in its envelope', (_, url, body, expected) => {
  expect(told(readFrom(url, JSON.stringify(body)))).toEqual(expected)
})

it("results of the AI Gateway's batches are told apart by their ids, since their address is the same for all", () => {
  const line = (id: string, input: number) =>
    JSON.stringify({
      type: 'text',
      id: 'first',
      status: 'succeeded',
      result: {
        content: [],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: { inputTokens: { total: input }, outputTokens: { total: 2 } },
        response: { id, modelId: 'openai/gpt-5-mini' },
        providerMetadata: { gateway: { cost: '0.25' } },
      },
    })
  const at = 'https://ai-gateway.vercel.sh/v4/ai/batch/results'
  const cancelled = JSON.stringify({ type: 'text', id: 'second', status: 'cancelled' })
  const spans = [line('a', 1), `${line('b', 2)}\n${cancelled}`, line('a', 1)].flatMap(text => readFrom(at, text))
  expect(spans).toMatchObject(
    [1, 2].map(input => ({
      'gen_ai.provider.name': 'vercel',
      'gen_ai.response.model': 'openai/gpt-5-mini',
      'gen_ai.usage.input_tokens': input,
      'afn.llm.batch.custom_id': 'first',
      'afn.llm.cost.total': 0.25,
    })),
  )
})

it("results of Bedrock's jobs are read in the bucket, and their model is the job's", () => {
  const arn = 'arn:aws:bedrock:us-east-1:1:model-invocation-job/abc123'
  const job = { jobArn: arn, modelId: 'amazon.nova-lite-v1:0', status: 'Completed' }
  const at = `https://bedrock.us-east-1.amazonaws.com/model-invocation-job/${encodeURIComponent(arn)}`
  expect(mayComeLater('GET', at)).toBe(true)
  expect(readFrom(at, JSON.stringify(job))).toEqual([])
  const nova = {
    output: { message: { content: [] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 7, outputTokens: 8 },
  }
  const claude = {
    type: 'message',
    model: 'claude-sonnet-4-5',
    content: [],
    usage: { input_tokens: 3, output_tokens: 4 },
  }
  const lines = [nova, claude].map((modelOutput, at) =>
    JSON.stringify({ recordId: String(at), modelInput: {}, modelOutput }),
  )
  const spans = readFrom('https://out.s3.us-east-1.amazonaws.com/x/abc123/in.jsonl.out', lines.join('\n'))
  expect(told(spans)).toEqual([
    ['aws.bedrock', 'amazon.nova-lite-v1:0', 7, 8, 'batch', undefined],
    ['aws.bedrock', 'amazon.nova-lite-v1:0', 3, 4, 'batch', undefined],
  ])
})
