// The stream of a provider's answer, from its bytes to the attributes of the span, with content and without.
import { outputAttributes } from '../../../src/app/llm/content'
import { ResponseReader } from '../../../src/app/llm/observe/response'
import { answerAttributes } from '../../../src/app/llm/observe/response-attributes'
import type { ProtocolName } from '../../../src/app/llm/providers/paths'
import { protocols } from '../../../src/app/llm/providers/protocols'
import type { Surface } from '../search.mjs'
import { filled } from './filled'

/** Bytes that come in one go. */
const CHUNK = 16_384

export function readAnswer(
  protocol: ProtocolName,
  bytes: Uint8Array,
  content: boolean,
  stream: boolean,
  turn = () => {},
): unknown {
  const reader = new ResponseReader(protocols[protocol], { choices: 1, content, stream })
  for (let from = 0; from < bytes.length && !reader.ended; from += CHUNK) {
    reader.push(bytes.subarray(from, from + CHUNK))
    turn()
  }
  const { document } = reader.end(true)
  if (document === undefined) return undefined
  const answer = protocols[protocol].response(document, () => undefined)
  return [answerAttributes(answer), content && outputAttributes(protocols[protocol].output(document))]
}

/** An event of the shortest that each has, as it is sent. */
const words: Partial<Record<ProtocolName, object>> = {
  // growing counts in each event, as Groq, Moonshot and xAI send them
  'openai-chat': {
    choices: [{ index: 0, delta: { content: ' a' } }],
    usage: { prompt_tokens: 9, completion_tokens: 9 },
  },
  'openai-responses': { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: ' a' },
  'anthropic-messages': { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' a' } },
  'google-generate': { candidates: [{ content: { parts: [{ text: ' a' }] } }] },
  'google-interactions': { event_type: 'step.delta', index: 0, delta: { type: 'text', text: ' a' } },
  'mistral-conversations': { type: 'message.output.delta', id: 'a', content: ' a' },
  'cohere-chat': { type: 'content-delta', index: 0, delta: { message: { content: { text: ' a' } } } },
  'vercel-language': { type: 'text-delta', id: 'a', delta: ' a' },
  'bedrock-invoke': { generation: ' a', generation_token_count: 1 },
  dashscope: { output: { choices: [{ message: { content: ' a' } }] }, usage: { input_tokens: 1, output_tokens: 1 } },
  'ollama-chat': { model: 'a', message: { content: ' a' }, done: false },
  'text-generation': { index: 1, token: { text: ' a', special: false } },
}

/** Pieces of every shape, and one with something new in each event. */
const pieces = (event: object): string[] => {
  const json = JSON.stringify(event)
  return [
    `data: ${json}\n\n`,
    `data: ${json.replaceAll('0', '{n}')}\n\n`,
    `data: ${json.replace('{', '{"k{n}":1,')}\n\n`,
    ...[...json.matchAll(/(?<=.)[{]/g)].map(
      ({ index }) => `data: ${json.slice(0, index + 1)}"k{n}":1,${json.slice(index + 1)}\n\n`,
    ),
    `data: ${json.replace(/" a"/, '[{"type":"t{n}"}]')}\n\n`,
    `data: ${json.replace(/" a"/, '{"a":1}')}\n\n`,
    json,
  ]
}

const shared = ['data: ', 'data:', '\n\n', '\n', '\r\n', '\r', ':', 'event: x\n', 'id: 1\n', 'data: {}\n\n', 'data: {\n\n', 'data: x\n\n', 'data: [DONE]\n\n', 'data: []\n\n', 'data: {"usage":{"a{n}":1}}\n\n', '{"usage":', '"finish_reason":"x"', '"error":null', '{', '}', '[', ']', '"', '\\', ',', 'null', '1e400', '"index":{n}', '"k{n}":1', '\\u0041', '"tool_calls":[{"index":{n},"id":"c{n}","function":{"name":"f","arguments":"{"}}]', 'data: {"choices":[{"index":{n},"delta":{"content":"x","tool_calls":[{"index":{n},"id":"a"}]}}]}\n\n', '\ufeff'] // biome-ignore format: a table

export const streams = (protocol: ProtocolName, content: boolean): Surface => ({
  name: 'streams',
  anchors: [...shared, ...pieces(words[protocol]!)],
  harmless: length => filled(length, '', () => `data: ${JSON.stringify(words[protocol])}\n\n`, ''),
  run: (text, turn) => readAnswer(protocol, Buffer.from(text, 'latin1'), content, true, turn),
})
