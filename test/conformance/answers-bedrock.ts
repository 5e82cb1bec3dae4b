// Bedrock's answers for the never-break suite; its streams are frames of AWS's binary event stream.
import { crc32 } from 'node:zlib'
import type { Recording } from './recordings'

const plain = (body: unknown, status = 200, headers: Record<string, string> = {}): Recording['response'] => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-requestid': 'r1', ...headers },
  body: JSON.stringify(body),
})

const usage = { inputTokens: 12, outputTokens: 6, totalTokens: 18 }

/** One event: headers are strings, which is type 7; a checksum after the prelude, and one at the end. */
function frame(type: string, payload: object): Buffer {
  const headers = Object.entries({ ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' })
  const head = Buffer.concat(
    headers.map(([name, value]) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(Buffer.byteLength(value))
      return Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7]),
        length,
        Buffer.from(value),
      ])
    }),
  )
  const body = Buffer.from(JSON.stringify(payload))
  const all = Buffer.alloc(12 + head.length + body.length + 4)
  all.writeUInt32BE(all.length, 0)
  all.writeUInt32BE(head.length, 4)
  all.writeUInt32BE(crc32(all.subarray(0, 8)), 8)
  head.copy(all, 12)
  body.copy(all, 12 + head.length)
  all.writeUInt32BE(crc32(all.subarray(0, -4)), all.length - 4)
  return all
}

const eventStream = (...frames: Buffer[]): Recording['response'] => ({
  status: 200,
  headers: { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': 'r1' },
  bodyBase64: Buffer.concat(frames).toString('base64'),
})

const chunk = (event: object) => frame('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') })

export const bedrockAnswers: Record<string, Recording['response']> = {
  'converse-plain': plain({
    output: { message: { role: 'assistant', content: [{ text: 'Grüße' }] } },
    stopReason: 'end_turn',
    usage,
    metrics: { latencyMs: 5 },
  }),
  'converse-stream': eventStream(
    frame('messageStart', { role: 'assistant' }),
    frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Grü' } }),
    frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'ße' } }),
    frame('contentBlockStop', { contentBlockIndex: 0 }),
    frame('messageStop', { stopReason: 'end_turn' }),
    frame('metadata', { usage, metrics: { latencyMs: 5 } }),
  ),
  'converse-error': plain({ message: 'Too many requests' }, 429, { 'x-amzn-errortype': 'ThrottlingException' }),
  'invoke-plain': plain(
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [{ type: 'text', text: 'Grüße' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 12, output_tokens: 6 },
    },
    200,
    { 'x-amzn-bedrock-input-token-count': '12', 'x-amzn-bedrock-output-token-count': '6' },
  ),
  'invoke-stream': eventStream(
    chunk({
      type: 'message_start',
      message: {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'c',
        content: [],
        usage: { input_tokens: 12, output_tokens: 1 },
      },
    }),
    chunk({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    chunk({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße' } }),
    chunk({ type: 'content_block_stop', index: 0 }),
    chunk({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 6 } }),
    chunk({
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: 12,
        outputTokenCount: 6,
        invocationLatency: 5,
        firstByteLatency: 2,
      },
    }),
  ),
}
