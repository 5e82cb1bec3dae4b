// Converts OTLP JSON to the JSON of Tempo's answers, which is protobuf's: ids in base64, enums by name.
import type { Document, Message } from '../../../shared/otlp/schema'
import { spanKinds, statusCodes } from '../../../shared/otlp/trace'

/** By message and field name. */
const enumNames: Record<string, readonly string[]> = {
  'Span.kind': spanKinds.map(kind => `SPAN_KIND_${kind.toUpperCase()}`),
  'Status.code': statusCodes.map(code => `STATUS_CODE_${code.toUpperCase()}`),
}

export function protobufJson(message: Message, document: Document): Document {
  const written: Document = {}
  for (const [name, value] of Object.entries(document)) {
    const field = message.byName.get(name)
    if (!field) continue
    const { type, repeated } = field
    const write = (one: unknown): unknown => {
      if (typeof type !== 'string') return protobufJson(type, one as Document)
      if (type === 'traceId' || type === 'spanId') return Buffer.from(one as string, 'hex').toString('base64')
      return type === 'enum' ? (enumNames[`${message.name}.${name}`]?.[one as number] ?? one) : one
    }
    written[name] = repeated ? (value as unknown[]).map(write) : write(value)
  }
  return written
}
