// The Claude Agent SDK under the packed preload. Claude Code itself is 400 MB: a stand-in says on its stdout what version
// 2.1.332 said of two turns against a loopback server, and nothing in this process sends a request.
import path from 'node:path'
import { expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { pathsOf } from '../support/paths'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const modules = path.join(
  installOnce(path.join(root, 'test/claude/package.json'), 'claude', ['--omit=optional']),
  'node_modules',
)
const node = nodeBinary(nodes[22])

const counts = (input: number, output: number, costUSD: number) => ({
  inputTokens: input,
  outputTokens: output,
  cacheReadInputTokens: 900,
  cacheCreationInputTokens: 100,
  cacheCreationEphemeral1hInputTokens: 100,
  webSearchRequests: 0,
  costUSD,
  contextWindow: 200_000,
  maxOutputTokens: 32_000,
  canonicalModel: 'claude-sonnet-5',
  provider: 'firstParty',
  costBasis: 'list',
})
const doubled = ({ inputTokens, outputTokens, costUSD }: ReturnType<typeof counts>) => ({
  ...counts(inputTokens * 2, outputTokens * 2, costUSD * 2),
  cacheReadInputTokens: 1_800,
  cacheCreationInputTokens: 200,
  cacheCreationEphemeral1hInputTokens: 200,
})
const [sonnet, haiku] = [counts(200, 100, 0.25), { ...counts(50, 5, 0.125), canonicalModel: 'claude-haiku-4-5' }]

/** @param tells whether it is a version that says what a turn used, beside what the session did */
const turn = (number: 1 | 2, tells: boolean) => {
  const said = { session_id: 's1', uuid: 'u' }
  const use = (id: string, name: string, above: string | null, text = '') => [
    {
      type: 'assistant',
      parent_tool_use_id: above,
      message: {
        id: `m${id}`,
        role: 'assistant',
        content: [{ type: 'tool_use', id, name, input: { command: 'ls', skill: 'pdf' } }],
      },
      ...said,
    },
    { type: 'stream_event', event: { type: 'content_block_delta', delta: { text } }, ...said },
  ]
  const done = (id: string, failed: boolean) => ({
    type: 'user',
    parent_tool_use_id: null,
    message: {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: 'no such file', is_error: failed }],
    },
    ...said,
  })
  const used = { 'claude-sonnet-5': sonnet, 'claude-haiku-4-5': haiku }
  const total =
    number === 1
      ? used
      : {
          'claude-sonnet-5': doubled(sonnet),
          'claude-haiku-4-5': { ...doubled(haiku), canonicalModel: 'claude-haiku-4-5' },
        }
  return [
    { type: 'system', subtype: 'init', model: 'claude-sonnet-5', claude_code_version: '2.1.332', tools: [], ...said },
    ...use('t0', 'Skill', null),
    done('t0', false),
    ...use('t1', 'Task', null),
    ...use('t2', 'Bash', 't1', 'x'.repeat(70_000)),
    done('t2', true),
    done('t1', false),
    {
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: `answer ${number}`,
      num_turns: 2,
      total_cost_usd: 0.375 * number,
      usage: {},
      modelUsage: total,
      ...(tells && { model_usage_since_last_result: used }),
      ...said,
    },
  ]
}

const standIn = (tells: boolean) => `
  import readline from 'node:readline'
  const turns = ${JSON.stringify([turn(1, tells), turn(2, tells)])}
  const say = message => process.stdout.write(JSON.stringify(message) + '\\n')
  readline.createInterface({ input: process.stdin }).on('line', line => {
    const { type, request_id, request } = JSON.parse(line)
    if (type === 'control_request') say({ type: 'control_response', response: { subtype: 'success', request_id, response: { commands: [], models: [], agents: [], account: {} } } })
    else if (type === 'user') for (const message of turns.shift()) say(message)
  })`

const app = `
  import { query } from '@anthropic-ai/claude-agent-sdk'
  let next
  async function* prompts() {
    for (const content of ['one', 'two']) {
      yield { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null, session_id: '' }
      await new Promise(done => { next = done })
    }
  }
  const env = { PATH: process.env.PATH, ...JSON.parse(process.env.MORE ?? '{}') }
  for await (const message of query({ prompt: prompts(), options: { pathToClaudeCodeExecutable: './claude.mjs', env } })) {
    if (message.type === 'result') { console.log(message.result); next() }
  }`

async function ran(tells: boolean, more: Record<string, string> = {}) {
  const files = { 'app.mjs': app, 'claude.mjs': standIn(tells) }
  const names = ['@anthropic-ai/claude-agent-sdk', '@anthropic-ai/sdk', '@modelcontextprotocol/sdk', 'zod']
  const folder = makeApp({ files, modules: Object.fromEntries(names.map(name => [name, path.join(modules, name)])) })
  const receiver = await startReceiver()
  const { path: binary } = node as { path: string }
  const env = { MORE: JSON.stringify(more) }
  const bare = await run(folder, ['app.mjs'], { env, node: binary })
  const preloaded = await run(folder, ['--import', '@afn/otel', 'app.mjs'], {
    env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    node: binary,
  })
  expect(preloaded).toEqual(bare)
  expect(bare).toMatchObject({ code: 0, stdout: 'answer 1\nanswer 2\n', stderr: '' })
  await receiver.close()
  return receiver.spans()
}

it.skipIf('missing' in node).each([
  ['a turn', true],
  ['the session', false],
])(
  'a turn of the Claude Agent SDK has its tools, and a priced call a model, from a version that tells what %s used',
  async (_, tells) => {
    const spans = await ran(tells)
    const agent = 'invoke_agent Claude Code'
    const tree = [
      agent,
      `${agent} > chat claude-haiku-4-5`,
      `${agent} > chat claude-sonnet-5`,
      `${agent} > execute_tool Skill`,
      `${agent} > execute_tool Task`,
      `${agent} > execute_tool Task > execute_tool Bash`,
    ]
    expect(pathsOf(spans).sort()).toEqual([...tree, ...tree].sort())
    const calls = spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat')
    const told = calls.map(({ attributes }) => [
      attributes['gen_ai.request.model'],
      attributes['gen_ai.usage.input_tokens'],
      attributes['gen_ai.usage.output_tokens'],
      attributes['gen_ai.usage.cache_read.input_tokens'],
      attributes['afn.llm.usage.cache_write_1h.input_tokens'],
      attributes['afn.llm.cost.total'],
    ])
    const expected = [
      ['claude-haiku-4-5', 1050, 5, 900, 100, 0.125],
      ['claude-sonnet-5', 1200, 100, 900, 100, 0.25],
    ]
    expect(told.sort()).toEqual([expected[0], expected[0], expected[1], expected[1]])
    const skills = spans.map(({ name, attributes }) => [name, attributes['gen_ai.skill.name']])
    expect(skills.filter(([, skill]) => skill !== undefined)).toEqual([1, 2].map(() => ['execute_tool Skill', 'pdf']))
    const bash = spans.filter(({ name }) => name === 'execute_tool Bash')
    expect(bash.map(({ status }) => status.code)).toEqual([2, 2])
    expect(
      spans.filter(({ name }) => name === agent).map(({ attributes }) => attributes['gen_ai.conversation.id']),
    ).toEqual(['s1', 's1'])
  },
)

it.skipIf('missing' in node)('Claude Code that sends its own spans is not told of twice', async () => {
  const own = {
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
    OTEL_TRACES_EXPORTER: 'otlp',
  }
  expect(await ran(true, own)).toEqual([])
})
