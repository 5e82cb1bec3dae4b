// LangFuse 4 has no table of traces: it filters and adds up by what stands on each observation.
import { context, type Span, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { type RPCMetadata, RPCType, setRPCMetadata } from '@opentelemetry/core'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withScope } from '../../../../../src/app/llm/spans/scope'
import type { SpanCopy } from '../../../../../src/app/sdk/span-copy'
import type { SpanPipeline } from '../../../../../src/app/sdk/span-pipeline'
import { exportPath } from '../../export-path'

let out: SpanCopy[]
let path: SpanPipeline
let provider: TracerProvider

beforeEach(() => {
  ;({ path, out } = exportPath())
  provider = new TracerProvider({ spanProcessors: [path] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterEach(() => context.disable())

const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt' }
const start = (name: string, attributes = {}) => provider.getTracer('test').startSpan(name, { attributes })
const inside = (span: Span, run: () => void) => context.with(trace.setSpan(context.active(), span), run)
const inConversation = (id: string, run: () => void) =>
  context.with(withScope(context.active(), { 'gen_ai.conversation.id': id }), run)
const of = (key: string) => Object.fromEntries(out.map(({ name, attributes }) => [name, attributes[key]]))

/** As the instrumentation of http makes a server span: the route comes into its name at its end. */
function serve(run: (request: RPCMetadata) => void): void {
  const span = start('POST')
  const request: RPCMetadata = { type: RPCType.HTTP, span }
  context.with(setRPCMetadata(trace.setSpan(context.active(), span), request), run, undefined, request)
  if (request.route) span.updateName(`POST ${request.route}`)
  span.end()
}

describe('the name of a trace in LangFuse', () => {
  it('is that of the request, with the route that is known by then, on every LLM span', () => {
    serve(request => {
      start('before the route', chat).end()
      request.route = '/chats/:id'
      const agent = start('agent', { 'gen_ai.operation.name': 'invoke_agent' })
      inside(agent, () => start('call', chat).end())
      agent.end()
      start('database').end()
    })
    expect(of('langfuse.trace.name')).toEqual({
      'before the route': 'POST',
      agent: 'POST /chats/:id',
      call: 'POST /chats/:id',
      database: undefined,
      // the stage names a local root, by its name
      'POST /chats/:id': undefined,
    })
  })

  it('is that of the outermost span, also when it has ended before', () => {
    const workflow = start('invoke_workflow report', { 'gen_ai.operation.name': 'invoke_workflow' })
    inside(workflow, () => {
      const call = start('call', chat)
      workflow.end()
      call.end()
    })
    expect(of('langfuse.trace.name')['call']).toBe('invoke_workflow report')
  })

  it('is what the app has written onto a span above', () => {
    const root = start('job')
    inside(root, () => {
      root.setAttributes({ 'langfuse.trace.name': 'nightly', 'langfuse.trace.tags': ['batch'] })
      start('call', chat).end()
    })
    expect(out[0]?.attributes).toMatchObject({ 'langfuse.trace.name': 'nightly', 'langfuse.trace.tags': ['batch'] })
  })
})

describe('the conversation of a trace in LangFuse', () => {
  it('is that of its LLM spans, so that a turn is found by it', () => {
    serve(() => inConversation('c-1', () => start('call', chat).end()))
    expect(of('gen_ai.conversation.id')).toEqual({ call: 'c-1', POST: 'c-1' })
  })

  it('is none where its spans have several', () => {
    serve(() => {
      inConversation('c-1', () => start('call 1', chat).end())
      inConversation('c-2', () => start('call 2', chat).end())
      inConversation('c-3', () => start('call 3', chat).end())
    })
    expect(of('gen_ai.conversation.id')['POST']).toBeUndefined()
  })

  it("is the root's own where the root has one", () => {
    inConversation('outer', () => serve(() => inConversation('inner', () => start('call', chat).end())))
    expect(of('gen_ai.conversation.id')).toEqual({ call: 'inner', POST: 'outer' })
  })
})
