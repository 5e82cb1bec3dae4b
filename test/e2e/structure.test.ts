// An app with agents, tools and a search, under the packed preload and with afnNodeSDK(): the tree of its spans, whose work
// they are, what LangFuse makes of each, and that the app gets what it gets without us.
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { pathsOf } from '../support/paths'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { startReplay } from '../unit/llm/replay'

const modules = {
  openai: 'openai',
  '@opentelemetry/api': '@opentelemetry/api',
  '@opentelemetry/sdk-node': '@opentelemetry/sdk-node',
}

const work = `
  const { setTags, setUser, withAgent, withConversation, withRetrieval, withTool, withWorkflow } = otel
  const client = path => new OpenAI({ apiKey: 'sk-proj-notARealKey', baseURL: process.env[path], maxRetries: 0 })
  const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'mail ada@example.com' }] }
  const usage = { stream: true, stream_options: { include_usage: true } }

  const weather = city => withTool({ name: 'weather', callId: 'call_1', arguments: { city, mail: 'ada@example.com' } }, async () => ({ degrees: 21 }))
  const broken = () => withTool('broken', () => { throw new RangeError('out of range') })
  const search = query => withRetrieval({ dataSource: 'handbook', query, topK: 2 }, async () => [{ id: 'd1', score: 0.9, content: 'call +41 44 668 18 00' }])

  async function* answer() {
    const found = await search('how, ada@example.com?')
    yield found.length
    yield (await client('PLAIN').chat.completions.create(ask)).choices.length
    for await (const chunk of await client('STREAM').chat.completions.create({ ...ask, ...usage })) yield chunk.object
  }

  async function main() {
    const seen = []
    await withConversation('conv-7', () => withWorkflow('support', async () => {
      setUser({ id: 'u-42', sessionId: 's-9' })
      setTags(['beta', 'tester'])
      seen.push(await withAgent({ name: 'planner', id: 'agent-1' }, async () => {
        const { choices } = await client('PLAIN').chat.completions.create(ask)
        return [choices.length, await weather('Bern')]
      }))
      try { broken() } catch (error) { seen.push(error.name, error.message) }
      for await (const part of withAgent('writer', answer)) seen.push(part)
    }))
    console.log(JSON.stringify(seen))
  }`

const expected = [
  'invoke_workflow support',
  'invoke_workflow support > execute_tool broken',
  'invoke_workflow support > invoke_agent planner',
  'invoke_workflow support > invoke_agent planner > chat gpt-4o-mini',
  'invoke_workflow support > invoke_agent planner > execute_tool weather',
  'invoke_workflow support > invoke_agent writer',
  'invoke_workflow support > invoke_agent writer > chat gpt-4o-mini',
  'invoke_workflow support > invoke_agent writer > chat gpt-4o-mini',
  'invoke_workflow support > invoke_agent writer > retrieval',
]

const ways: Record<string, { app: Record<string, string>; args: string[] }> = {
  'the preload, CommonJS': {
    app: {
      'app.cjs': `const OpenAI = require('openai').default; const otel = require('@afn/otel/api')${work}\nmain()`,
    },
    args: ['--require', '@afn/otel', 'app.cjs'],
  },
  'the preload, ES modules': {
    app: { 'app.mjs': `import OpenAI from 'openai'; import * as otel from '@afn/otel'${work}\nmain()` },
    args: ['--import', '@afn/otel', 'app.mjs'],
  },
  'afnNodeSDK()': {
    app: {
      'app.mjs': `import OpenAI from 'openai'; import * as otel from '@afn/otel/api'; import { afnNodeSDK } from '@afn/otel/sdk'${work}
        afnNodeSDK().start()
        await main()
        await otel.flush()`,
    },
    args: ['app.mjs'],
  },
}

async function ran(way: string, env: Record<string, string>) {
  const { app, args } = ways[way] as (typeof ways)[string]
  const folder = makeApp({ files: app, modules })
  const [replay, receiver] = [await startReplay(), await startReceiver()]
  const urls = { PLAIN: `${replay.base('chat-plain')}/v1`, STREAM: `${replay.base('chat-stream-usage')}/v1` }
  const bare = await run(folder, args.slice(-1), { env: { ...urls, OTEL_SDK_DISABLED: 'true' } })
  const preloaded = await run(folder, args, { env: { ...urls, ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
  expect(preloaded).toEqual(bare)
  expect(bare).toMatchObject({ code: 0, stderr: '' })
  await replay.close()
  await receiver.close()
  const spans = receiver.spans()
  return { spans, named: (name: string) => spans.filter(span => span.name === name) }
}

describe.each(Object.keys(ways))('what setUser(), withAgent() and the like record with %s', way => {
  it('has spans nested as the work is, with the user and the session', async () => {
    const { spans, named } = await ran(way, {})
    expect(pathsOf(spans)).toEqual(expected)
    for (const { attributes } of spans) {
      expect(attributes).toMatchObject({
        'gen_ai.conversation.id': 'conv-7',
        'user.id': 'u-42',
        'session.id': 's-9',
        'langfuse.trace.tags': ['beta', 'tester'],
        'langfuse.trace.name': 'invoke_workflow support',
      })
    }
    const agents = named('chat gpt-4o-mini').map(({ attributes }) => attributes['gen_ai.agent.name'])
    expect(agents.sort()).toEqual(['planner', 'writer', 'writer'])
    const types = spans.map(({ name, attributes }) => [name, attributes['langfuse.observation.type']])
    expect(Object.fromEntries(types)).toEqual({
      'invoke_workflow support': 'chain',
      'invoke_agent planner': 'agent',
      'invoke_agent writer': 'agent',
      'execute_tool weather': 'tool',
      'execute_tool broken': 'tool',
      retrieval: 'retriever',
      'chat gpt-4o-mini': undefined, // a generation, by its operation
    })
    expect(
      spans.filter(({ attributes }) => attributes['afn.llm.cost.total'] !== undefined).map(({ name }) => name),
    ).toEqual(Array(3).fill('chat gpt-4o-mini'))
    expect(named('invoke_workflow support')[0]?.attributes['afn.llm.local_root']).toBe(true)
    expect(named('execute_tool broken')[0]).toMatchObject({
      status: { code: 2, message: 'out of range' },
      attributes: { 'error.type': 'RangeError' },
    })
    expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toMatch(/Bern|degrees|how,|score|ada@/)
  })
})

it('arguments, results and documents are recorded when a setting says so, redacted', async () => {
  const { named } = await ran('the preload, CommonJS', { AFN_CAPTURE_CONTENT: 'redacted' })
  const [tool, search] = [named('execute_tool weather')[0]?.attributes, named('retrieval')[0]?.attributes]
  expect(tool).toMatchObject({ 'gen_ai.tool.call.id': 'call_1', 'gen_ai.tool.call.result': '{"degrees":21}' })
  expect(tool?.['gen_ai.tool.call.arguments']).toMatch(/^{"city":"Bern","mail":"(?!ada@).+"}$/)
  expect(search?.['gen_ai.retrieval.documents']).toMatch(/^\[{"id":"d1","score":0.9,"content":"call (?!\+41).+"}\]$/)
  expect(search?.['langfuse.observation.input']).toMatch(/^how, (?!ada@)/)
  expect(search?.['langfuse.observation.output']).toBe(search?.['gen_ai.retrieval.documents'])
})

it.each([
  ['not started', {}, ['app.cjs'], ''],
  ['switched off', { OTEL_SDK_DISABLED: 'true' }, ['--require', '@afn/otel', 'app.cjs'], ''],
  ['called outside of every span', {}, ['--require', '@afn/otel', 'app.cjs'], 'AFN163'],
])('setUser(), %s', async (_, env, args, said) => {
  const folder = makeApp({ files: { 'app.cjs': "require('@afn/otel/api').setUser('u'); console.log('on')" } })
  const { stderr, ...rest } = await run(folder, args, {
    env: { ...env, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
  })
  expect(rest).toEqual({ code: 0, signal: null, stdout: 'on\n' })
  expect(stderr).toMatch(said === '' ? /^$/ : new RegExp(`^\\[@afn/otel\\] ${said} .*\n$`))
})

it('a rejection that the app does not handle ends it as it does without us', async () => {
  const files = { 'app.cjs': "require('@afn/otel/api').withTool('t', async () => { throw new Error('unhandled') })" }
  const folder = makeApp({ files })
  const env = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
  const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
  expect([result.code, result.stderr.includes('Error: unhandled')]).toEqual([1, true])
})
