// What agents, workflows, tools and searches leave in metrics, from real spans on the way out that the preload has.
import { context, type Span, SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRunMetrics } from '../../../../../src/app/llm/report/metrics/run-metrics'
import { LLM_SCOPE } from '../../../../../src/app/llm/spans/span'
import type { SpanCopy } from '../../../../../src/app/sdk/span-copy'
import { exportPath } from '../../export-path'
import { llmSpan } from '../../llm-span'
import { collected } from './collected'

let out: SpanCopy[]
let provider: TracerProvider

beforeEach(() => {
  const made = exportPath()
  out = made.out
  provider = new TracerProvider({ spanProcessors: [made.path] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterEach(() => context.disable())

const start = (operation: string | undefined, parent?: Span, scope = 'app', kind = SpanKind.INTERNAL, more = {}) =>
  provider
    .getTracer(scope)
    .startSpan(
      operation ?? 'work',
      { kind, attributes: { ...(operation && { 'gen_ai.operation.name': operation }), ...more } },
      parent ? trace.setSpan(context.active(), parent) : context.active(),
    )
const agent = (name: string, parent?: Span) =>
  start('invoke_agent', parent, 'app', SpanKind.INTERNAL, { 'gen_ai.agent.name': name })
const usage = { 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 2, 'gen_ai.response.id': 'r1' }
const call = (parent?: Span, scope: string = LLM_SCOPE, more = {}) =>
  start('chat', parent, scope, SpanKind.CLIENT, { 'gen_ai.request.model': 'gpt', ...more })
const runs = () =>
  Object.fromEntries(
    out
      .filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'invoke_agent')
      .map(({ attributes, run }) => [attributes['gen_ai.agent.name'], [run?.inferenceCalls, run?.toolCalls]]),
  )

describe('what an agent did itself', () => {
  it("is each call once, whatever stands between: those of an agent below are that one's", () => {
    // the example of the conventions: a planner whose tool runs a workflow with an agent of its own
    const planner = agent('planner')
    call(planner).end()
    const tool = start('execute_tool', planner)
    const workflow = start('invoke_workflow', tool)
    const researcher = agent('researcher', workflow)
    const work = start(undefined, researcher)
    call(work).end()
    work.end()
    start('execute_tool', researcher).end()
    call(researcher).end()
    for (const span of [researcher, workflow, tool]) span.end()
    call(planner).end()
    planner.end()
    expect(runs()).toEqual({ planner: [2, 1], researcher: [2, 1] })
  })

  it('counts a call once that two libraries trace, one above the other or side by side', () => {
    const run = agent('a')
    const above = call(run, 'lib')
    call(above, LLM_SCOPE, usage).end()
    above.end()
    const beside = call(run, 'lib')
    call(run, LLM_SCOPE, { ...usage, 'gen_ai.response.id': 'r2' }).end()
    beside.setAttributes({ ...usage, 'gen_ai.response.id': 'r2' })
    beside.end()
    run.end()
    expect(runs()).toEqual({ a: [2, 0] })
  })

  it('has no embeddings, no tool of a tool, and nothing that a server does for others', () => {
    const run = agent('a')
    const tool = start('execute_tool', run)
    start('execute_tool', tool, 'mcp', SpanKind.CLIENT).end()
    tool.end()
    start('execute_tool', run, 'mcp', SpanKind.SERVER).end()
    start('embeddings', run, LLM_SCOPE, SpanKind.CLIENT).end()
    run.end()
    expect(runs()).toEqual({ a: [0, 1] })
  })
})

describe('the metrics', () => {
  const recorded = (...spans: Parameters<typeof llmSpan>[0][]) => {
    const held = collected()
    const record = createRunMetrics(held.meter)
    for (const span of spans) record(Object.assign(llmSpan(span), { run: { inferenceCalls: 3, toolCalls: 0 } }))
    return held.all()
  }
  const named = { 'gen_ai.agent.name': 'support' }

  it('of an agent are its duration and how often it asked and ran tools', async () => {
    const attributes = { ...named, 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.request.model': 'gpt' }
    const metrics = await recorded({ kind: 0, seconds: 2.5, attributes, status: { code: 2 } })
    const failed = { ...attributes, 'error.type': '_OTHER' }
    expect(metrics).toEqual({
      'gen_ai.invoke_agent.duration': [expect.objectContaining({ sum: 2.5, attributes: failed })],
      'gen_ai.invoke_agent.inference_calls': [expect.objectContaining({ sum: 3, attributes: named })],
      'gen_ai.invoke_agent.tool_calls': [expect.objectContaining({ sum: 0, count: 1, attributes: named })],
    })
  })

  it('of a tool and of a search are their durations, with errors', async () => {
    const tool = { 'gen_ai.tool.name': 'weather', 'gen_ai.tool.type': 'function', ...named }
    const metrics = await recorded(
      { kind: 0, attributes: { ...tool, 'gen_ai.operation.name': 'execute_tool', 'error.type': 'TypeError' } },
      { kind: 0, attributes: { 'gen_ai.operation.name': 'retrieval', 'gen_ai.data_source.id': 'docs' } },
    )
    expect(Object.fromEntries(Object.entries(metrics).map(([name, [point]]) => [name, point?.attributes]))).toEqual({
      'gen_ai.execute_tool.duration': { ...tool, 'error.type': 'TypeError' },
      'gen_ai.retrieval.duration': { 'gen_ai.operation.name': 'retrieval' },
    })
  })

  it.each([
    ['an agent elsewhere', { kind: 2, attributes: { 'gen_ai.operation.name': 'invoke_agent' } }],
    ['a tool that a server runs for others', { kind: 1, attributes: { 'gen_ai.operation.name': 'execute_tool' } }],
    ['a request', { kind: 1, attributes: { 'http.request.method': 'GET' } }],
  ])('are not those of %s', async (_, span) => {
    expect(await recorded(span)).toEqual({})
  })

  it('have a bounded number of series, whatever tools a model makes up', async () => {
    const spans = Array.from({ length: 300 }, (_, n) => ({
      kind: 0,
      attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': `tool-${n}` },
    }))
    const { 'gen_ai.execute_tool.duration': points } = await recorded(...spans)
    expect(points).toHaveLength(51)
  })
})
