// Bundled and used by test/bench/local/find.mjs: traces of an app that answers questions with an agent, with prompts and answers. The same
// traces each time but for their times, which end now. How many traces say which word is counted while they are made.
import { encodeSpans } from '../../../src/shared/otlp/protobuf'
import { Random } from '../../support/random'

export const spansPerTrace = 5
export const tracesPerRequest = 100

const numbers = new Random(11)
const below = (count: number): number => numbers.below(count)
const hex = (digits: number): string =>
  Array.from({ length: digits / 8 }, () =>
    below(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('')

const SYLLABLES = 'ka ne ro ti mu sal der vin pol gar eth lom bri zan que fir dos wen hal yor'.split(' ')
/** 20,000 words; the lower its number, the more often a word is said. */
const vocabulary = Array.from({ length: 20_000 }, (_, n) => {
  const of = (at: number) => SYLLABLES[Math.floor(n / SYLLABLES.length ** at) % SYLLABLES.length]!
  return n < 400 ? of(0) + of(1) : of(0) + of(1) + of(2) + of(3)
})
const word = (): string => vocabulary[Math.floor(vocabulary.length ** numbers.next()) - 1]!
const sentence = (words: number): string => Array.from({ length: words }, word).join(' ')
const prompts = Array.from({ length: 8 }, () => `You are a helpful assistant. ${sentence(90)}`)

/** Said in one trace of so many. */
export const rareWords = { refund: 20, chargeback: 1000, zeppelin: 50_000 } as const

const resources = ['chat-api', 'search', 'billing', 'ingest', 'support', 'gateway'].map(name => ({
  attributes: { 'service.name': name, 'service.version': '1.4.2', 'host.name': 'app-7c9d5b6f4-x2k8p' },
}))
const scope = { name: '@afn/otel', version: '0.1.0' }

/** Of all requests that were made so far: a word → how many traces say it. */
export const said: Record<string, number> = { refund: 0, chargeback: 0, zeppelin: 0 }

/** OTLP protobuf, the oldest spans first. @param end of the set, in seconds since 1970 */
export function* requests(traces: number, end: number, seconds: number): Generator<Buffer> {
  for (let first = 0; first < traces; first += tracesPerRequest) {
    const of = resources[(first / tracesPerRequest) % resources.length]!
    const list = Array.from({ length: tracesPerRequest }, (_, n) =>
      trace(first + n, end - seconds + (seconds * (first + n)) / traces, of),
    )
    yield encodeSpans(list.flat() as unknown as Parameters<typeof encodeSpans>[0])
  }
}

function trace(number: number, at: number, resource: object): object[] {
  const traceId = hex(32)
  const failed = below(50) === 0
  const who = { 'user.id': `user-${below(10_000)}`, 'session.id': `session-${below(50_000)}` }
  const make = (name: string, kind: number, parent: string | undefined, attributes: object, spanId = hex(16)) => {
    const start = at + numbers.next() * 0.2
    const end = start + (parent === undefined ? 0.4 : 0.001) + numbers.next() ** 4 * 3
    const isFailed = failed && parent === undefined
    return {
      spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
      ...(parent && { parentSpanContext: { traceId, spanId: parent, traceFlags: 1 } }),
      name,
      kind,
      startTime: hrTime(start),
      endTime: hrTime(end),
      attributes,
      events: isFailed
        ? [
            {
              name: 'exception',
              time: hrTime(end),
              attributes: { 'exception.type': 'TimeoutError', 'exception.message': sentence(6) },
            },
          ]
        : [],
      links: [],
      status: isFailed ? { code: 2, message: 'the provider did not answer' } : { code: 0 },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
      resource,
      instrumentationScope: scope,
    }
  }
  const route = `/route-${below(20)}`
  const [root, agent] = [hex(16), hex(16)]
  const rare = Object.entries(rareWords)
    .filter(([, each]) => number % each === 7)
    .map(([text]) => text)
  for (const text of rare) said[text]!++
  const question = [sentence(40), ...rare].join(' ')
  const [first, second, result] = [sentence(25), sentence(80), sentence(60)]
  const system = message('system', prompts[below(prompts.length)]!)
  const model = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': `model-${below(12)}`,
    ...who,
  }
  const tool = `tool-${below(40)}`
  return [
    make(
      `POST ${route}`,
      1,
      undefined,
      {
        'http.request.method': 'POST',
        'http.route': route,
        'url.path': route,
        'http.response.status_code': failed ? 500 : 200,
        ...who,
      },
      root,
    ),
    make(
      'invoke_agent support',
      0,
      root,
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': `agent-${below(8)}`, ...who },
      agent,
    ),
    make('chat', 2, agent, {
      ...model,
      ...usage(),
      'gen_ai.input.messages': messages(system, message('user', question)),
      'gen_ai.output.messages': messages(message('assistant', first)),
    }),
    make(`execute_tool ${tool}`, 0, agent, {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'gen_ai.tool.call.arguments': JSON.stringify({ query: sentence(5) }),
      'gen_ai.tool.call.result': result,
      ...who,
    }),
    make('chat', 2, agent, {
      ...model,
      ...usage(),
      'gen_ai.input.messages': messages(
        system,
        message('user', question),
        message('assistant', first),
        message('tool', result),
      ),
      'gen_ai.output.messages': messages(message('assistant', second)),
    }),
  ]
}

const usage = () => ({
  'gen_ai.usage.input_tokens': below(4000),
  'gen_ai.usage.output_tokens': below(900),
  'afn.llm.cost.total': numbers.next() / 50,
  'gen_ai.response.id': `chatcmpl-${hex(24)}`,
})

const message = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] })
const messages = (...list: object[]): string => JSON.stringify(list)

const hrTime = (seconds: number): [number, number] => [Math.floor(seconds), Math.round((seconds % 1) * 1e9)]
