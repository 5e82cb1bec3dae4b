// Frameworks for agents under the packed preload: a program of each, as its documentation has one, against loopback models. The tree is
// the framework's, the tokens are those of the answers, and nothing changes for the app. docs/recipes/frameworks.md shows these trees.
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
}

const chat = 'chat gpt-4o-mini'
const call = 'generate_content gemini-2.5-flash'

/** These run in every test, with packages that other suites have installed. */
const short: Record<string, Framework> = {
  'OpenAI Agents': {
    program: 'openai-agents',
    modules: ['@openai/agents', 'openai', 'zod'],
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
    modules: ['@langchain/core', '@langchain/langgraph', '@langchain/openai', 'zod'],
    tree: `invoke_workflow forecaster
  step model
    ${chat}
  step tools
    execute_tool weather
  step model
    ${chat}`,
  },
}

const long: Record<string, Framework> = {
  'Mastra, with its bridge': {
    program: 'mastra',
    modules: ['@mastra/core', '@mastra/observability', '@mastra/otel-bridge', 'zod'],
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
  Strands: {
    program: 'strands',
    modules: ['@strands-agents/sdk', '@modelcontextprotocol/sdk', 'openai', 'zod'],
    // its own metrics have no units
    env: { OTEL_METRICS_EXPORTER: 'none' },
    tree: `invoke_agent forecaster
  execute_agent_loop_cycle
    ${chat}
    execute_tool weather
  execute_agent_loop_cycle
    ${chat}`,
  },
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
    const { env: more, tree } = framework
    const folder = appOf(framework)
    const [models, receiver] = [await startAgentModels(), await startReceiver()]
    const env = { MODELS: models.url, GOOGLE_GEMINI_BASE_URL: models.url, ...more }
    const off = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' }
    const bare = await run(folder, ['app.mjs'], { env, node: node.path })
    const answered = models.taken()
    const preloaded = await run(folder, ['--require', '@afn/otel', 'app.mjs'], {
      env: { ...env, ...off, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
      node: node.path,
    })
    expect(preloaded).toEqual(bare)
    expect(bare).toMatchObject({ code: 0, stdout: 'Sunny.\n' })
    expect(models.taken()).toEqual(answered)
    await models.close()
    await receiver.close()
    const spans = receiver.spans()
    expect(pathsOf(spans)).toEqual(pathsIn(tree))
    const priced = spans.filter(({ attributes }) => attributes['afn.llm.cost.total'] !== undefined)
    expect(priced.map(({ scope }) => scope)).toEqual(Array(answered.answers).fill('@afn/otel/llm'))
    const input = priced.reduce((sum, { attributes }) => sum + Number(attributes['gen_ai.usage.input_tokens']), 0)
    expect(input).toBe(answered.input)
    // what was asked is content, whoever has made the span
    expect(Buffer.concat(receiver.requests.map(({ body }) => body)).includes('How is the weather')).toBe(false)
    expect(page).toContain(`\`\`\`text\n${tree}\n\`\`\``)
  })
})

/** What `AFN_LOOPS=stop` does with each program, with models that get on or are stuck. */
describe.each(Object.entries({ ...short, ...(isLong('frameworks') && long) }))(
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
