// `GET /api/traces/{id}` and `/api/v2/traces/{id}`.

import type { Document } from '../../../otlp/schema'
import { Writer } from '../../../otlp/writer'
import { Refused } from '../../body'
import { mostSpans } from './document'
import { jsonOfSpans, protobufOfTrace } from './trace-body'

/**
 * 32 hexadecimal digits of an id that may lack leading zeros.
 * @throws Refused with 400
 */
export function traceIdIn(text: string): string {
  if (!/^[0-9a-f]+$/i.test(text))
    throw new Refused(400, `trace IDs can only contain hex characters: "${text}" does not`)
  if (text.length > 32) throw new Refused(400, "trace IDs can't be larger than 128 bits")
  return text.toLowerCase().padStart(32, '0')
}

const protobuf = 'application/protobuf'

/** Tempo's own search in a header: the first format that it knows wins, without regard to order and weight. */
const wantsProtobuf = (accept: string | undefined): boolean => accept?.includes(protobuf) ?? false

/** Version 1: the trace alone, or 404. */
export async function answerV1(accept: string | undefined, trace: Document | undefined): Promise<Response> {
  if (!trace) return new Response(null, { status: 404 })
  if (wantsProtobuf(accept)) return bytes(protobuf, await protobufOfTrace(trace))
  return bytes(json, Buffer.concat([Buffer.from('{"batches":'), await jsonOfSpans(trace), Buffer.from('}')]))
}

/** Version 2: unknown traces are empty ones. */
export async function answerV2(
  accept: string | undefined,
  trace: Document | undefined,
  isFiltered: boolean,
): Promise<Response> {
  const message = trace && (isFiltered ? filtered : isCut(trace) ? cut : undefined)
  if (!wantsProtobuf(accept)) {
    const rest = { metrics: {}, ...(message && { status: 'PARTIAL', message }) }
    const written = trace
      ? Buffer.concat([Buffer.from('{"resourceSpans":'), await jsonOfSpans(trace), Buffer.from('}')])
      : '{}'
    return bytes(
      json,
      Buffer.concat([Buffer.from('{"trace":'), Buffer.from(written), Buffer.from(`,${JSON.stringify(rest).slice(1)}`)]),
    )
  }
  const writer = new Writer()
  // TraceByIDResponse: 1 trace, 2 metrics, 3 status, 4 message
  writer.bytes(1, trace ? await protobufOfTrace(trace) : Buffer.alloc(0))
  writer.bytes(2, Buffer.alloc(0))
  if (message) {
    writer.unsigned(3, 1)
    writer.text(4, message)
  }
  return bytes(protobuf, writer.finish())
}

const filtered = 'Trace filtered, only a subset of spans matching the filter is returned'
const cut = `Trace exceeds ${mostSpans} spans, only the first of them are returned`

function isCut(trace: Document): boolean {
  const scopes = (trace.resourceSpans as Document[]).flatMap(({ scopeSpans }) => scopeSpans as Document[])
  return scopes.reduce((sum, { spans }) => sum + (spans as unknown[]).length, 0) >= mostSpans
}

const json = 'application/json'

const bytes = (type: string, body: Buffer): Response =>
  new Response(new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.length), {
    headers: { 'content-type': type },
  })
