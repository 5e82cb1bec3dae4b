// Real clients under the packed preload, against a replay: as CommonJS, as ES modules, and bundled, where hooks on modules
// are blind. What the app prints and what goes over the wire is what it is without us; the span has tokens and cost.
import path from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { FIXTURES, recordings, startReplay } from '../unit/llm/replay'
import { asks, withoutUsageOption } from '../unit/llm/without-usage-option'

const clients = {
  openai: {
    module: 'openai',
    fixtures: ['chat-plain', 'chat-stream-usage', 'chat-error-503'],
    source: `import OpenAI from 'openai'
      const client = new OpenAI({ apiKey: 'sk-proj-notARealKeyNotARealKeyNotARealKey00', baseURL: process.env.REPLAY + '/v1', maxRetries: 0 })
      const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'mail ada@example.com' }] }
      const act = async () => {
        if (!process.env.STREAM) {
          const { data, response } = await client.chat.completions.create(ask).withResponse()
          return [data.choices[0].message.content, data.usage, response.status, response.url.length > 0]
        }
        const parts = []
        const asking = process.env.QUIET ? {} : { stream_options: { include_usage: true } }
        for await (const chunk of await client.chat.completions.create({ ...ask, stream: true, ...asking })) parts.push(chunk)
        return parts
      }`,
  },
  anthropic: {
    module: '@anthropic-ai/sdk',
    fixtures: ['message-plain', 'message-stream', 'message-overloaded-529'],
    source: `import Anthropic from '@anthropic-ai/sdk'
      const client = new Anthropic({ apiKey: 'sk-ant-api03-notARealKeyNotARealKey', baseURL: process.env.REPLAY, maxRetries: 0 })
      const ask = { model: 'claude-sonnet-5', max_tokens: 64, messages: [{ role: 'user', content: 'mail ada@example.com' }] }
      const act = async () => {
        if (!process.env.STREAM) return await client.messages.create(ask)
        const parts = []
        for await (const event of client.messages.stream(ask)) parts.push(event)
        return parts
      }`,
  },
}

const tail = `
  act().then(
    answer => console.log(JSON.stringify(answer)),
    error => console.log(error.constructor.name, error.status, error.message),
  )`

const flavours = ['CommonJS', 'ES modules', 'bundled'] as const

async function app(client: (typeof clients)['openai'], flavour: (typeof flavours)[number]) {
  const { module, source } = client
  const esm = source + tail
  const files: Record<string, string> = {
    'app.mjs': esm,
    'app.cjs': esm.replace(/import (\w+) from ('.+')/, 'const $1 = require($2).default'),
  }
  if (flavour === 'bundled') {
    const { outputFiles } = await build({
      stdin: { contents: esm, resolveDir: root },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      minify: true,
      write: false,
      logLevel: 'error',
    })
    files['bundle.cjs'] = (outputFiles[0] as { text: string }).text
  }
  const folder = makeApp({ files, modules: flavour === 'bundled' ? {} : { [module]: module } })
  const args = {
    CommonJS: ['--require', '@afn/otel', 'app.cjs'],
    'ES modules': ['--import', '@afn/otel', 'app.mjs'],
    bundled: ['--require', '@afn/otel', 'bundle.cjs'],
  }[flavour]
  return { folder, args }
}

describe.each(Object.entries(clients))('%s', (name, client) => {
  describe.each(flavours)('%s', flavour => {
    it.each(client.fixtures)('%s', async fixture => {
      const { folder, args } = await app(client, flavour)
      const replay = await startReplay()
      const receiver = await startReceiver()
      const env = { REPLAY: replay.base(fixture), ...(fixture.includes('stream') && { STREAM: 'yes' }) }
      const bare = await run(folder, args.slice(-1), { env })
      const preloaded = await run(folder, args, { env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
      expect(preloaded).toEqual(bare)

      const [without, with_] = replay.received
      expect(with_?.body).toBe(without?.body)
      // Anthropic's SDK sorts and lowers its headers as soon as a tracer provider is there: names and values are the same
      const headers = (raw: string[] = []) =>
        raw.flatMap((text, i) => (i % 2 === 0 ? [`${text.toLowerCase()}: ${raw[i + 1]}`] : [])).sort()
      if (name === 'openai') expect(with_?.rawHeaders).toEqual(without?.rawHeaders)
      expect(headers(with_?.rawHeaders)).toEqual(headers(without?.rawHeaders))

      // one call is one span: no HTTP client's, and Anthropic's own is united with ours
      const [span, ...more] = receiver.spans()
      expect(more).toEqual([])
      expect(span).toMatchObject({
        kind: 3,
        scope: '@afn/otel/llm',
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': name },
      })
      if (name === 'anthropic')
        expect(span?.attributes['anthropic.request.id'] ?? span?.attributes['http.route']).toBeDefined()
      if (fixture.match(/503|529/)) {
        expect(span?.status.code).toBe(2)
        expect(span?.attributes['afn.llm.cost.total']).toBeUndefined()
      } else {
        const { attributes, types } = span as NonNullable<typeof span>
        expect(attributes['gen_ai.usage.input_tokens']).toBeGreaterThan(0)
        expect(attributes['afn.llm.cost.total']).toBeGreaterThan(0)
        expect(attributes['afn.llm.cost.total']).toBeCloseTo(
          (attributes['afn.llm.cost.input'] as number) + (attributes['afn.llm.cost.output'] as number),
          12,
        )
        expect(types['afn.llm.cost.total']).toBe('doubleValue')
        expect(attributes['gen_ai.input.messages']).toBeUndefined()
        if (env.STREAM) expect(attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0)
      }
      await replay.close()
      await receiver.close()
    })
  })
})

it('a stream gets the option for its counts where a setting says so, and the client does not see it', async () => {
  const { folder, args } = await app(clients.openai, 'CommonJS')
  const quiet = withoutUsageOption(recordings(FIXTURES).get('chat-stream-usage')!)!
  const [replay, receiver] = [await startReplay(new Map([[quiet.id, quiet]])), await startReceiver()]
  const env = { REPLAY: replay.base(quiet.id), STREAM: 'yes', QUIET: 'yes' }
  const bare = await run(folder, args.slice(-1), { env })
  const settings = { AFN_INCLUDE_USAGE: 'on', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  expect(await run(folder, args, { env: { ...env, ...settings } })).toEqual(bare)
  expect(bare.stdout).toContain('minutes')
  expect(bare.stdout).not.toContain('usage')
  expect(replay.received.map(({ body }) => asks(body))).toEqual([false, true])
  const [span] = receiver.spans()
  expect(span?.attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 1170, 'afn.llm.usage.source': 'provider' })
  expect(span?.attributes['afn.llm.cost.total']).toBeGreaterThan(0)
  await replay.close()
  await receiver.close()
})

it('content, when a setting wants it, leaves redacted', async () => {
  const { folder, args } = await app(clients.openai, 'CommonJS')
  const [replay, receiver] = [await startReplay(), await startReceiver()]
  const env = {
    REPLAY: replay.base('chat-plain'),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    AFN_CAPTURE_CONTENT: 'redacted',
    // the receiver's own table of messages has no names of events
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  }
  await run(folder, args, { env })
  const [span] = receiver.spans()
  expect(JSON.parse(String(span?.attributes['gen_ai.input.messages']))).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'mail [EMAIL]' }] },
  ])
  expect(JSON.parse(String(span?.attributes['gen_ai.output.messages']))[0].role).toBe('assistant')
  // the same as a log record, structured and redacted, unless it is not wanted
  const details = () =>
    receiver.logs().filter(({ eventName }) => eventName === 'gen_ai.client.inference.operation.details')
  expect(details()).toMatchObject([
    {
      spanId: span?.spanId,
      severityText: 'DEBUG',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'mail [EMAIL]' }] }],
        'gen_ai.usage.input_tokens': span?.attributes['gen_ai.usage.input_tokens'],
      },
    },
  ])
  expect(Object.keys(details()[0]!.attributes).filter(key => /^(?:afn|langfuse)\./.test(key))).toEqual([])
  await run(folder, args, { env: { ...env, OTEL_INSTRUMENTATION_GENAI_EMIT_EVENT: 'false' } })
  expect([receiver.spans().length, details().length]).toEqual([2, 1])
  await replay.close()
  await receiver.close()
})

it('a price file of the user wins, and its problems are one line', async () => {
  const { folder, args } = await app(clients.openai, 'CommonJS')
  const [replay, receiver] = [await startReplay(), await startReceiver()]
  const { writeFileSync } = await import('node:fs')
  writeFileSync(
    path.join(folder, 'prices.json'),
    JSON.stringify({ 'openai/gpt-4o-mini': { input: 1_000_000, output: 0 }, 'openai/other': { input: 'cheap' } }),
  )
  const env = {
    REPLAY: replay.base('chat-plain'),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    AFN_PRICES: 'prices.json',
  }
  const { stderr } = await run(folder, args, { env })
  const { attributes } = receiver.spans()[0] as { attributes: Record<string, unknown> }
  expect(attributes['afn.llm.cost.total']).toBe(attributes['gen_ai.usage.input_tokens'])
  expect(attributes['afn.llm.cost.price_table']).toBe('prices.json')
  expect(stderr).toMatch(/^\[@afn\/otel\] AFN160 prices\.json: left out: .*openai\/other.*\n$/)
  await replay.close()
  await receiver.close()
})

it('afnNodeSDK sees LLM calls too, for whoever configures in code', async () => {
  const source = `import { afnNodeSDK } from '@afn/otel/sdk'
    const sdk = afnNodeSDK({ settings: { serviceName: 'in code' } })
    sdk.start()
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] })
    const response = await fetch(process.env.REPLAY + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    console.log((await response.json()).object)
    await sdk.shutdown()`
  const names = ['@opentelemetry/sdk-node', '@opentelemetry/api']
  const folder = makeApp({ files: { 'app.mjs': source }, modules: Object.fromEntries(names.map(name => [name, name])) })
  const [replay, receiver] = [await startReplay(), await startReceiver()]
  const env = { REPLAY: replay.base('chat-plain'), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  expect(await run(folder, ['app.mjs'], { env })).toEqual({
    code: 0,
    signal: null,
    stdout: 'chat.completion\n',
    stderr: '',
  })
  const [span] = receiver.spans()
  expect(span).toMatchObject({ name: 'chat gpt-4o-mini', resource: { 'service.name': 'in code' } })
  expect(span?.attributes['afn.llm.cost.total']).toBeGreaterThan(0)
  await replay.close()
  await receiver.close()
})
