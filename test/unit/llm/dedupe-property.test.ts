// Random forests of spans: calls that several libraries trace, in random orders of start and end, with spans that never
// end, flushes and time that passes in between. The oracle is the generator's own count of calls, spans and tokens.
import { context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { isModelCall } from '../../../src/app/llm/spans/operations'
import { LLM_SCOPE } from '../../../src/app/llm/spans/span'
import type { SpanPipeline } from '../../../src/app/sdk/span-pipeline'
import { exportPath } from './export-path'
import { random } from './random'

const forests = 500

beforeEach(() => {
  vi.useFakeTimers()
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterEach(() => {
  context.disable()
  vi.useRealTimers()
})

type Attributes = Record<string, string | number>
type Dice = ReturnType<typeof random>

const libraries: readonly Attributes[] = [
  { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt' },
  { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt' },
  { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt' },
  { 'llm.request.type': 'chat', 'gen_ai.request.model': 'gpt' },
  { 'ai.operationId': 'ai.streamText.doStream', 'ai.model.id': 'gpt' },
  { 'langfuse.observation.type': 'generation', 'langfuse.observation.model.name': 'gpt' },
]

interface Call {
  /** Starts its spans and ends some of them, in this order. */
  readonly steps: (() => void)[]
  readonly inputTokens: number
}

/** A call: libraries around it, perhaps one beside it, attempts that fail, one that is answered. No two have the same counts. */
function randomCall(
  dice: Dice,
  provider: TracerProvider,
  number: number,
  parent: Span | undefined,
  text: string,
): Call {
  const inputTokens = 1_000 + number
  const counts = { 'gen_ai.usage.input_tokens': inputTokens, 'gen_ai.usage.output_tokens': number + 1 }
  const starts: (() => void)[] = []
  const ends: (() => void)[] = []
  let above = parent
  const start = (scope: string, attributes: Attributes, below: Span | undefined) =>
    provider
      .getTracer(scope)
      .startSpan(scope, { attributes }, below ? trace.setSpan(context.active(), below) : context.active())

  if (parent && dice.below(4) === 0) {
    let sibling: Span
    starts.push(() => {
      sibling = start('beside', { ...libraries[2], ...counts }, parent)
    })
    ends.push(() => sibling.end())
  }
  for (let depth = dice.below(4); depth > 0; depth--) {
    const attributes = { ...libraries[dice.below(libraries.length)], ...(dice.below(2) && counts) }
    const hasClient = dice.below(3) === 0
    let client: Span | undefined
    let span: Span
    starts.push(() => {
      if (hasClient) client = start('http', {}, above)
      span = start(`library ${depth}`, attributes as Attributes, client ?? above)
      above = span
    })
    ends.push(() => {
      span.end()
      client?.end()
    })
  }
  const ours = () => start(LLM_SCOPE, libraries[0] as Attributes, above)
  for (let failures = Math.max(0, dice.below(5) - 2); failures > 0; failures--) {
    let attempt: Span
    starts.push(
      () => {
        attempt = ours()
      },
      () => attempt.setStatus({ code: SpanStatusCode.ERROR }).end(),
    )
  }
  let answered: Span
  starts.push(() => {
    answered = ours()
  })
  const reported = { ...counts, 'afn.llm.usage.source': 'provider', 'gen_ai.input.messages': text }
  const answer = () => answered.setAttributes(reported).end()
  // mostly from the inside to the outside, as code does
  if (dice.below(3) === 0) ends.sort(() => dice.below(3) - 1)
  ends.splice(dice.below(3) ? 0 : dice.below(ends.length + 1), 0, answer)
  // a span of a library that never ends
  const lost = dice.below(4) === 0 ? dice.below(ends.length) : -1
  return { steps: [...starts, ...ends.filter((end, at) => at !== lost || end === answer)], inputTokens }
}

function simulate(seed: number, text: string, disturb: (dice: Dice, path: SpanPipeline) => void) {
  const dice = random(seed)
  const { path, out } = exportPath()
  let ended = 0
  const counting = { onStart() {}, onEnd: () => ended++, forceFlush: async () => {}, shutdown: async () => {} }
  const provider = new TracerProvider({ spanProcessors: [path, counting] })
  const requests = Array.from({ length: 1 + dice.below(3) }, () =>
    dice.below(5) ? provider.getTracer('app').startSpan('request') : undefined,
  )
  const calls = Array.from({ length: 1 + dice.below(6) }, (_, number) =>
    randomCall(dice, provider, number, requests[dice.below(requests.length)], text),
  )
  const pending = calls.map(({ steps }) => [...steps])
  while (pending.some(steps => steps.length > 0)) {
    pending[dice.below(pending.length)]?.shift()?.()
    if (dice.below(12) === 0) disturb(dice, path)
  }
  for (const request of requests) request?.end()
  return { calls, out, path, ended }
}

it.each([
  ['nothing disturbs', '', () => {}],
  ['time passes', '', (dice: Dice) => vi.advanceTimersByTime(dice.below(40_000))],
  ['somebody flushes', '', (_: Dice, path: SpanPipeline) => path.drainNow()],
  ['only two of them fit into memory', 'x'.repeat(7 * 2 ** 20), () => {}],
])('each call is counted once and no span is lost when %s', (_, text, disturb) => {
  let merged = 0
  for (let seed = 1; seed <= (text ? forests / 10 : forests); seed++) {
    const { calls, out, path, ended } = simulate(seed, text, disturb)
    vi.advanceTimersByTime(30_000)
    const counted = out.filter(
      ({ attributes, status }) => isModelCall(attributes) && status.code !== SpanStatusCode.ERROR,
    )
    const tokens = counted.map(({ attributes }) => attributes['gen_ai.usage.input_tokens'])
    expect(tokens.sort(), `forest ${seed}: tokens`).toEqual(calls.map(({ inputTokens }) => inputTokens).sort())
    expect(out.length + path.deduplicator.counts.merged, `forest ${seed}: spans`).toBe(ended)
    expect(new Set(out.map(({ context: { spanId } }) => spanId)).size, `forest ${seed}: ids`).toBe(out.length)
    merged += path.deduplicator.counts.merged
  }
  // the forests are of the kind that this is about
  expect(merged).toBeGreaterThan(forests / 10)
})
