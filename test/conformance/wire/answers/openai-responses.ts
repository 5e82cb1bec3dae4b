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
  const { waitMs = 0 } = facts
  const sent = events(facts, more).map(event => [event.type, event] as const)
  const content = sent.findIndex(([type]) => type.endsWith('.delta'))
  return sse([
    ...sent.slice(0, content),
    waitMs,
    ...sent.slice(content, content + 1),
    waitMs,
    ...sent.slice(content + 1),
  ])
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
  const unnumbered = [
    { type: 'response.created', response: begun },
    ...whole.output.flatMap((item, output_index) => itemEvents(item, output_index)),
    { type: 'response.completed', response: whole },
  ]
  return unnumbered.map((event, sequence_number) => ({ ...event, sequence_number }) as Event)
}

type Unnumbered<E> = E extends Event ? Omit<E, 'sequence_number'> : never

function itemEvents(item: OpenAI.Responses.ResponseOutputItem, output_index: number): Unnumbered<Event>[] {
  const done: Unnumbered<Event> = { type: 'response.output_item.done', output_index, item }
  if (item.type === 'function_call') {
    const [item_id, begun] = [item.id ?? '', { ...item, arguments: '', status: 'in_progress' as const }]
    return [
      { type: 'response.output_item.added', output_index, item: begun },
      { type: 'response.function_call_arguments.delta', item_id, output_index, delta: item.arguments },
      { type: 'response.function_call_arguments.done', item_id, output_index, arguments: item.arguments }, // biome-ignore format: one line
      done,
    ]
  }
  const [content] = item.type === 'message' ? item.content : []
  if (item.type !== 'message' || content?.type !== 'output_text') return [{ ...done, type: 'response.output_item.added' }, done] // biome-ignore format: one line
  const place = { item_id: item.id, output_index, content_index: 0 }
  const deltas = [content.text.slice(0, 2), content.text.slice(2)]
  return [
    { type: 'response.output_item.added', output_index, item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...place, part: { ...content, text: '' } },
    ...deltas.map(delta => ({ type: 'response.output_text.delta' as const, ...place, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...place, text: content.text, logprobs: [] },
    { type: 'response.content_part.done', ...place, part: content },
    done,
  ]
}
