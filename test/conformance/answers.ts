// What the provider of the never-break suite answers, by name: the recordings of this repository, and small answers in the
// shape that each provider documents.
import path from 'node:path'
import { root } from '../support/packed'
import { asks, withoutUsageOption } from '../unit/llm/without-usage-option'
import { bedrockAnswers } from './answers-bedrock'
import { type Recording, readFolder } from './recordings'

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Recording['response'] => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
const lines = (type: string, text: string): Recording['response'] => ({
  status: 200,
  headers: { 'content-type': type },
  body: text,
})
/** Events by their data, with their names where the protocol has them. */
const events = (data: object[], named = false, end = '') =>
  lines(
    'text/event-stream',
    data
      .map(item => `${named ? `event: ${(item as { type: string }).type}\n` : ''}data: ${JSON.stringify(item)}\n\n`)
      .join('') + end,
  )

const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }
const chat = (message: object, finish_reason = 'stop', model = 'gpt-4o-mini-2024-07-18') =>
  json({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: null, refusal: null, ...message }, finish_reason }],
    usage,
  })
const chunks = (model: string) =>
  events(
    [
      { delta: { role: 'assistant', content: '' } },
      { delta: { content: 'Grü' } },
      { delta: { content: 'ße, 世界' } },
      { delta: {}, finish_reason: 'stop' },
    ].map((choice, i) => ({
      id: 'c1',
      object: 'chat.completion.chunk',
      created: 1,
      model,
      choices: [{ index: 0, finish_reason: null, ...choice }],
      ...(i === 3 && { usage }),
    })),
    false,
    'data: [DONE]\n\n',
  )

const responseDocument = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'gpt-4o-mini-2024-07-18',
  output: [
    {
      type: 'message',
      id: 'msg_1',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Grüße', annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 9,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 3,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 12,
  },
}
const message = responseDocument.output[0]
const at = { output_index: 0, item_id: 'msg_1', content_index: 0 }
const responseEvents = [
  { type: 'response.created', response: { ...responseDocument, status: 'in_progress', output: [], usage: null } },
  { type: 'response.output_item.added', output_index: 0, item: { ...message, content: [], status: 'in_progress' } },
  { type: 'response.content_part.added', ...at, part: { type: 'output_text', text: '', annotations: [] } },
  { type: 'response.output_text.delta', ...at, delta: 'Grü' },
  { type: 'response.output_text.delta', ...at, delta: 'ße' },
  { type: 'response.output_text.done', ...at, text: 'Grüße' },
  { type: 'response.content_part.done', ...at, part: { type: 'output_text', text: 'Grüße', annotations: [] } },
  { type: 'response.output_item.done', output_index: 0, item: message },
  { type: 'response.completed', response: responseDocument },
].map((event, sequence_number) => ({ ...event, sequence_number }))

/** Claude Code asks for streams alone. */
const claude = (block: object, delta: object, stop_reason: string) => {
  const usage = { input_tokens: 11, cache_creation_input_tokens: 0, cache_read_input_tokens: 5, output_tokens: 7 }
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5', content: [] }
  return events(
    [
      { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null, usage } },
      { type: 'content_block_start', index: 0, content_block: block },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
      { type: 'message_stop' },
    ],
    true,
  )
}
const claudeTool = (name: string, input: object) =>
  claude(
    { type: 'tool_use', id: 'toolu_1', name, input: {} },
    { type: 'input_json_delta', partial_json: JSON.stringify(input) },
    'tool_use',
  )

const google = (text: string, more: object = {}) => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...more }],
  usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 5, totalTokenCount: 13 },
  modelVersion: 'gemini-2.5-flash',
  responseId: 'g1',
})
const cohereUsage = {
  billed_units: { input_tokens: 5, output_tokens: 4 },
  tokens: { input_tokens: 80, output_tokens: 4 },
}
const ollama = (content: string, done: boolean) => ({
  model: 'llama3.2',
  created_at: '2026-01-01T00:00:00Z',
  message: { role: 'assistant', content },
  done,
  ...(done && { done_reason: 'stop', prompt_eval_count: 26, eval_count: 9, total_duration: 1, eval_duration: 1 }),
})
const openaiError = { error: { message: 'The server is overloaded', type: 'server_error', param: null, code: null } }

const authored: Record<string, Recording['response']> = {
  'chat-json': chat({ content: '{"city":"Zürich"}' }),
  'chat-tool': chat(
    {
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Zürich"}' } },
      ],
    },
    'tool_calls',
  ),
  'chat-hand-off': chat(
    { tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'transfer_to_clerk', arguments: '{}' } }] },
    'tool_calls',
  ),
  'chat-retry-503': json(openaiError, 503, { 'retry-after-ms': '1' }),
  'chat-stream-error': lines('text/event-stream', `data: ${JSON.stringify(openaiError)}\n\n`),
  'chat-error-429': json({ error: { message: 'Slow down', type: 'rate_limit_error', code: '429' } }, 429, {
    'retry-after': '1',
  }),
  'responses-plain': json(responseDocument),
  'responses-stream': events(responseEvents, true),
  // as base64, which the client asks for when its caller did not say
  embeddings: json({
    object: 'list',
    model: 'text-embedding-3-small',
    data: [0, 1].map(index => ({ object: 'embedding', index, embedding: 'AAAAPwAAgD4AAAA+' })),
    usage: { prompt_tokens: 4, total_tokens: 4 },
  }),
  'embeddings-floats': json({
    object: 'list',
    model: 'text-embedding-3-small',
    data: [0, 1].map(index => ({ object: 'embedding', index, embedding: [0.5, 0.25] })),
    usage: { prompt_tokens: 4, total_tokens: 4 },
  }),
  transcription: json({
    text: 'Good morning',
    usage: { type: 'tokens', input_tokens: 14, output_tokens: 5, total_tokens: 19 },
  }),
  models: json({ object: 'list', data: [{ id: 'gpt-4o-mini', object: 'model', created: 1, owned_by: 'system' }] }),
  'message-retry-529': json({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 529, {
    'retry-after-ms': '1',
  }),
  'claude-text': claude({ type: 'text', text: '' }, { type: 'text_delta', text: 'Grüße' }, 'end_turn'),
  'claude-bash': claudeTool('Bash', { command: 'echo rain', description: 'say it' }),
  'claude-app-tool': claudeTool('mcp__app__weather', { city: 'Zürich' }),
  'google-plain': json(google('Grüße', { finishReason: 'STOP' })),
  'google-stream': events([google('Grü'), google('ße, '), google('世界', { finishReason: 'STOP' })]),
  'google-error': json({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }, 503),
  'google-embeddings': json({ embeddings: [{ values: [0.5, 0.25] }] }),
  'mistral-plain': chat({ content: 'Grüße' }, 'stop', 'mistral-small-latest'),
  'mistral-stream': chunks('mistral-small-latest'),
  'mistral-error': json({ object: 'error', message: 'Overloaded', type: 'unavailable', code: '1' }, 503),
  'groq-plain': chat({ content: 'Grüße' }, 'stop', 'llama-3.3-70b'),
  'groq-stream': chunks('llama-3.3-70b'),
  'cohere-plain': json({
    id: 'co1',
    finish_reason: 'COMPLETE',
    message: { role: 'assistant', content: [{ type: 'text', text: 'Grüße' }] },
    usage: cohereUsage,
  }),
  'cohere-stream': events(
    [
      { type: 'message-start', id: 'co1', delta: { message: { role: 'assistant', content: [], tool_calls: [] } } },
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
      { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Grü' } } } },
      { type: 'content-delta', index: 0, delta: { message: { content: { text: 'ße' } } } },
      { type: 'content-end', index: 0 },
      { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: cohereUsage } },
    ],
    true,
  ),
  'cohere-error': json({ message: 'overloaded' }, 503),
  'ollama-plain': json(ollama('Grüße', true)),
  'ollama-stream': lines(
    'application/x-ndjson',
    [ollama('Grü', false), ollama('ße', false), ollama('', true)].map(item => `${JSON.stringify(item)}\n`).join(''),
  ),
  'ollama-error': json({ error: 'model "x" not found' }, 404),
  ...bedrockAnswers,
}

/** Input and output tokens of the answers above, by how their names begin; the first that fits. */
const counts: [start: RegExp, input: number | undefined, output: number | undefined][] = [
  [/error|retry|models|google-embeddings/, undefined, undefined],
  [/^(chat|mistral|groq)/, 11, 7],
  [/^transcription/, 14, 5],
  [/^responses/, 9, 3],
  [/^embeddings/, 4, undefined],
  [/^claude/, 16, 7],
  [/^google/, 8, 5],
  [/^cohere/, 5, 4],
  [/^ollama/, 26, 9],
  [/^(converse|invoke)/, 12, 6],
]

export type Tokens = [input: unknown, output: unknown]

/** Every answer by its name, and the tokens that a span of it has to tell. */
export function answers(): { recordings: Map<string, Recording>; tokens: Map<string, Tokens> } {
  const { recordings, expected } = readFolder(path.join(root, 'test/fixtures/recordings'))
  const tokens = new Map<string, Tokens>()
  for (const [id, { inputTokens, outputTokens }] of expected) {
    tokens.set(id, [inputTokens ?? undefined, outputTokens ?? undefined])
  }
  for (const [id, response] of Object.entries(authored)) {
    const request = { url: '', method: 'POST', headers: {}, body: undefined }
    recordings.set(id, { id, protocol: '', request, response, stream: id.includes('stream') })
    const [, input, output] = counts.find(([start]) => start.test(id)) ?? []
    tokens.set(id, [input, output])
  }
  const usage = recordings.get('chat-stream-usage')!
  recordings.set(QUIET, { ...usage, id: QUIET, response: withoutUsageOption(usage)!.respond!('{}') })
  return { recordings, tokens }
}

const QUIET = 'chat-stream-quiet'

/** The answer of a name. A stream of `chat-stream-unasked` has its counts where the request wants them. */
export function answerOf(name: string, body: Buffer): string {
  if (name !== 'chat-stream-unasked') return name
  return asks(body) ? 'chat-stream-usage' : QUIET
}
