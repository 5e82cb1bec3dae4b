// Calls that fail, end early, are left by the application or are tried again.
import { events, messages } from '../answers/anthropic'
import { content, generate } from '../answers/google'
import { chat, chatStream, completion } from '../answers/openai-chat'
import { response, events as responseEvents, responses, type Sent } from '../answers/openai-responses'
import { type Answer, type Call, type Case, type Facts, json, type Node, sse } from '../case'
import { usd } from '../prices'
import { factsOf } from './facts'

const gpt = (more: Partial<Facts> = {}) => factsOf('openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini', more)
const claude = (more: Partial<Facts> = {}) =>
  factsOf('anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5', more)
const gemini = (more: Partial<Facts> = {}) => factsOf('gcp.gemini', 'gemini-2.5-flash', 'gemini-2.5-flash', more)

/** A call that failed before anything was told; a status is its own name of the failure. */
const failed = (provider: string, model: string) => (error: number | 'any'): Facts => ({ provider, model, cost: 'unknown', error: error === 'any' ? 'any' : [String(error)] }) // biome-ignore format: one line
const gptFailed = failed('openai', 'gpt-5-mini')
const claudeFailed = failed('anthropic', 'claude-sonnet-4-5')
const geminiFailed = failed('gcp.gemini', 'gemini-2.5-flash')
/** The provider bills it, and had not told its counts yet. */
const untold = ({ id, provider, model }: Facts, error?: 'any'): Facts => ({ ...(id && { id }), provider, model, cost: 'unknown', ...(error && { error }) }) // biome-ignore format: one line

const soon = { 'retry-after': '0', 'retry-after-ms': '10' }
const refusals: Record<string, (status: number) => Answer> = {
  openai: status => json({ error: { message: 'no', type: 'some', param: null, code: 'some' } }, { status, headers: soon }), // biome-ignore format: one line
  anthropic: status => json({ type: 'error', error: { type: 'some_error', message: 'no' } }, { status, headers: soon }),
  google: status => json({ error: { code: status, message: 'no', status: 'SOME' } }, { status }),
}
const never: Answer = { parts: [20_000] }
const reset: Answer = { parts: [], ends: 'cut' }

const always = (facts: Facts, answer: Answer): Call => ({ facts: [facts], answer: () => answer })
/** One answer after the other, the last of them again and again. */
const inTurn = (...turns: readonly [Facts, Answer][]): Call => ({
  facts: turns.map(([facts]) => facts),
  answer: (_, turn) => turns[Math.min(turn, turns.length - 1)]![1],
})
const refused = (client: string, provider: string, of: (error: number) => Facts, statuses: readonly number[]) =>
  Object.fromEntries(statuses.map(status => [`${status}: ${client}`, always(of(status), refusals[provider]!(status))]))

/** So many parts, then another one, or an end in the middle. */
const broken = (answer: Answer, parts: number, then: string | undefined, ends?: Answer['ends']): Answer => {
  const { ends: _, ...rest } = answer
  const sent = [...answer.parts.slice(0, parts), ...(then === undefined ? [20] : [then])]
  return { ...rest, parts: sent, ...(ends && { ends }) }
}
const claudeStream = (facts: Facts) => sse(events(facts).map(event => [event.type, event] as const))

function openai(): Record<string, Call> {
  const [cut, within, left, silent, third] = [gpt(), gpt(), gpt(), gpt({ finish: ['stop'] }), gpt()]
  const choice = completion(silent).choices[0]!
  const asRefused = { ...choice, message: { ...choice.message, content: null, refusal: 'No.' } }
  const incomplete: Partial<Sent> = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
  const failedResponse = () => {
    const { usage: _, ...untold } = response(gpt(), {
      status: 'failed',
      error: { code: 'server_error', message: 'no' },
    })
    return untold
  }
  const [whole, streamed] = [failedResponse(), failedResponse()]
  const [begun] = responseEvents(gpt())
  return {
    ...refused('openai', 'openai', gptFailed, [400, 401, 404, 429, 500, 503]),
    ...refused('openai stream', 'openai', gptFailed, [429, 500]),
    ...refused('openai responses', 'openai', gptFailed, [400, 429]),
    ...refused('fetch', 'openai', gptFailed, [429]),
    '429, 503, answered: openai retries': inTurn(
      [gptFailed(429), refusals.openai!(429)],
      [gptFailed(503), refusals.openai!(503)],
      [third, json(completion(third))],
    ),
    'reset: openai': always(gptFailed('any'), reset),
    'reset: fetch': always(gptFailed('any'), reset),
    'cut: openai stream': always(untold(cut, 'any'), broken(chatStream(cut), 5, undefined, 'cut')),
    'error within: openai stream': always(
      untold(within, 'any'),
      broken(chatStream(within), 4, 'data: {"error":{"message":"no","type":"server_error","code":"server_error"}}\n\n'),
    ),
    'left: openai abort': always(untold(left), broken(chatStream(left), 5, undefined, 'never')),
    'length: openai': chat(gpt({ finish: ['length'] })),
    'content_filter: openai stream': chat(gpt({ finish: ['content_filter'] })),
    'refusal: openai': always(silent, json({ ...completion(silent), choices: [asRefused] })),
    'incomplete: openai responses': responses(gpt({ finish: ['max_output_tokens'] }), incomplete),
    'failed: openai responses': always({ ...gptFailed('any'), model: whole.model, id: whole.id }, json(whole)),
    'failed: openai responses stream': always(
      { ...gptFailed('any'), model: streamed.model, id: streamed.id },
      sse([
        ['response.created', begun!],
        ['response.failed', { type: 'response.failed', sequence_number: 1, response: streamed }],
      ]),
    ),
    'never: openai timeout': always(gptFailed('any'), never),
    'never, twice: openai timeouts': inTurn([gptFailed('any'), never], [gptFailed('any'), never]),
    'never: fetch timeout': always(gptFailed('any'), never),
    'never: axios timeout': always(gptFailed('any'), never),
  }
}

function anthropic(): Record<string, Call> {
  const [cut, within, second] = [claude(), claude(), claude()]
  // Counts of input come with the first event, those of output at the end: the part that was told is counted.
  const begun = (facts: Facts): Facts => {
    const { input = 0, cacheRead = 0 } = facts
    return { ...untold(facts, 'any'), input, cacheRead, cost: usd('claude-sonnet-4-5', { input, cacheRead }) }
  }
  return {
    ...refused('anthropic', 'anthropic', claudeFailed, [400, 401, 413, 429, 500, 529]),
    ...refused('anthropic stream', 'anthropic', claudeFailed, [429, 529]),
    '529, answered: anthropic retries': inTurn(
      [claudeFailed(529), refusals.anthropic!(529)],
      [second, messages(second).answer({ body: Buffer.from('{}') } as never, 0)!],
    ),
    'reset: anthropic': always(claudeFailed('any'), reset),
    'cut: anthropic stream': always(begun(cut), broken(claudeStream(cut), 3, undefined, 'cut')),
    'overloaded within: anthropic stream': always(
      begun(within),
      broken(claudeStream(within), 3, 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"no"}}\n\n'), // biome-ignore format: one line
    ),
    'max_tokens: anthropic': messages(claude({ finish: ['max_tokens'] })),
    'refusal: anthropic': messages(claude({ finish: ['refusal'] })),
    'pause_turn: anthropic stream': messages(claude({ finish: ['pause_turn'] })),
    'model_context_window_exceeded: anthropic': messages(claude({ finish: ['model_context_window_exceeded'] })),
    'never: anthropic timeout': always(claudeFailed('any'), never),
  }
}

function google(): Record<string, Call> {
  const blocked = gemini({ output: 0, cacheRead: 0 })
  const { finish: _, ...unfinished } = blocked
  const { candidates: __, ...withoutCandidates } = content(blocked, '')
  return {
    ...refused('genai', 'google', geminiFailed, [400, 429, 503]),
    'SAFETY: genai': generate(gemini({ finish: ['SAFETY'] })),
    'MAX_TOKENS: genai': generate(gemini({ finish: ['MAX_TOKENS'] })),
    'blocked: genai': always(unfinished, json({ ...withoutCandidates, promptFeedback: { blockReason: 'SAFETY' } })),
  }
}

const failing = (name: string, calls: Record<string, Call>, more: Partial<Case> = {}): Case => ({
  group: 'failures',
  name,
  app: 'failures.mjs',
  calls,
  ...more,
})
const from22: readonly Node[] = [22, 24, 26]

export const failures: readonly Case[] = [
  failing('openai 7, failures', openai(), { nodes: from22 }),
  failing('openai 6, failures', openai(), { modules: { openai: 'openai-6' }, nodes: [20] }),
  failing('anthropic, failures', anthropic()),
  failing('genai, failures', google(), { nodes: from22 }),
  failing('got, failures', { 'never: got timeout': always(gptFailed('any'), never) }, { nodes: from22 }),
]
