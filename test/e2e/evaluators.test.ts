// Evaluators that run under the packed preload, on calls of the real client of OpenAI against a provider on loopback: what they find is
// one result on the event, in the metrics and in LangFuse, and nothing of it is on the way of the app's request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { startLangfuse } from '../support/langfuse'
import { makeApp } from '../support/packed'
import { listen } from '../support/ports'
import { type Receiver, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const app = `
  const OpenAI = require('openai').default
  const { addEvaluator, flush, status, withAgent } = require('@afn/otel/api')
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: process.env.PROVIDER + '/v1', maxRetries: 0 })
  addEvaluator({ name: 'own', threshold: 0.5, evaluate: ({ answer, question, agent }) => ({ score: answer.length > question.length ? 1 : 0, explanation: agent }) })
  addEvaluator({ name: 'throws', evaluate: () => { throw new Error('not today') } })
  const ask = content => client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })
  async function main() {
    const calls = Number(process.env.CALLS ?? 2)
    const answers = []
    for (let i = 0; i < calls; i++)
      answers.push(await withAgent('support', () => ask(i % 2 ? 'plain' : 'json')))
    await flush(10_000)
    console.log(JSON.stringify({ answers, evaluators: status().evaluators, said: status().diagnostics.map(({ code, message }) => code + ' ' + message) }))
  }
  main()`

const file = (judge: string) => `
version: 1
evaluators:
  - name: valid_order
    type: json_schema
    when: { agent: support, model: gpt-4o* }
    schema: { type: object, required: [order], properties: { order: { type: string } } }
  - name: short
    type: length
    max: 3
  - name: elsewhere
    type: length
    max: 3
    when: { agent: billing }
  - name: never
    type: length
    max: 3
    rate: 0
  - name: helpful
    type: judge
    model: gpt-5-mini
    url: ${judge}/v1
    key_env: JUDGE_KEY
    rubric: Does the answer say what was asked?
    min: 1
    max: 5
    threshold: 3
    timeout_seconds: 1
`

interface Provider {
  readonly url: string
  readonly bodies: string[]
  close(): Promise<unknown>
}
type Respond = (body: string, response: ServerResponse) => void

async function startProvider(respond: Respond): Promise<Provider> {
  const bodies: string[] = []
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      bodies.push(`${request.url} ${request.headers.authorization} ${body}`)
      respond(body, response)
    })
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  return { url, bodies, close: () => new Promise(resolve => { server.closeAllConnections(); server.close(resolve) }) } // biome-ignore format: one line
}

const completion = (model: string, content: string) =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  })
const answers =
  (text: (body: string) => string, model = 'gpt-4o-mini-2024-07-18'): Respond =>
  (body, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(completion(model, text(body)))
  }
const orders = answers(body => (body.includes('plain') ? 'Your order of ada@example.com is A-17, and more.' : '{"order":"A-17"}')) // biome-ignore format: one line

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function act(judging: Respond, env: Record<string, string> = {}, script = app) {
  const [receiver, langfuse] = [await startReceiver(), await startLangfuse()]
  const [provider, judge] = [await startProvider(orders), await startProvider(judging)]
  open.push(receiver, langfuse, provider, judge)
  const folder = makeApp({
    files: { 'app.cjs': script, 'evaluators.yaml': file(judge.url) },
    modules: { openai: 'openai', '@opentelemetry/api': '@opentelemetry/api' },
  })
  const outcome = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      LANGFUSE_HOST: langfuse.url,
      LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
      LANGFUSE_SECRET_KEY: 'sk-lf-5e1f0000-0000-4000-8000-00000000cafe',
      AFN_EVALUATORS: 'evaluators.yaml',
      PROVIDER: provider.url,
      JUDGE_KEY: 'judge-key',
      ...env,
    },
  })
  expect(outcome.code, outcome.stderr).toBe(0)
  const printed = JSON.parse(outcome.stdout) as { answers: unknown[]; evaluators?: Record<string, unknown>; said: string[] } // biome-ignore format: one line
  return { receiver, langfuse, provider, judge, outcome, printed }
}

const verdict = answers(() => '{"explanation":"It does.","score":4}', 'gpt-5-mini-2025-08-07')

/** The results that a receiver has as log records: name, span, score, outcome. */
const results = (receiver: Receiver) =>
  receiver
    .logs()
    .filter(({ eventName }) => eventName === 'gen_ai.evaluation.result')
    .map(({ attributes, spanId, traceId }) => ({
      name: attributes['gen_ai.evaluation.name'],
      score: attributes['gen_ai.evaluation.score.value'],
      outcome: attributes['afn.llm.evaluation.outcome'],
      by: attributes['afn.llm.evaluation.evaluator.type'],
      spanId,
      traceId,
    }))

/** All that has left the process. */
const written = (receiver: Receiver) =>
  JSON.stringify([receiver.spans(), receiver.logs()], (_, value) => (typeof value === 'bigint' ? String(value) : value))

it('rate each call once, and say the same on the event, in the metrics and in LangFuse', async () => {
  const { receiver, langfuse, judge, printed } = await act(verdict)
  const chats = receiver.spans().filter(({ name }) => name === 'chat gpt-4o-mini')
  expect(chats).toHaveLength(2)
  const found = results(receiver)
  const said = (spanId: string) =>
    Object.fromEntries(found.filter(one => one.spanId === spanId).map(({ name, score, outcome, by }) => [name, [score, outcome, by]])) // biome-ignore format: one line
  expect(said(chats[0]!.spanId)).toEqual({
    valid_order: [1, 'pass', 'code'],
    short: [1, 'pass', 'code'],
    own: [1, 'pass', 'code'],
    helpful: [4, 'pass', 'llm'],
  })
  expect(said(chats[1]!.spanId)).toEqual({
    valid_order: [0, 'fail', 'code'],
    short: [0, 'fail', 'code'],
    own: [1, 'pass', 'code'],
    helpful: [4, 'pass', 'llm'],
  })
  // in LangFuse the same, on the same observation
  const scores = langfuse.scores().map(one => [one.name, one.observationId, one.value].join(' '))
  expect(scores.sort()).toEqual(found.map(({ name, spanId, score }) => [name, spanId, score].join(' ')).sort())
  // and in the metrics as many, by outcome
  const counted = receiver.points('afn.llm.evaluation.results').flatMap(
    ({ attributes, value }) =>
    Array<string>(Number(value)).fill(`${attributes['gen_ai.evaluation.name']} ${attributes['afn.llm.evaluation.outcome']} ${attributes['gen_ai.request.model']}`), // biome-ignore format: one line
  )
  expect(counted.sort()).toEqual(found.map(({ name, outcome }) => `${name} ${outcome} gpt-4o-mini`).sort())
  // the results stand below the call, in its trace
  const below = receiver.spans().filter(({ name }) => name.startsWith('evaluate '))
  expect(below).toHaveLength(8)
  expect(new Set(below.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set(chats.map(({ spanId }) => spanId)))

  // the judge's own calls: a trace of their own, priced, marked, counted as evaluation, and judged by nobody
  const judged = receiver.spans().filter(({ name }) => name === 'chat gpt-5-mini')
  expect(judged).toHaveLength(2)
  for (const span of judged) {
    expect(chats.map(({ traceId }) => traceId)).not.toContain(span.traceId)
    expect(span.attributes['afn.llm.purpose']).toBe('evaluation')
    expect(span.attributes['afn.llm.cost.total']).toBeGreaterThan(0)
  }
  const cost = receiver.points('afn.llm.evaluation.cost')
  expect(cost).toMatchObject([{ attributes: { 'gen_ai.evaluation.name': 'helpful', 'gen_ai.request.model': 'gpt-5-mini' } }]) // biome-ignore format: one line
  const sum = judged.reduce((total, span) => total + Number(span.attributes['afn.llm.cost.total']), 0)
  expect(cost[0]!.value).toBeCloseTo(sum, 12)
  expect(judge.bodies).toHaveLength(2)
  expect(judge.bodies[0]).toContain('Bearer judge-key')
  expect(printed.evaluators).toMatchObject({
    valid_order: { judged: 2, failed: 0, skipped: 0, dropped: 0 },
    elsewhere: { judged: 0 },
    never: { judged: 0 },
    helpful: { judged: 2 },
    throws: { judged: 0, failed: 2 },
  })
  expect(printed.said.join('\n')).toContain('AFN174 throws: not today')
})

it('read content that leaves neither on a span nor unredacted to the judge', async () => {
  const { receiver, judge } = await act(verdict)
  expect(written(receiver)).not.toContain('A-17')
  expect(written(receiver)).not.toContain('gen_ai.output.messages')
  const asked = judge.bodies.find(body => body.includes('and more'))!
  expect(asked).toContain('[EMAIL]')
  expect(asked).not.toContain('ada@example.com')
})

it('change no byte that the app sends or gets', async () => {
  const on = await act(verdict)
  const off = await act(verdict, { AFN_EVALUATORS: '', OTEL_SDK_DISABLED: 'true' })
  expect(on.printed.answers).toEqual(off.printed.answers)
  expect(on.provider.bodies).toEqual(off.provider.bodies)
})

const faults: Record<string, [Respond, RegExp]> = {
  'that hangs': [() => {}, /AFN174 helpful: the judge took longer than 1 s/],
  'that answers 500': [(_, response) => response.writeHead(500).end('no'), /AFN174 helpful: the judge's provider answered 500/], // biome-ignore format: one line
  'that answers with no JSON': [
    answers(() => 'I would say four.'),
    /AFN174 helpful: the judge did not answer with JSON/,
  ],
  'whose score is off its scale': [answers(() => '{"score": 9}'), /AFN174 helpful: the judge gave 9, which is not from 1 to 5/], // biome-ignore format: one line
  'that sends half an answer': [(_, response) => response.writeHead(200, { 'content-length': '100' }).end('{"cho'), /AFN174 helpful: /], // biome-ignore format: one line
}
it.each(Object.entries(faults))('a judge %s costs the app nothing and is said', async (_, [respond, said]) => {
  const { receiver, printed } = await act(respond, { CALLS: '1' })
  expect(printed.answers).toHaveLength(1)
  expect(printed.said.join('\n')).toMatch(said)
  expect(
    results(receiver)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['own', 'short', 'valid_order'])
  expect(printed.evaluators).toMatchObject({ helpful: { judged: 0, failed: 1 } })
})

it('a judge that fails three times in a row is asked no more for a while', async () => {
  const { judge, printed } = await act((_, response) => response.writeHead(503).end(), { CALLS: '12' })
  // two are asked at once
  expect(judge.bodies.length).toBeLessThanOrEqual(4)
  expect(printed.evaluators).toMatchObject({ helpful: { judged: 0, failed: 12 }, valid_order: { judged: 12 } })
})

it('a file with mistakes says each, and what is right of it runs', async () => {
  const { printed, receiver } = await act(verdict, { AFN_EVALUATORS: 'wrong.yaml', CALLS: '1' })
  expect(printed.said.filter(line => line.startsWith('AFN173'))).toEqual([
    "AFN173 wrong.yaml can't be read (ENOENT); correct AFN_EVALUATORS or the file's permissions",
  ])
  expect(results(receiver).map(({ name }) => name)).toEqual(['own'])
})

it('a process that was done was held by questions that waited for their turn, one after the other', async () => {
  const slow: Respond = (body, response) => void setTimeout(verdict, 300, body, response)
  const ending = `
    const OpenAI = require('openai').default
    const { status } = require('@afn/otel/api')
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: process.env.PROVIDER + '/v1', maxRetries: 0 })
    process.on('exit', () => console.log(JSON.stringify({ evaluators: status().evaluators, said: status().diagnostics.map(({ code, message }) => code + ' ' + message) })))
    async function main() {
      for (let i = 0; i < 12; i++) await client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'plain' }] })
    }
    main()`
  const { judge, printed } = await act(slow, {}, ending)
  expect(judge.bodies.length).toBeGreaterThan(0)
  expect(judge.bodies.length).toBeLessThan(12)
  expect(printed.evaluators!.helpful).toMatchObject({ judged: judge.bodies.length, dropped: 12 - judge.bodies.length })
  expect(printed.said.join()).toMatch(/AFN174 helpful: the process ends while \d+ answers wait for the judge/)
})

it('a flush sends what is there while a judge does not answer', async () => {
  const silent = `
  const OpenAI = require('openai').default
  const { addEvaluator, flush } = require('@afn/otel/api')
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: process.env.PROVIDER + '/v1', maxRetries: 0 })
  addEvaluator({ name: 'silent', evaluate: () => new Promise(() => {}) })
  async function main() {
    await client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'json' }] })
    // it begins to wait
    await new Promise(resolve => setTimeout(resolve, 500))
    await flush(3_000)
    process.kill(process.pid, 'SIGKILL')
  }
  main()`
  const [receiver, provider] = [await startReceiver(), await startProvider(orders)]
  open.push(receiver, provider)
  const modules = { openai: 'openai', '@opentelemetry/api': '@opentelemetry/api' }
  const { signal } = await run(
    makeApp({ files: { 'app.cjs': silent }, modules }),
    ['--require', '@afn/otel', 'app.cjs'],
    {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BSP_SCHEDULE_DELAY: '60000',
        PROVIDER: provider.url,
      },
    },
  )
  expect(signal).toBe('SIGKILL')
  expect(receiver.spans().map(({ name }) => name)).toContain('chat gpt-4o-mini')
})
