// Processes an OTLP request after decompression, for HTTP and gRPC: checks its size, decodes it if needed, and passes it on.

import type { Signal } from '../shared/config/otlp'
import { fromJson } from '../shared/otlp/from-json'
import { fromProtobuf } from '../shared/otlp/from-protobuf'
import { requestMessages } from '../shared/otlp/messages'
import { type Document, Malformed, TooMany } from '../shared/otlp/schema'
import type { TracesData } from '../shared/otlp/trace'
import { nextTurn } from '../shared/otlp/turns'
import { weighJson, weighProtobuf } from '../shared/otlp/weight'
import { Refused } from './body'
import { reasonFor } from './faults'
import type { Encoding, PartialSuccess } from './otlp-answer'

/** What was rejected, for the answer. If the promise rejects, the client sends the request again. */
type TakeResult = PartialSuccess | undefined | Promise<PartialSuccess | undefined>

export interface Takers {
  /** These get requests in the shape of OTLP JSON, whatever their encoding was. */
  readonly onTraces: (request: TracesData) => TakeResult
  readonly onMetrics: (request: Document) => TakeResult
  readonly onLogs: (request: Document) => TakeResult
  /** Replaces the three for protobuf requests, which are then not decoded. May throw Malformed. */
  readonly onProtobuf?: (signal: Signal, request: Buffer) => TakeResult
  /** Called with the HTTP status of each answer. */
  readonly onAnswered?: (signal: Signal, status: number) => void
  /** Called with the decompressed body of each request before it is decoded. */
  readonly onBytes?: (signal: Signal, bytes: Buffer) => void
}

/** Bytes that are decoded without a noticeable delay. */
const SMALL = 16 * 2 ** 10

/** @throws errors that `refusedFor` handles */
export async function takeRequest(
  signal: Signal,
  encoding: Encoding,
  bytes: Buffer,
  takers: Takers,
): Promise<PartialSuccess | undefined> {
  // one step of one request per turn, so that sixty requests do not block signals and queries
  const pause = async () => (bytes.byteLength > SMALL ? nextTurn() : undefined)
  await pause()
  takers.onBytes?.(signal, bytes)
  if (encoding === 'protobuf') weighProtobuf(requestMessages[signal], bytes)
  else weighJson(bytes)
  await pause()
  if (encoding === 'protobuf' && takers.onProtobuf) return takers.onProtobuf(signal, bytes)
  const { onTraces, onMetrics, onLogs } = takers
  const document = await decode(signal, encoding, bytes, pause)
  return { traces: onTraces, metrics: onMetrics, logs: onLogs }[signal](document)
}

async function decode(
  signal: Signal,
  encoding: Encoding,
  bytes: Buffer,
  pause: () => Promise<void>,
): Promise<Document> {
  if (encoding === 'protobuf') return fromProtobuf(requestMessages[signal], bytes)
  // a single variable, so that the parsed JSON is freed while the document waits
  let read: unknown = JSON.parse(bytes.toString('utf8'))
  await pause()
  read = fromJson(requestMessages[signal], read)
  await pause()
  return read as Document
}

export function refusedFor(error: unknown, encoding: Encoding | undefined): Refused {
  if (error instanceof Refused) return error
  if (error instanceof TooMany) return new Refused(413, error.message)
  if (error instanceof Malformed) return new Refused(400, `no OTLP ${encoding}: ${error.message}`)
  // JSON.parse quotes the input in its message
  if (error instanceof SyntaxError) return new Refused(400, 'the body is no JSON')
  return new Refused(503, `not stored: ${reasonFor(error) ?? 'the fault is at the receiver, whose stderr says more'}`)
}
