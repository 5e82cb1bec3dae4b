// The format of a recording: one call per line of JSON, in a file per trace. Written by the app's process, read by `afn-otel replay`.
import { isUtf8 } from 'node:buffer'
import path from 'node:path'

export const RECORDING_VERSION = 1

export interface Recording {
  readonly version: typeof RECORDING_VERSION
  readonly traceId: string
  readonly spanId: string
  /** ISO 8601. */
  readonly startedAt: string
  /** What is redacted in bodies and headers: personal data and secrets, or only secrets. */
  readonly content: 'redacted' | 'full'
  readonly request: RecordedRequest
  /** How the reading of the answer, or the wait for it, ended. */
  readonly end: CallEnd
  /** Unset if no answer started. */
  readonly response?: RecordedResponse | undefined
  /** Messages of a WebSocket, in order of arrival. The client's messages are also the request body, as a list. */
  readonly messages?: readonly RecordedMessage[] | undefined
}

/** A message of a WebSocket: for the client only its time, for the server all of it. */
export interface RecordedMessage extends RecordedChunk {
  readonly from: 'client' | 'server'
  /** Whether it is a binary frame, whatever its content. */
  readonly isBinary?: true
  /** Whether it is audio or video, whose number of messages depends on timing. */
  readonly isSound?: true
  /** Set if it closes the connection. 1005: without a code. */
  readonly close?: { readonly code: number; readonly reason: string }
}

export interface RecordedRequest {
  readonly method: string
  /** Without credentials. */
  readonly url: string
  /** Headers that change a model's answer, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: RequestBody
}

/** The body as it is compared. A part that is not text is represented by its digest. */
export type RequestBody =
  | { readonly json: unknown }
  | { readonly text: string }
  | { readonly form: Readonly<Record<string, string | Digest>> }
  | Digest
  | { readonly unknown: true }

export interface Digest {
  readonly bytes: number
  /** Unset for files in a form, of which only the size is known before they are sent. */
  readonly sha256?: string
}

export interface RecordedResponse {
  readonly status: number
  /** In order of arrival, without headers of the connection and credentials. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The body as the client read it, after decompression. */
  readonly chunks: readonly RecordedChunk[]
}

/**
 * `complete`: the server ended it. `aborted`: the client stopped reading or waiting. `cut`: the connection was lost or never established.
 */
export type CallEnd = 'complete' | 'aborted' | 'cut'

export interface RecordedChunk {
  /** Milliseconds since the request or the previous chunk. */
  readonly afterMs: number
  readonly text?: string
  /** Bytes that are not valid text. */
  readonly base64?: string
}

/** Maximum bytes of one call, both directions. Larger calls are not recorded. */
export const MOST_BYTES = 64 * 1024 * 1024

export function chunkOf(bytes: Buffer, afterMs: number): RecordedChunk {
  return isUtf8(bytes) ? { afterMs, text: bytes.toString() } : { afterMs, base64: bytes.toString('base64') }
}

/** The path of a trace's file. */
export const recordingFile = (folder: string, traceId: string): string => path.join(folder, `${traceId}.jsonl`)
