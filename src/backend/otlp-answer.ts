// Answers an OTLP request in the encoding of the request.
import type { OutgoingHttpHeaders } from 'node:http'
import type { Signal } from '../shared/config/otlp'
import { Writer } from '../shared/otlp/writer'

export type Encoding = 'json' | 'protobuf'

export interface OtlpResponse {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: string | Buffer
}

/** The rest of the request was accepted, and the client must not resend this part. */
export interface PartialSuccess {
  /** Number of spans, data points or log records. */
  readonly rejected: number
  readonly message: string
}

const rejectedField = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
} as const

export function accepted(signal: Signal, encoding: Encoding, partial: PartialSuccess | undefined): OtlpResponse {
  if (!partial) return inEncoding(encoding, 200, {}, () => {})
  const { rejected, message } = partial
  const json = { partialSuccess: { [rejectedField[signal]]: String(rejected), errorMessage: message } }
  return inEncoding(encoding, 200, json, writer =>
    writer.message(1, () => {
      writer.unsigned(1, rejected)
      writer.text(2, message)
    }),
  )
}

/** A `google.rpc.Status`, as OTLP requires; JSON if the request's encoding is unknown. */
export function refused(encoding: Encoding = 'json', status: number, message: string): OtlpResponse {
  const answer = inEncoding(encoding, status, { message }, writer => writer.text(2, message))
  if (status === 405) answer.headers.allow = 'POST'
  if (status === 415) answer.headers['accept-encoding'] = 'gzip, identity'
  return answer
}

function inEncoding(encoding: Encoding, status: number, json: object, write: (writer: Writer) => void): OtlpResponse {
  if (encoding === 'json')
    return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }
  const writer = new Writer()
  write(writer)
  return { status, headers: { 'content-type': 'application/x-protobuf' }, body: writer.finish() }
}
