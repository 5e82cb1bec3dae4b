// Serializes a trace as JSON or protobuf in batches. Without batches, one of 20,000 spans would block ingestion for half a second.
import { messages } from '../../../shared/otlp/messages'
import type { Document, Message } from '../../../shared/otlp/schema'
import { toProtobuf } from '../../../shared/otlp/to-protobuf'
import { Writer } from '../../../shared/otlp/writer'
import { Stretch } from '../../event-loop-turns'
import { protobufJson } from './protobuf-json'

const { ResourceSpans, ScopeSpans, Span } = messages
/** Spans per batch. */
const BATCH = 64

/** @param trace an `ExportTraceServiceRequest` @returns its `resourceSpans` as a list, in protobuf's JSON */
export async function jsonOfSpans(trace: Document): Promise<Buffer> {
  const stretch = new Stretch()
  const done: Buffer[] = []
  let text = '['
  for (const [at, { scopeSpans, ...resource }] of list(trace.resourceSpans).entries()) {
    text += `${at > 0 ? ',' : ''}${opened(ResourceSpans, resource)}"scopeSpans":[`
    for (const [at, { spans, ...scope }] of list(scopeSpans).entries()) {
      text += `${at > 0 ? ',' : ''}${opened(ScopeSpans, scope)}"spans":[`
      for (const [at, batch] of batches(list(spans)).entries()) {
        const written = batch.map(span => JSON.stringify(protobufJson(Span, span)))
        done.push(Buffer.from(`${text}${at > 0 ? ',' : ''}${written.join()}`))
        text = ''
        if (stretch.isOver) await stretch.rest()
      }
      text += ']}'
    }
    text += ']}'
  }
  return Buffer.concat([...done, Buffer.from(`${text}]`)])
}

/** Serializes an object without its closing brace, so that a field can be added. */
const opened = (message: Message, document: Document): string => {
  const text = JSON.stringify(protobufJson(message, document))
  return text === '{}' ? '{' : `${text.slice(0, -1)},`
}

/** @returns the trace as an `ExportTraceServiceRequest` in protobuf, where repeated fields may come in parts */
export async function protobufOfTrace(trace: Document): Promise<Buffer> {
  const stretch = new Stretch()
  const request = new Writer()
  for (const { scopeSpans, ...resource } of list(trace.resourceSpans)) {
    const ofResource = new Writer()
    for (const { spans, ...scope } of list(scopeSpans)) {
      const parts = [toProtobuf(ScopeSpans, scope)]
      for (const batch of batches(list(spans))) {
        parts.push(toProtobuf(ScopeSpans, { spans: batch }))
        if (stretch.isOver) await stretch.rest()
      }
      ofResource.bytes(SCOPE_SPANS, Buffer.concat(parts))
    }
    request.bytes(RESOURCE_SPANS, Buffer.concat([toProtobuf(ResourceSpans, resource), ofResource.finish()]))
  }
  return request.finish()
}

/** https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto */
const RESOURCE_SPANS = 1
const SCOPE_SPANS = 2

const list = (value: unknown): readonly Document[] => (value ?? []) as Document[]

const batches = (spans: readonly Document[]): Document[][] =>
  Array.from({ length: Math.ceil(spans.length / BATCH) }, (_, at) => spans.slice(at * BATCH, (at + 1) * BATCH))
