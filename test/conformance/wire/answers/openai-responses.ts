// Answers of OpenAI's Responses API, by the client's own types.
import type OpenAI from 'openai'
import { type Answer, type Call, type Facts, json, sse } from '../case'
import type { Received } from '../loopback'

type Response = OpenAI.Responses.Response
/** As it is sent: the client makes `output_text` itself. */
export type Sent = Omit<Response, 'output_text'>
type Event = OpenAI.Responses.ResponseStreamEvent

export const responses = (facts: Facts, more: Partial<Sent> = {}, text?: string): Call => ({
  facts: [facts],
  answer: request => responsesAnswer(facts, request, { ...(text && { output: [message(text)] }), ...more }),
})

export function responsesAnswer(facts: Facts, { body }: Received, more: Partial<Sent> = {}): Answer {
  const { stream } = JSON.parse(body.toString('utf8')) as OpenAI.Responses.ResponseCreateParams
  if (!stream) return json(response(facts, more))
  const [first, ...rest] = events(facts, more).map(event => [event.type, event] as const)
  const { waitMs = 0 } = facts
  return sse([first!, waitMs, rest[0]!, waitMs, ...rest.slice(1)])
}

export function response(facts: Facts, more: Partial<Sent> = {}): Sent {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0, reasoning = 0 } = facts
  return {
    id: facts.id ?? 'resp_none',
    object: 'response',
    created_at: 1_796_000_000,
    status: 'completed',
    access_programs: null,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: facts.model,
    output: [message()],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: input + output,
    },
    ...more,
  }
}

export const message = (text = 'Grüße'): OpenAI.Responses.ResponseOutputMessage => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
})

export function events(facts: Facts, more: Partial<Sent> = {}): Event[] {
  const whole = response(facts, more) as Response
  const { usage: _, ...begun } = { ...whole, status: 'in_progress' as const, output: [] }
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }
  return [
    { type: 'response.created', sequence_number: 0, response: begun },
    { type: 'response.output_text.delta', sequence_number: 1, ...place, delta: 'Grü', logprobs: [] },
    { type: 'response.output_text.delta', sequence_number: 2, ...place, delta: 'ße', logprobs: [] },
    { type: 'response.completed', sequence_number: 3, response: whole },
  ]
}
