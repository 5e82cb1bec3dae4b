// Frameworks for agents under the packed preload: programs of each, as its documentation has them, against loopback models. The tree is
// the framework's, the tokens are those of the answers, and nothing changes for the app. docs/recipes/frameworks.md shows the trees.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startAgentModels } from '../support/agent-models'
import { installOnce } from '../support/install.mjs'
import { isLong } from '../support/long'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { pathsOf } from '../support/paths'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const node = nodeBinary(nodes[22]) as { path: string }
const page = readFileSync(path.join(root, 'docs/recipes/frameworks.md'), 'utf8')

interface Framework {
  /** File in test/frameworks, without its ending. */
  program: string
  modules: string[]
  env?: Record<string, string>
  /** In the words of the page: each line a span, two spaces deeper than what it stands below. */
  tree: string
  /** What is not on the page, and says something else. */
  more?: {
    /** What a call used may not be told, as where its stream is left before that. */
    isUncounted?: true
    /** Of each of these spans, a part of its attributes; spans of one name in the order in which they began. */
    attributes?: [name: string, ...Record<string, unknown>[]][]
    /** Names of those that failed. */
    failed?: string[]
  }
}

const chat = 'chat gpt-4o-mini'
const call = 'generate_content gemini-2.5-flash'

const openAiAgents = ['@openai/agents', 'openai', 'zod']
const langGraph = ['@langchain/core', '@langchain/langgraph', '@langchain/openai', 'zod']
const mastra = ['@mastra/core', '@mastra/observability', '@mastra/otel-bridge', 'zod']

/** These run in every test, with packages that other suites have installed. */
const short: Record<string, Framework> = {
  'OpenAI Agents': {
    program: 'openai-agents',
    modules: openAiAgents,
    tree: `invoke_workflow Agent workflow
  invoke_agent triage
    step 1
      ${chat}
      handoff forecaster
  invoke_agent forecaster
    step 2
      ${chat}
      execute_tool weather
    step 3
      ${chat}`,
  },
  LangGraph: {
    program: 'langgraph',
    modules: langGraph,
    tree: `invoke_workflow forecaster
  step model
    ${chat}
  step tools
    execute_tool weather
  step model
    ${chat}`,
  },
}

const strands = {
  modules: ['@strands-agents/sdk', '@modelcontextprotocol/sdk', 'openai', 'zod'],
  // its own metrics have no units
  env: { OTEL_METRICS_EXPORTER: 'none' },
}
const graphTree = short.LangGraph!.tree
const agentTree = `invoke_workflow Agent workflow
  invoke_agent forecaster
    step 1
      ${chat}
      execute_tool weather
    step 2
      ${chat}`
const guarded = `  invoke_agent forecaster
    guardrail about weather
      invoke_agent checker
        step 1
          ${chat}
    guardrail calm
    step 1
      ${chat}`
const mastraTree = `invoke_agent forecaster
  processor_run MemoryInputFilter
  memory_operation MessageHistory
  processor_run Unicode Normalizer
  processor_run calm
  memory_operation MessageHistory
  ${chat}
    model_step forecaster
      ${chat}
      model_inference forecaster
        model_chunk forecaster
        model_chunk forecaster
      execute_tool weather
    model_step forecaster
      ${chat}
      model_inference forecaster
        model_chunk forecaster`
const strandsTree = `invoke_agent forecaster
  execute_agent_loop_cycle
    ${chat}
    execute_tool weather
  execute_agent_loop_cycle
    ${chat}`

Object.assign(short, {
  'LangGraph, a stream that is left': {
    program: 'langgraph-streams',
    modules: langGraph,
    env: { WAY: 'left' },
    tree: `invoke_workflow forecaster\n  step model\n    ${chat}`,
    more: { isUncounted: true },
  },
  'LangGraph, thread and memories': {
    program: 'langgraph-memory',
    modules: langGraph,
    tree: `${`invoke_workflow forecaster
  step model
    search_memory
    upsert_memory
    ${chat}
`.repeat(2)}search_memory
delete_memory
search_memory`,
    more: {
      attributes: [
        ['invoke_workflow forecaster', ...Array(2).fill({ 'gen_ai.conversation.id': 'thread-1' })],
        ['chat gpt-4o-mini', ...Array(2).fill({ 'gen_ai.conversation.id': 'thread-1' })],
        ['search_memory', ...[0, 1, 1, 1].map(count => ({ 'gen_ai.memory.record.count': count }))],
      ],
    },
  },
  'OpenAI Agents, a stream that is left': {
    program: 'openai-agents-streams',
    modules: openAiAgents,
    env: { WAY: 'left' },
    tree: `invoke_workflow Agent workflow\n  invoke_agent forecaster\n    step 1\n      ${chat}`,
    more: { isUncounted: true },
  },
  'OpenAI Agents, guardrails': {
    program: 'openai-agents-guardrails',
    modules: openAiAgents,
    tree: `invoke_workflow Agent workflow\n${guarded}\ninvoke_workflow Agent workflow\n${guarded}`,
    more: {
      attributes: [
        ['guardrail calm', { 'afn.llm.guardrail.triggered': false }, { 'afn.llm.guardrail.triggered': true }],
        ['invoke_workflow Agent workflow', {}, { 'error.type': 'OutputGuardrailTripwireTriggered' }],
      ],
      failed: ['invoke_agent forecaster', 'invoke_workflow Agent workflow', 'step 1'],
    },
  },
} satisfies Record<string, Framework>)

const long: Record<string, Framework> = {
  ...Object.fromEntries(
    ['updates', 'messages', 'events'].map(WAY => [
      `LangGraph, streamed as ${WAY}`,
      { program: 'langgraph-streams', modules: langGraph, env: { WAY }, tree: graphTree, more: {} },
    ]),
  ),
  ...Object.fromEntries(
    ['events', 'text'].map(WAY => [
      `OpenAI Agents, streamed as ${WAY}`,
      { program: 'openai-agents-streams', modules: openAiAgents, env: { WAY }, tree: agentTree, more: {} },
    ]),
  ),
  'OpenAI Agents, guardrails of streams': {
    program: 'openai-agents-guardrails',
    modules: openAiAgents,
    env: { STREAM: 'yes' },
    tree: `invoke_workflow Agent workflow\n${guarded}\ninvoke_workflow Agent workflow\n${guarded}`,
    more: { failed: ['invoke_agent forecaster', 'step 1'] },
  },
  'Mastra, streamed, with memory and processors': {
    program: 'mastra-streams',
    modules: mastra,
    tree: mastraTree,
    more: { isUncounted: true },
  },
  'Mastra, a stream that is left': {
    program: 'mastra-streams',
    modules: mastra,
    env: { WAY: 'left' },
    tree: mastraTree,
    more: { isUncounted: true },
  },
  "Google's ADK, streamed, in a session": {
    program: 'adk-streams',
    modules: ['@google/adk', 'zod'],
    tree: `invocation
  invoke_agent forecaster
    call_llm
      ${call}
      execute_tool weather
    call_llm
      ${call}`,
    more: { attributes: [['invoke_agent forecaster', { 'gen_ai.conversation.id': 'session' }]] },
  },
  'Strands, streamed': { program: 'strands-streams', ...strands, tree: strandsTree, more: {} },
  'Mastra, with its bridge': {
    program: 'mastra',
    modules: mastra,
    env: { BRIDGE: 'yes' },
    tree: `invoke_agent forecaster
  ${chat}
    model_step forecaster
      ${chat}
      model_inference forecaster
        model_chunk forecaster
        model_chunk forecaster
      execute_tool weather
    model_step forecaster
      ${chat}
      model_inference forecaster
        model_chunk forecaster`,
  },
  Mastra: { program: 'mastra', modules: ['@mastra/core', 'zod'], tree: `${chat}\n${chat}` },
  "Google's ADK": {
    program: 'adk',
    modules: ['@google/adk', 'zod'],
    tree: `invocation
  invoke_agent triage
    call_llm
      ${call}
      execute_tool transfer_to_agent
      invoke_agent forecaster
        call_llm
          ${call}
          execute_tool weather
        call_llm
          ${call}`,
  },
  Strands: { program: 'strands', ...strands, tree: strandsTree },
  'LlamaIndex, two agents at once': {
    program: 'llamaindex-at-once',
    modules: ['@llamaindex/openai', '@llamaindex/workflow', 'llamaindex', 'zod'],
    tree: `invoke_agent forecaster
  step 1
    ${chat}
    execute_tool weather
  step 2
    ${chat}
invoke_agent traveller
  step 1
    ${chat}
    execute_tool weather
  step 2
    ${chat}`,
  },
  LlamaIndex: {
    program: 'llamaindex',
    modules: ['@llamaindex/openai', '@llamaindex/workflow', 'llamaindex', 'zod'],
    tree: `invoke_workflow
  invoke_agent triage
    step 1
      ${chat}
      handoff forecaster
  invoke_agent forecaster
    step 2
      ${chat}
      execute_tool weather
    step 3
      ${chat}`,
  },
}

const installed = isLong('frameworks')
  ? installOnce(path.join(root, 'test/frameworks/package.json'), 'frameworks', ['--legacy-peer-deps'])
  : installOnce(path.join(root, 'test/clients/package.json'), 'clients')

const appOf = ({ program, modules }: Framework) =>
  makeApp({
    files: { 'app.mjs': readFileSync(path.join(root, `test/frameworks/${program}.mjs`), 'utf8') },
    modules: {
      ...Object.fromEntries(modules.map(name => [name, path.join(installed, 'node_modules', name)])),
      '@opentelemetry/api': '@opentelemetry/api',
    },
  })

describe.each(Object.entries({ ...short, ...(isLong('frameworks') && long) }))('%s', (_, framework) => {
  it('has the tree that the page shows, and the tokens of its answers once', async () => {
    const { env: own, tree, more } = framework
    const folder = appOf(framework)
    const [models, receiver] = [await startAgentModels(), await startReceiver()]
    const env = { MODELS: models.url, GOOGLE_GEMINI_BASE_URL: models.url, ...own }
    const off = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' }
    const bare = await run(folder, ['app.mjs'], { env, node: node.path })
    const answered = models.taken()
    const preloaded = await run(folder, ['--require', '@afn/otel', 'app.mjs'], {
      env: { ...env, ...off, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
      node: node.path,
    })
    expect(preloaded).toEqual(bare)
    expect(bare).toMatchObject({ code: 0, ...(!more && { stdout: 'Sunny.\n' }) })
    expect(bare.stdout).not.toBe('')
    expect(models.taken()).toEqual(answered)
    await models.close()
    await receiver.close()
    const spans = receiver.spans()
    expect(pathsOf(spans)).toEqual(pathsIn(tree))
    const priced = spans.filter(({ attributes }) => attributes['afn.llm.cost.total'] !== undefined)
    const input = priced.reduce((sum, { attributes }) => sum + Number(attributes['gen_ai.usage.input_tokens']), 0)
    if (more?.isUncounted) expect(input).toBeLessThanOrEqual(answered.input)
    else expect(input).toBe(answered.input)
    const expected = more?.isUncounted ? priced.length : answered.answers
    expect(priced.map(({ scope }) => scope)).toEqual(Array(expected).fill('@afn/otel/llm'))
    for (const [name, ...wanted] of more?.attributes ?? []) {
      const named = spans.filter(span => span.name === name).sort((a, b) => Number(a.startNano - b.startNano))
      expect(named.map(({ attributes }) => attributes)).toMatchObject(wanted)
    }
    const failed = spans.filter(({ status }) => status.code === 2).map(({ name }) => name)
    if (more) expect(failed.toSorted()).toEqual(more.failed ?? [])
    // what was asked is content, whoever has made the span
    const sent = Buffer.concat(receiver.requests.map(({ body }) => body))
    for (const content of ['How is the weather', 'a secret word', 'a planted'])
      expect(sent.includes(content)).toBe(false)
    if (!more) expect(page).toContain(`\`\`\`text\n${tree}\n\`\`\``)
  })
})

/** What `AFN_LOOPS=stop` does with each program of the page, with models that get on or are stuck. */
describe.each(Object.entries({ ...short, ...(isLong('frameworks') && long) }).filter(([, { more }]) => !more))(
  '%s, watched for loops',
  (_, framework) => {
    async function watched(isStuck: boolean) {
      const [models, receiver] = [await startAgentModels(isStuck), await startReceiver()]
      const env = { MODELS: models.url, GOOGLE_GEMINI_BASE_URL: models.url, ...framework.env, AFN_LOOPS: 'stop' }
      const { stdout } = await run(appOf(framework), ['--require', '@afn/otel', 'app.mjs'], {
        env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
        node: node.path,
      })
      const { answers } = models.taken()
      await models.close()
      await receiver.close()
      const found = receiver
        .spans()
        .filter(({ scope }) => scope === '@afn/otel/llm')
        .flatMap(({ attributes }) => attributes['afn.llm.loop.repetitions'] ?? [])
      return { stdout, answers, found }
    }
    /** A line of a tree for each: agents that ask for the weather, and handoffs before. */
    const [agents, handoffs] = [/execute_tool weather/g, /handoff |transfer_to_agent/g].map(
      line => framework.tree.match(line)?.length ?? 0,
    ) as [number, number]

    it('is left alone while it gets on', async () => {
      const { stdout, found } = await watched(false)
      expect(stdout).toBe('Sunny.\n')
      expect(found).toEqual([])
    })

    it('is stopped after the third call of the same tool, and not before', async () => {
      const { answers, found } = await watched(true)
      // a program with two agents may end with the first that is refused
      expect(answers).toBeGreaterThanOrEqual(handoffs + 3)
      expect(answers).toBeLessThanOrEqual(handoffs + 3 * Math.max(1, agents))
      expect(new Set(found)).toEqual(new Set([3]))
    })
  },
)

function pathsIn(tree: string): string[] {
  const above: string[] = []
  return tree
    .split('\n')
    .map(line => {
      const depth = line.search(/\S/) / 2
      above.splice(depth, above.length, line.trim())
      return above.join(' > ')
    })
    .sort()
}
