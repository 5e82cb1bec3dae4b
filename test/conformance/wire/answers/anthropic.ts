// Answers of Anthropic's messages, by the client's own types of the beta, which has all of the others.
import type Anthropic from '@anthropic-ai/sdk'
import { type Answer, type Call, type Facts, json, sse, type Tokens } from '../case'
import type { Received } from '../loopback'

export type BetaMessage = Anthropic.Beta.Messages.BetaMessage
type Usage = Anthropic.Beta.Messages.BetaUsage
type Event = Anthropic.Beta.Messages.BetaRawMessageStreamEvent
export type Iteration = NonNullable<Usage['iterations']>[number]

export interface AnthropicMore {
  /** What `usage` says at its top, where that is not the sum. */
  readonly top?: Tokens
  readonly iterations?: Iteration[]
  readonly usage?: Partial<Usage>
  readonly content?: BetaMessage['content']
}

export const messages = (facts: Facts, more: AnthropicMore = {}, others: readonly Facts[] = []): Call => ({
  facts: [facts, ...others],
  answer: request => messagesAnswer(facts, request, more),
})

export function messagesAnswer(facts: Facts, { body }: Received, more: AnthropicMore = {}): Answer {
  const { stream } = JSON.parse(body.toString('utf8')) as Anthropic.MessageCreateParams
  if (!stream) return json(message(facts, more))
  const [first, block, ...rest] = events(facts, more).map(event => [event.type, event] as const)
  const { waitMs = 0 } = facts
  return sse([first!, block!, waitMs, rest[0]!, waitMs, ...rest.slice(1)])
}

/** Its `input_tokens` leave out what is read from the cache or written to it. */
export const counts = ({ input = 0, cacheRead = 0, cacheWrite = 0, output = 0 }: Tokens) => ({
  cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: cacheWrite },
  cache_creation_input_tokens: cacheWrite,
  cache_read_input_tokens: cacheRead,
  input_tokens: input - cacheRead - cacheWrite,
  output_tokens: output,
})

export function message(facts: Facts, { top, iterations, usage, content }: AnthropicMore = {}): BetaMessage {
  return {
    id: facts.id ?? 'msg_none',
    type: 'message',
    role: 'assistant',
    model: facts.model,
    container: null,
    context_management: null,
    diagnostics: null,
    content: content ?? [{ type: 'text', text: 'Grüße', citations: null }],
    stop_details: null,
    stop_reason: (facts.finish?.[0] ?? 'end_turn') as BetaMessage['stop_reason'],
    stop_sequence: null,
    usage: {
      ...counts(top ?? facts),
      fallback_credit: null,
      inference_geo: null,
      iterations: iterations ?? null,
      output_tokens_details: facts.reasoning === undefined ? null : { thinking_tokens: facts.reasoning },
      server_tool_use: null,
      service_tier: 'standard',
      speed: 'standard',
      ...usage,
    },
  }
}

export function events(facts: Facts, more: AnthropicMore = {}): Event[] {
  const whole = message(facts, more)
  const { service_tier: _tier, speed: _speed, inference_geo: _geo, cache_creation: _creation, ...usage } = whole.usage
  const begun: BetaMessage = {
    ...whole,
    content: [],
    stop_reason: null,
    usage: { ...whole.usage, iterations: null, output_tokens: 1 },
  }
  return [
    { type: 'message_start', message: begun },
    ...blockEvents(whole.content[0]!),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      context_management: null,
      delta: { container: null, stop_details: null, stop_reason: whole.stop_reason, stop_sequence: null },
      usage,
    },
    { type: 'message_stop' },
  ]
}

function blockEvents(block: BetaMessage['content'][number]): Event[] {
  if (block.type === 'tool_use')
    return [
      { type: 'content_block_start', index: 0, content_block: { ...block, input: {} } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: JSON.stringify(block.input) } }, // biome-ignore format: one line
    ]
  return [
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grü' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ße' } },
  ]
}
