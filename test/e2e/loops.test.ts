// Agents that repeat themselves, with real clients and frameworks in processes of their own under the packed preload.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { type Receiver, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const found = nodeBinary(nodes[22])
if ('missing' in found) throw new Error(found.missing)
const node = found.path
const folderOf = (name: string) =>
  path.join(installOnce(path.join(root, `test/${name}/package.json`), name), 'node_modules')
const [installed, peers] = [folderOf('clients'), folderOf('peers')]
/** A framework and its parts have to be of one installation. */
const peer = (name: string) => path.join(peers, name)

const RESULTS = /"role":"tool"|"function_call_output"|"tool_result"|"functionResponse"|"function_result"/g

/** Calls of the tool that the model makes before it answers. */
const CALLS = 6

const schema = `{ type: 'object', properties: { q: { type: 'string' } } }`

interface Agent {
  readonly modules: Record<string, string>
  readonly agent: string
  readonly path: string
  /** By what its requests name a history that the provider keeps. */
  readonly names?: string
}

/** `agent` runs until the model answers; `search()` is its tool. */
const agents: Record<string, Agent> = {
  'openai 7, chat': {
    path: '/v1/chat/completions',
    modules: { openai: 'openai-7' },
    agent: `const OpenAI = require('openai').default
      const client = new OpenAI({ apiKey: 'sk-test', baseURL: base + '/v1' })
      const agent = async () => {
        const messages = [{ role: 'user', content: 'Find it.' }]
        for (;;) {
          const { message } = (await client.chat.completions.create({ model: 'gpt-5', messages })).choices[0]
          if (!message.tool_calls) return message.content
          messages.push(message)
          for (const { id } of message.tool_calls) messages.push({ role: 'tool', tool_call_id: id, content: search() })
        }
      }`,
  },
  'openai 7, responses': {
    path: '/v1/responses',
    modules: { openai: 'openai-7' },
    agent: `const OpenAI = require('openai').default
      const client = new OpenAI({ apiKey: 'sk-test', baseURL: base + '/v1' })
      const agent = async () => {
        const input = [{ role: 'user', content: 'Find it.' }]
        for (;;) {
          const answer = await client.responses.create({ model: 'gpt-5', input, store: false })
          const calls = answer.output.filter(({ type }) => type === 'function_call')
          if (calls.length === 0) return answer.output_text
          input.push(...answer.output)
          for (const { call_id } of calls) input.push({ type: 'function_call_output', call_id, output: search() })
        }
      }`,
  },
  'openai 7, responses that follow each other': {
    path: '/v1/responses',
    names: 'previous_response_id',
    modules: { openai: 'openai-7' },
    agent: `const OpenAI = require('openai').default
      const client = new OpenAI({ apiKey: 'sk-test', baseURL: base + '/v1' })
      const agent = async () => {
        let [input, previous_response_id] = [[{ role: 'user', content: 'Find it.' }]]
        for (;;) {
          const answer = await client.responses.create({ model: 'gpt-5', input, previous_response_id })
          const calls = answer.output.filter(({ type }) => type === 'function_call')
          if (calls.length === 0) return answer.output_text
          previous_response_id = answer.id
          input = calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: search() }))
        }
      }`,
  },
  'google genai 3, interactions': {
    path: '/interactions',
    names: 'previous_interaction_id',
    modules: { '@google/genai': 'genai-3' },
    agent: `const { GoogleGenAI } = require('@google/genai')
      const client = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: base } })
      const agent = async () => {
        let [input, previous_interaction_id] = ['Find it.']
        for (;;) {
          const answer = await client.interactions.create({ model: 'gemini-2.5-flash', input, previous_interaction_id })
          const calls = answer.steps.filter(({ type }) => type === 'function_call')
          if (calls.length === 0) return answer.steps.at(-1).content[0].text
          previous_interaction_id = answer.id
          input = calls.map(({ id, name }) => ({ type: 'function_result', call_id: id, name, result: search() }))
        }
      }`,
  },
  'AI SDK 5, responses': {
    path: '/v1/responses',
    names: 'item_reference',
    modules: { ai: 'ai-5', '@ai-sdk/openai': 'ai-sdk-openai-2' },
    agent: `const { generateText, jsonSchema, stepCountIs, tool } = require('ai')
      const { createOpenAI } = require('@ai-sdk/openai')
      const model = createOpenAI({ apiKey: 'sk-test', baseURL: base + '/v1' })('gpt-5')
      const tools = { search: tool({ description: 's', inputSchema: jsonSchema(${schema}), execute: async () => search() }) }
      const agent = async () => (await generateText({ model, tools, prompt: 'Find it.', stopWhen: stepCountIs(20) })).text`,
  },
  'anthropic 1': {
    path: '/v1/messages',
    modules: { '@anthropic-ai/sdk': 'anthropic-1' },
    agent: `const Anthropic = require('@anthropic-ai/sdk').default
      const client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: base })
      const agent = async () => {
        const messages = [{ role: 'user', content: 'Find it.' }]
        for (;;) {
          const { content } = await client.messages.create({ model: 'claude-sonnet-5', max_tokens: 100, messages })
          const calls = content.filter(({ type }) => type === 'tool_use')
          if (calls.length === 0) return content[0].text
          messages.push({ role: 'assistant', content })
          messages.push({ role: 'user', content: calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: search() })) })
        }
      }`,
  },
  'google genai 3': {
    path: ':generateContent',
    modules: { '@google/genai': 'genai-3' },
    agent: `const { GoogleGenAI } = require('@google/genai')
      const client = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: base } })
      const agent = async () => {
        const contents = [{ role: 'user', parts: [{ text: 'Find it.' }] }]
        for (;;) {
          const { content } = (await client.models.generateContent({ model: 'gemini-2.5-flash', contents })).candidates[0]
          if (!content.parts[0].functionCall) return content.parts[0].text
          contents.push(content, { role: 'user', parts: [{ functionResponse: { name: 'search', response: { output: search() } } }] })
        }
      }`,
  },
  'AI SDK 6': {
    path: '/v1/chat/completions',
    modules: { ai: 'ai-6', '@ai-sdk/openai': 'ai-sdk-openai-3' },
    agent: `const { generateText, jsonSchema, stepCountIs, tool } = require('ai')
      const { createOpenAI } = require('@ai-sdk/openai')
      const model = createOpenAI({ apiKey: 'sk-test', baseURL: base + '/v1' }).chat('gpt-5')
      const tools = { search: tool({ description: 's', inputSchema: jsonSchema(${schema}), execute: async () => search() }) }
      const agent = async () => (await generateText({ model, tools, prompt: 'Find it.', stopWhen: stepCountIs(20) })).text`,
  },
  'AI SDK 6, anthropic': {
    path: '/v1/messages',
    modules: { ai: 'ai-6', '@ai-sdk/anthropic': 'ai-sdk-anthropic-3' },
    agent: `const { generateText, jsonSchema, stepCountIs, tool } = require('ai')
      const { createAnthropic } = require('@ai-sdk/anthropic')
      const model = createAnthropic({ apiKey: 'sk-ant-test', baseURL: base + '/v1' })('claude-sonnet-5')
      const tools = { search: tool({ description: 's', inputSchema: jsonSchema(${schema}), execute: async () => search() }) }
      const agent = async () => (await generateText({ model, tools, prompt: 'Find it.', stopWhen: stepCountIs(20) })).text`,
  },
  LangChain: {
    path: '/v1/chat/completions',
    modules: Object.fromEntries(
      ['langchain', '@langchain/openai', '@langchain/core', 'zod'].map(name => [name, peer(name)]),
    ),
    agent: `const { createAgent, tool } = require('langchain')
      const { ChatOpenAI } = require('@langchain/openai')
      const model = new ChatOpenAI({ model: 'gpt-5', apiKey: 'test', configuration: { baseURL: base + '/v1' } })
      const { z } = require('zod')
      const tools = [tool(async () => search(), { name: 'search', description: 's', schema: z.object({ q: z.string() }) })]
      const agent = async () => {
        const { messages } = await createAgent({ model, tools }).invoke({ messages: [{ role: 'user', content: 'Find it.' }] })
        return messages.at(-1).content
      }`,
  },
  "OpenAI's Agents": {
    path: '/v1/chat/completions',
    modules: { '@openai/agents': '@openai/agents', openai: 'openai' },
    agent: `const agents = require('@openai/agents')
      const OpenAI = require('openai').default
      agents.setTracingDisabled(true)
      agents.setOpenAIAPI('chat_completions')
      agents.setDefaultOpenAIClient(new OpenAI({ apiKey: 'test', baseURL: base + '/v1' }))
      const parameters = { ...${schema}, required: ['q'], additionalProperties: true }
      const tools = [agents.tool({ name: 'search', description: 's', parameters, strict: false, execute: async () => search() })]
      const agent = async () => (await agents.run(new agents.Agent({ name: 'a', model: 'gpt-5', tools }), 'Find it.')).finalOutput`,
  },
  "OpenAI's Agents with a conversation": {
    path: '/v1/responses',
    names: '"conversation"',
    modules: { '@openai/agents': '@openai/agents', openai: 'openai' },
    agent: `const agents = require('@openai/agents')
      const OpenAI = require('openai').default
      agents.setTracingDisabled(true)
      agents.setDefaultOpenAIClient(new OpenAI({ apiKey: 'test', baseURL: base + '/v1' }))
      const parameters = { ...${schema}, required: ['q'], additionalProperties: true }
      const tools = [agents.tool({ name: 'search', description: 's', parameters, strict: false, execute: async () => search() })]
      const agent = async () => (await agents.run(new agents.Agent({ name: 'a', model: 'gpt-5', tools }), 'Find it.', { conversationId: 'conv_1' })).finalOutput`,
  },
}

const head = `const base = process.env.BASE
  let searched = 0
  const search = () => (searched++, process.env.RESULTS === 'same' ? 'nothing found' : 'page ' + searched)
  `
const tail = `
  const { AgentLoopError, flush } = require('@afn/otel')
  async function main() {
    let outcome = await agent().catch(error => {
      let refusal = error
      while (refusal && !(refusal instanceof AgentLoopError)) refusal = refusal.cause
      if (!refusal) throw error
      return { ...refusal, stack: undefined, isItself: refusal === error }
    })
    await flush()
    console.log(JSON.stringify({ outcome, searched }))
  }
  main()`

let receiver: Receiver
let provider: http.Server
let base: string
let received: string[]
let lastBody = ''

beforeAll(async () => {
  provider = http.createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    received.push(request.url!)
    lastBody = body
    // one that goes on from an answer has only what is new, and the id of an answer is its number
    const before = Number(/"previous_(?:response|interaction)_id":"r(\d+)"/.exec(body)?.[1] ?? 0)
    const isConversation = body.includes('"conversation":')
    const results = isConversation ? received.length - 1 : before + (body.match(RESULTS)?.length ?? 0)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answerOf(request.url!, results, results < CALLS)))
  })
  await new Promise<void>(resolve => provider.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
})
afterAll(() => {
  provider.closeAllConnections()
  provider.close()
})

function answerOf(url: string, n: number, calls: boolean): object {
  const [id, name, args] = [`call_${n}`, 'search', { q: 'a' }]
  if (url.endsWith('/messages')) {
    const content = calls ? [{ type: 'tool_use', id, name, input: args }] : [{ type: 'text', text: 'done' }]
    const usage = { input_tokens: 1, output_tokens: 1 }
    const stop = { stop_reason: calls ? 'tool_use' : 'end_turn', stop_sequence: null }
    return { id: `m${n}`, type: 'message', role: 'assistant', model: 'claude-sonnet-5', content, ...stop, usage }
  }
  if (url.includes(':generateContent')) {
    const parts = calls ? [{ functionCall: { name, args } }] : [{ text: 'done' }]
    return { candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }] }
  }
  if (url.endsWith('/interactions')) {
    const step = calls
      ? { type: 'function_call', id, name, arguments: args }
      : { type: 'model_output', content: [{ type: 'text', text: 'done' }] }
    return { id: `r${n}`, model: 'gemini-2.5-flash', status: calls ? 'requires_action' : 'completed', steps: [step] }
  }
  if (url.endsWith('/responses')) {
    const text = { type: 'output_text', text: 'done', annotations: [] }
    const output = calls
      ? [
          {
            type: 'function_call',
            id: `fc_${n}`,
            call_id: id,
            name,
            arguments: JSON.stringify(args),
            status: 'completed',
          },
        ]
      : [{ type: 'message', id: 'm', role: 'assistant', status: 'completed', content: [text] }]
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 }
    return { id: `r${n}`, object: 'response', created_at: 1, status: 'completed', model: 'gpt-5', output, usage }
  }
  const call = { id, type: 'function', function: { name, arguments: JSON.stringify(args) } }
  const message = calls
    ? { role: 'assistant', content: null, tool_calls: [call] }
    : { role: 'assistant', content: 'done' }
  const choices = [{ index: 0, message, finish_reason: calls ? 'tool_calls' : 'stop' }]
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
  return { id: `c${n}`, object: 'chat.completion', created: 1, model: 'gpt-5', choices, usage }
}

async function started(name: string, env: Record<string, string>) {
  const { modules, agent } = agents[name]!
  received = []
  receiver = await startReceiver()
  const folder = makeApp({
    files: { 'app.cjs': head + agent + tail },
    modules: Object.fromEntries(
      Object.entries(modules).map(([name, folder]) => [name, path.resolve(installed, folder)]),
    ),
  })
  const { code, stdout, stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: { BASE: base, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env },
    node,
  })
  await receiver.close()
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const loops = receiver
    .spans()
    .filter(({ scope }) => scope === '@afn/otel/llm')
    // one that was refused waits for nothing, and may leave before those in front of it
    .toSorted((a, b) => Number(a.startNano - b.startNano))
    .map(({ attributes }) => attributes['afn.llm.loop.repetitions'])
  return { ...JSON.parse(stdout), loops, counted: receiver.points('afn.llm.looping_operations') }
}

it.each(Object.keys(agents))(
  'an agent of %s in a loop is stopped after three calls, and nothing repeats the fourth',
  async name => {
    const { outcome, searched, loops, counted } = await started(name, { AFN_LOOPS: 'stop', RESULTS: 'same' })
    expect(outcome).toMatchObject({ name: 'AgentLoopError', code: 'agent_loop', repetitions: 3, tools: ['search'] })
    expect(searched).toBe(3)
    expect(received).toHaveLength(3)
    expect(received[0]).toContain(agents[name]!.path)
    expect(lastBody).toContain(agents[name]!.names ?? '')
    expect(loops).toEqual([undefined, undefined, undefined, 3])
    expect(counted).toMatchObject([{ value: 1, attributes: { 'afn.llm.loop.stopped': true } }])
  },
)

it.each(Object.keys(agents))('an agent of %s whose results change runs to its end', async name => {
  const { outcome, searched, loops, counted } = await started(name, { AFN_LOOPS: 'stop', RESULTS: 'new' })
  expect([outcome, searched]).toEqual(['done', CALLS])
  expect(loops).toEqual(Array.from({ length: CALLS + 1 }))
  expect(counted).toEqual([])
})

it('a loop that is only reported goes on, and each of its calls tells how often it was made', async () => {
  const { outcome, loops, counted } = await started('openai 7, chat', { AFN_LOOPS: 'report', RESULTS: 'same' })
  expect(outcome).toBe('done')
  expect(loops).toEqual([undefined, undefined, undefined, 3, 4, 5, 6])
  expect(counted).toMatchObject([{ value: 4, attributes: { 'afn.llm.loop.stopped': false } }])
})

it('a tool that may repeat itself is no loop, and without the setting nothing is', async () => {
  const env = { RESULTS: 'same' }
  const allowed = await started('anthropic 1', { ...env, AFN_LOOPS: 'stop', AFN_LOOPS_ALLOW: 'wait,search' })
  expect([allowed.outcome, allowed.counted]).toEqual(['done', []])
  const off = await started('anthropic 1', env)
  expect([off.outcome, off.counted]).toEqual(['done', []])
})
