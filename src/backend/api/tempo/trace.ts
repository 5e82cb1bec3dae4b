// `GET /api/traces/{id}` and `/api/v2/traces/{id}`.

import { Writer } from '../../../shared/otlp/writer'
import { Refused } from '../../body'
import { MOST_BYTES } from '../bounded-rows'
import type { StoredTrace } from './document'
import { jsonOfSpans, protobufOfTrace } from './trace-body'

/**
 * Normalizes an id that may lack leading zeros to 32 hexadecimal digits.
 * @throws Refused with 400
 */
export function traceIdIn(text: string): string {
  if (!/^[0-9a-f]+$/i.test(text))
    throw new Refused(400, `trace IDs can only contain hex characters: "${text}" does not`)
  if (text.length > 32) throw new Refused(400, "trace IDs can't be larger than 128 bits")
  return text.toLowerCase().padStart(32, '0')
}

const protobuf = 'application/protobuf'

/** Tempo looks for the format in the header without regard to order and weight. */
const wantsProtobuf = (accept: string | undefined): boolean => accept?.includes(protobuf) ?? false

/** Version 1: only the trace, or 404. Its body has no field to report omitted spans. */
export async function answerV1(accept: string | undefined, trace: StoredTrace | undefined): Promise<Response> {
  if (!trace) return new Response(null, { status: 404 })
  const more: Record<string, string> = trace.left > 0 ? { warning: `299 - "${cut(trace)}"` } : {}
  if (wantsProtobuf(accept)) return bytes(protobuf, await protobufOfTrace(trace.document), more)
  const written = await jsonOfSpans(trace.document)
  return bytes(json, Buffer.concat([Buffer.from('{"batches":'), written, Buffer.from('}')]), more)
}

/** Version 2: an unknown trace is an empty one. */
export async function answerV2(
  accept: string | undefined,
  trace: StoredTrace | undefined,
  isFiltered: boolean,
): Promise<Response> {
  const message = trace && (trace.left > 0 ? cut(trace) : isFiltered ? filtered : undefined)
  if (!wantsProtobuf(accept)) {
    const rest = JSON.stringify({ metrics: {}, ...(message && { status: 'PARTIAL', message }) }).slice(1)
    const written = trace
      ? [Buffer.from('{"trace":{"resourceSpans":'), await jsonOfSpans(trace.document), Buffer.from('},')]
      : [Buffer.from('{"trace":{},')]
    return bytes(json, Buffer.concat([...written, Buffer.from(rest)]))
  }
  const writer = new Writer()
  // TraceByIDResponse: 1 trace, 2 metrics, 3 status, 4 message
  writer.bytes(1, trace ? await protobufOfTrace(trace.document) : Buffer.alloc(0))
  writer.bytes(2, Buffer.alloc(0))
  if (message) {
    writer.unsigned(3, 1)
    writer.text(4, message)
  }
  return bytes(protobuf, writer.finish())
}

const filtered = 'Trace filtered, only a subset of spans matching the filter is returned'
const cut = ({ spans, left }: StoredTrace): string =>
  `The trace has ${spans} spans; ${left} are omitted because a response is limited to ${MOST_BYTES / 2 ** 20} MiB`

const json = 'application/json'

const bytes = (type: string, body: Buffer, headers: Record<string, string> = {}): Response =>
  new Response(new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.length), {
    headers: { 'content-type': type, ...headers },
  })
