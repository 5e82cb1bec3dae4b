// What the end of a call costs while other spans are open. Counted, not timed: how often the attributes of open spans are read.
import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { expect, it } from 'vitest'
import { SpanDeduplicator } from '../../../src/app/llm/spans/deduplication/deduplicator'
import type { LiveSpan } from '../../../src/app/llm/spans/deduplication/open-spans'
import { readCall } from '../../../src/app/llm/spans/read-call'
import { LLM_SCOPE, type LlmSpan } from '../../../src/app/llm/spans/span'
import { WaitingRoom } from '../../../src/app/llm/spans/waiting-room'

const calls = 50
let reads = 0
let ids = 0

interface Spec {
  scope: string
  traceId?: string
  parent?: Live
  attributes?: Record<string, string | number>
}
interface Live extends LiveSpan {
  readonly scope: string
  readonly traceId: string
  readonly parent: Live | undefined
  readonly own: Record<string, string | number>
}

function live({ scope, parent, traceId = parent?.traceId ?? `trace ${ids}`, attributes = {} }: Spec): Live {
  const spanId = `span ${ids++}`
  return {
    name: scope,
    scope,
    traceId,
    parent,
    instrumentationScope: { name: scope },
    ...(parent && { parentSpanContext: {} }),
    spanContext: () => ({ traceId, spanId }),
    own: attributes,
    get attributes() {
      reads++
      return attributes
    },
  }
}

function copyOf(span: Live): LlmSpan {
  const { own } = span
  return {
    name: span.scope,
    kind: 2,
    context: span.spanContext(),
    ...(span.parent && { parentSpanContext: span.parent.spanContext() }),
    attributes: own,
    events: [],
    startTime: [0, 0],
    endTime: [1, 0],
    status: { code: 0 },
    instrumentationScope: { name: span.scope },
    isSampled: true,
    counts: undefined,
    call: readCall(own),
    own: () => own,
  }
}

const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt' }

/** @returns reads a call */
function cost(open: number, spec: (n: number) => Spec, parent?: Live): number {
  const out: LlmSpan[] = []
  const deduplicator = new SpanDeduplicator<LlmSpan>({
    room: new WaitingRoom(),
    merge: theirs => theirs,
    sizeOf: () => 100,
    onPlaced() {},
    next: copy => out.push(copy),
    onFailure(error) {
      throw error
    },
  })
  const start = (one: Live) => {
    const above = one.parent && trace.wrapSpanContext({ ...one.parent.spanContext(), traceFlags: 1 })
    deduplicator.started(one, above ? trace.setSpan(ROOT_CONTEXT, above) : ROOT_CONTEXT)
    return one
  }
  if (parent) start(parent)
  const held = Array.from({ length: open }, (_, n) => start(live(spec(n))))
  let sum = 0
  for (let n = 0; n < calls; n++) {
    const usage = { 'gen_ai.usage.input_tokens': n, 'gen_ai.usage.output_tokens': 1 }
    const call = start(live({ scope: LLM_SCOPE, ...(parent && { parent }), attributes: { ...chat, ...usage } }))
    reads = 0
    const copy = copyOf(call)
    if (deduplicator.ended(copy)) out.push(copy)
    sum += reads
  }
  deduplicator.release()
  expect(out).toHaveLength(calls)
  expect(held).toHaveLength(open)
  return sum / calls
}

const root = live({ scope: 'app', traceId: 'one trace' })

it.each([
  ['requests, each in a trace of its own', () => ({ scope: 'http' }), undefined],
  ['requests, all in the trace of the call', () => ({ scope: 'http', parent: root }), root],
  ['calls of ours', () => ({ scope: LLM_SCOPE, attributes: chat }), undefined],
  ['calls of ours, all in the trace of the call', () => ({ scope: LLM_SCOPE, parent: root, attributes: chat }), root],
  ['calls of another library', () => ({ scope: 'lib', attributes: chat }), undefined],
  ['calls of another library in the same trace', () => ({ scope: 'lib', parent: root, attributes: chat }), root],
  ['agents', () => ({ scope: 'lib', parent: root, attributes: { 'gen_ai.operation.name': 'invoke_agent' } }), root],
] satisfies [string, (n: number) => Spec, Live | undefined][])(
  'the end of a call costs the same with 16,000 open spans as with 100: %s',
  (_, spec, parent) => {
    const [few, many] = [cost(100, spec, parent), cost(16_000, spec, parent)]
    expect(many).toBeLessThanOrEqual(few)
    expect(many).toBeLessThanOrEqual(cost(0, spec, parent) + 20)
  },
)
