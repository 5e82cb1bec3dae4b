// Answers of Bedrock's Converse, by the client's own types; its streams are frames of AWS's binary event stream.

import { crc32 } from 'node:zlib'
import type { ConverseResponse, ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime'
import { type Answer, type Call, type Facts, json } from '../case'
import type { Received } from '../loopback'

export const converse = (facts: Facts): Call => ({ facts: [facts], answer: request => converseAnswer(facts, request) })

export function converseAnswer(facts: Facts, { path }: Received): Answer {
  const { input = 0, output = 0, cacheRead = 0, finish, waitMs = 0 } = facts
  const usage = {
    // it leaves out what is read from the cache
    inputTokens: input - cacheRead,
    outputTokens: output,
    totalTokens: input + output,
    ...(cacheRead > 0 && { cacheReadInputTokens: cacheRead, cacheWriteInputTokens: 0 }),
  }
  const stopReason = (finish?.[0] ?? 'end_turn') as NonNullable<ConverseResponse['stopReason']>
  const metrics = { latencyMs: 5 }
  if (!path.endsWith('converse-stream')) {
    const whole: ConverseResponse = {
      output: { message: { role: 'assistant', content: [{ text: 'Grüße' }] } },
      stopReason,
      usage,
      metrics,
    }
    return json(whole, { headers: requestId })
  }
  return {
    headers: { 'content-type': 'application/vnd.amazon.eventstream', ...requestId },
    parts: [
      event({ messageStart: { role: 'assistant' } }),
      waitMs,
      event({ contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Grü' } } }),
      waitMs,
      event({ contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'ße' } } }),
      event({ contentBlockStop: { contentBlockIndex: 0 } }),
      event({ messageStop: { stopReason } }),
      event({ metadata: { usage, metrics } }),
    ],
  }
}

const requestId = { 'x-amzn-requestid': 'r1' }

/** Headers are strings, which is type 7; a checksum stands after the prelude, and one at the end. */
function event(event: Partial<ConverseStreamOutput>): Buffer {
  const [[type, payload] = ['', {}]] = Object.entries(event)
  const named = { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' }
  const head = Buffer.concat(
    Object.entries(named).flatMap(([name, value]) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(Buffer.byteLength(value))
      return [Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)]
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
