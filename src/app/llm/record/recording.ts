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
  /** Not of a file in a form, whose size alone is known before it is sent. */
  readonly sha256?: string
}

export interface RecordedResponse {
  readonly status: number
  /** In the order in which they came, without those of the connection, and without credentials. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The body as the client read it, after decompression. */
  readonly chunks: readonly RecordedChunk[]
}

/** `complete`: the server ended it. `aborted`: the client read or waited no longer. `cut`: the connection was lost, or there was none. */
export type CallEnd = 'complete' | 'aborted' | 'cut'

export interface RecordedChunk {
  /** Milliseconds since what came before it: the request, or the chunk before. */
  readonly afterMs: number
  readonly text?: string
  /** Bytes that are no text by themselves. */
  readonly base64?: string
}

/** Of one call, both directions. What is larger is not recorded. */
export const MOST_BYTES = 64 * 1024 * 1024

export function chunkOf(bytes: Buffer, afterMs: number): RecordedChunk {
  return isUtf8(bytes) ? { afterMs, text: bytes.toString() } : { afterMs, base64: bytes.toString('base64') }
}

/** The file of a trace. */
export const recordingFile = (folder: string, traceId: string): string => path.join(folder, `${traceId}.jsonl`)
