// The AI SDK, versions 5 to 7, under the packed preload: agent, steps, tools, and one priced span a call. 5 and 6 trace
// themselves where the app asks for it; 7 publishes on a channel, which works bundled too.
import path from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { pathsOf } from '../support/paths'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { callingTool } from '../support/tool-call'
import { FIXTURES, type Recording, recordings, startReplay } from '../unit/llm/replay'

const clients = path.join(installOnce(path.join(root, 'test/clients/package.json'), 'clients'), 'node_modules')
const node = nodeBinary(nodes[22])
const providers: Record<number, string> = { 5: 'ai-sdk-openai-2', 6: 'ai-sdk-openai-3', 7: 'ai-sdk-openai-4' }
const modulesOf = (version: number) => ({
  ai: path.join(clients, `ai-${version}`),
  '@ai-sdk/openai': path.join(clients, providers[version] as string),
  zod: path.join(clients, 'zod'),
})

const app = `
  import * as ai from 'ai'
  import { createOpenAI } from '@ai-sdk/openai'
  const openai = path => createOpenAI({ apiKey: 'test', baseURL: process.env[path] + '/v1', ...(process.env.ANSWER && { fetch: async () => new Response(process.env.ANSWER) }) }).chat('gpt-4o-mini')
  const named = functionId => ({ experimental_telemetry: { isEnabled: true, functionId }, telemetry: { functionId } })
  const weather = { description: 'w', inputSchema: ai.jsonSchema({ type: 'object', properties: { city: { type: 'string' } } }), execute: async () => ({ degrees: 21 }) }
  const { text } = await ai.generateText({ ...named('helper'), model: openai('PLAIN'), prompt: 'hi', tools: { weather }, stopWhen: (ai.isStepCount ?? ai.stepCountIs)(3) })
  let streamed = ''
  if (!process.env.ANSWER) for await (const part of ai.streamText({ ...named('talker'), model: openai('STREAM'), prompt: 'hi' }).textStream) streamed += part
  console.log(JSON.stringify([text, streamed]))`

async function ran(
  version: number,
  flavour: 'ES modules' | 'bundled',
  env: Record<string, string> = {},
  source = app,
  stream = 'chat-stream-usage',
) {
  const files: Record<string, string> = { 'app.mjs': source }
  const modules = modulesOf(version)
  if (flavour === 'bundled') {
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir: root },
      bundle: true,
      platform: 'node',
      format: 'esm',
      alias: modules,
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
      write: false,
      logLevel: 'error',
    })
    files['app.mjs'] = (outputFiles[0] as { text: string }).text
  }
  const folder = makeApp({
    files,
    modules: { '@opentelemetry/api': '@opentelemetry/api', ...(flavour === 'ES modules' && modules) },
  })
  const known = recordings(FIXTURES)
  known.set('chat-plain', callingTool(known.get('chat-plain') as Recording))
  const [replay, receiver] = [await startReplay(known), await startReceiver()]
  const urls = { PLAIN: replay.base('chat-plain'), STREAM: replay.base(stream), ...env }
  const { path: binary } = node as { path: string }
  const bare = await run(folder, ['--expose-gc', 'app.mjs'], { env: urls, node: binary })
  const args = ['--expose-gc', '--import', '@afn/otel', 'app.mjs']
  const preloaded = await run(folder, args, {
    env: { ...urls, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    node: binary,
  })
  expect(preloaded).toEqual(bare)
  expect(bare).toMatchObject({ code: 0, stderr: '' })
  await replay.close()
  await receiver.close()
  return receiver.spans()
}

const calls = (above: string) => [`${above} > chat gpt-4o-mini`]
const trees: Record<number, string[]> = {
  7: [
    'invoke_agent helper',
    'invoke_agent helper > step 1',
    ...calls('invoke_agent helper > step 1'),
    'invoke_agent helper > step 1 > execute_tool weather',
    'invoke_agent helper > step 2',
    ...calls('invoke_agent helper > step 2'),
    'invoke_agent talker',
    'invoke_agent talker > step 1',
    ...calls('invoke_agent talker > step 1'),
  ],
  6: [
    'ai.generateText',
    'ai.generateText > ai.toolCall',
    ...calls('ai.generateText'),
    ...calls('ai.generateText'),
    'ai.streamText',
    ...calls('ai.streamText'),
  ],
}

describe.skipIf('missing' in node)('the AI SDK', () => {
  it.each([
    [7, 'ES modules'],
    [7, 'bundled'],
    [6, 'ES modules'],
    [5, 'ES modules'],
  ] as const)('%s, %s: agents, tools and calls in a tree, each call priced once', async (version, flavour) => {
    const spans = await ran(version, flavour)
    expect(pathsOf(spans)).toEqual(trees[version === 5 ? 6 : version])
    const of = (operation: string) =>
      spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] === operation)
    expect(
      of('invoke_agent')
        .map(({ attributes }) => attributes['gen_ai.agent.name'])
        .sort(),
    ).toEqual(['helper', 'talker'])
    expect(of('execute_tool').map(({ attributes }) => attributes['gen_ai.tool.call.id'])).toEqual(['call_1'])
    const tokens = of('chat').map(({ attributes }) => attributes['gen_ai.usage.input_tokens'])
    expect(tokens.sort()).toEqual([1170, 29, 29])
    expect(of('chat').map(({ scope }) => scope)).toEqual(Array(3).fill('@afn/otel/llm'))
    const priced = spans.filter(({ attributes }) => attributes['afn.llm.cost.total'] !== undefined)
    expect(priced).toEqual(of('chat'))
    const types = of('invoke_agent')
      .concat(of('execute_tool'))
      .map(span => span.attributes['langfuse.observation.type'])
    expect(types).toEqual(['agent', 'agent', 'tool'])
  })

  it("7: a call that does not go over the wire is recorded by the SDK's own telemetry, and priced", async () => {
    const { body = '' } = recordings(FIXTURES).get('chat-plain')?.response ?? {}
    const spans = await ran(7, 'ES modules', { ANSWER: body })
    expect(pathsOf(spans)).toEqual([
      'invoke_agent helper',
      'invoke_agent helper > step 1',
      'invoke_agent helper > step 1 > chat gpt-4o-mini',
    ])
    const call = spans.find(({ name }) => name.startsWith('chat'))
    expect(call?.attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 29, 'gen_ai.usage.output_tokens': 19 })
    expect(call?.attributes['afn.llm.cost.total']).toBeGreaterThan(0)
  })
  it.each([
    [7, 'vercel-stream', 10_000, 0.0123],
    [6, 'vercel-stream', 10_000, 0.0123],
    [5, 'vercel-v5', 10, undefined],
  ])(
    "%s: a stream of Vercel's gateway, which a model in a text goes to, has its tokens and the cost that it tells once",
    async (version, recording, tokens, cost) => {
      const source = `
      import * as ai from 'ai'
      globalThis.AI_SDK_DEFAULT_PROVIDER = ai.createGateway({ apiKey: 'test', baseURL: process.env.STREAM + '/v4/ai' })
      const stream = ai.streamText({ model: 'openai/gpt-6-sol', prompt: 'hi', experimental_telemetry: { isEnabled: true } })
      for await (const part of stream.textStream) console.log(part)`
      const spans = await ran(version, 'ES modules', {}, source, recording)
      const calls = spans.filter(
        ({ attributes }) =>
          attributes['gen_ai.usage.input_tokens'] !== undefined && attributes['gen_ai.operation.name'] === 'chat',
      )
      expect(calls).toHaveLength(1)
      const { attributes, scope } = calls[0]!
      expect(scope).toBe('@afn/otel/llm')
      expect(attributes).toMatchObject({ 'gen_ai.provider.name': 'vercel', 'gen_ai.usage.input_tokens': tokens })
      expect(attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0)
      expect(attributes['gen_ai.response.finish_reasons']).toHaveLength(1)
      expect(spans.flatMap(span => span.attributes['afn.llm.cost.total'] ?? [])).toEqual(
        cost === undefined ? [] : [cost],
      )
    },
  )

  it.each([
    ['left after a part', 'for await (const part of stream) break', 0],
    ['aborted', 'for await (const part of stream) stop.abort()', 0],
    ['refused', 'for await (const part of stream);', 2],
  ])('7: a stream that is %s loses no span', async (how, read, status) => {
    const head = app.slice(0, app.indexOf('const named'))
    const source = `${head}
      async function act() {
        const stop = new AbortController()
        const stream = ai.streamText({ model: openai('STREAM'), prompt: 'hi', maxRetries: 0, abortSignal: stop.signal, onError() {} }).textStream
        try { ${read} } catch (error) { console.log(error.name) }
      }
      await act()
      for (let turn = 0; turn < 12; turn++) {
        await new Promise(after => setTimeout(after, 5))
        gc()
      }`
    const spans = await ran(7, 'ES modules', {}, source, how === 'refused' ? 'chat-error-503' : undefined)
    expect(pathsOf(spans)).toEqual([
      'invoke_agent',
      'invoke_agent > step 1',
      'invoke_agent > step 1 > chat gpt-4o-mini',
    ])
    expect(spans.find(({ name }) => name === 'invoke_agent')?.status.code).toBe(status)
  })

  it('7: where its spans cannot be made active, one line says so, and only to an app that uses it', async () => {
    const managed = `
      const { ROOT_CONTEXT } = require('@opentelemetry/api')
      let active = ROOT_CONTEXT
      const contextManager = {
        active: () => active, bind: (_, target) => target, enable() { return this }, disable() { return this },
        with(context, run, self, ...args) { const before = active; active = context; try { return run.apply(self, args) } finally { active = before } },
      }
      const { afnNodeSDK } = require('@afn/otel/sdk')
      afnNodeSDK({ contextManager }).start()`
    const modules = Object.fromEntries(
      ['api', 'sdk-node'].map(name => [`@opentelemetry/${name}`, `@opentelemetry/${name}`]),
    )
    const { body = '' } = recordings(FIXTURES).get('chat-plain')?.response ?? {}
    const quiet = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
    const stderrOf = async (source: string) => {
      const folder = makeApp({
        files: { 'app.mjs': source, 'otel.cjs': managed },
        modules: { ...modules, ...modulesOf(7) },
      })
      const { path: binary } = node as { path: string }
      const env = { ...quiet, ANSWER: body }
      const { code, stderr } = await run(folder, ['--require', './otel.cjs', 'app.mjs'], { env, node: binary })
      expect(code).toBe(0)
      return stderr
    }
    const twice = `${app}\nawait ai.generateText({ ...named('other'), model: openai('PLAIN'), prompt: 'hi' })`
    expect(await stderrOf(twice)).toMatch(/^\[@afn\/otel\] AFN150 [^\n]*AsyncLocalStorageContextManager[^\n]*\n$/)
    expect(await stderrOf('')).toBe('')
  })
})
