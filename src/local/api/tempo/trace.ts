// `GET /api/traces/{id}` and `/api/v2/traces/{id}`. Called by index.ts.

import { messages } from '../../../otlp/messages'
import type { Document } from '../../../otlp/schema'
import { toProtobuf } from '../../../otlp/to-protobuf'
import { Writer } from '../../../otlp/writer'
import { Refused } from '../../body'
import { protobufJson } from './protobuf-json'

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

const message = messages.ExportTraceServiceRequest
const protobuf = 'application/protobuf'

/** Tempo's own search in a header: the first format that it knows wins, without regard to order and weight. */
const wantsProtobuf = (accept: string | undefined): boolean => accept?.includes(protobuf) ?? false

/** Version 1: the trace alone, or 404. */
export function answerV1(accept: string | undefined, trace: Document | undefined): Response {
  if (!trace) return new Response(null, { status: 404 })
  if (wantsProtobuf(accept)) return bytes(toProtobuf(message, trace))
  return Response.json({ batches: protobufJson(message, trace).resourceSpans })
}

/** Version 2: unknown traces are empty ones. */
export function answerV2(accept: string | undefined, trace: Document | undefined, isFiltered: boolean): Response {
  const partial = isFiltered && trace ? { status: 'PARTIAL', message: filtered } : {}
  if (!wantsProtobuf(accept))
    return Response.json({ trace: protobufJson(message, trace ?? {}), metrics: {}, ...partial })
  const writer = new Writer()
  // TraceByIDResponse: 1 trace, 2 metrics, 3 status, 4 message
  writer.bytes(1, toProtobuf(message, trace ?? {}))
  writer.bytes(2, Buffer.alloc(0))
  if (partial.message) {
    writer.unsigned(3, 1)
    writer.text(4, partial.message)
  }
  return bytes(writer.finish())
}

const filtered = 'Trace filtered, only a subset of spans matching the filter is returned'

const bytes = (body: Buffer): Response => new Response(new Uint8Array(body), { headers: { 'content-type': protobuf } })
