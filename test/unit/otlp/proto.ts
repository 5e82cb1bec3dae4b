// OpenTelemetry's .proto files by protobufjs, for the tests beside: somebody else's reading of the same bytes.
import { createRequire } from 'node:module'

export interface ProtoField {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly repeated: boolean
  readonly partOf: { readonly name: string; readonly oneof: readonly string[] } | null
  readonly resolvedType: ProtoType | { readonly values: Record<string, number> } | null
}

export interface ProtoType {
  readonly name: string
  readonly fieldsArray: readonly ProtoField[]
  encode(message: object): { finish(): Uint8Array }
  decode(bytes: Uint8Array): object
  toObject(message: object, options: object): Record<string, unknown>
}

const root = createRequire(import.meta.url)('@elastic/mockotlpserver/lib/proto.js').getProtoRoot()

export const requests = {
  ExportTraceServiceRequest: lookup('trace.v1.ExportTraceServiceRequest'),
  ExportMetricsServiceRequest: lookup('metrics.v1.ExportMetricsServiceRequest'),
  ExportLogsServiceRequest: lookup('logs.v1.ExportLogsServiceRequest'),
}

export function lookup(name: string): ProtoType {
  return root.lookupType(`opentelemetry.proto.collector.${name}`).resolveAll()
}

export const isMessage = (type: ProtoField['resolvedType']): type is ProtoType => type !== null && 'fieldsArray' in type

/** The message itself and all that it can contain, by name. */
export function reachable(from: readonly ProtoType[]): Map<string, ProtoType> {
  const found = new Map<string, ProtoType>()
  const visit = (type: ProtoType) => {
    if (found.has(type.name)) return
    found.set(type.name, type)
    for (const field of type.fieldsArray) {
      ;(field as unknown as { resolve(): void }).resolve()
      if (isMessage(field.resolvedType)) visit(field.resolvedType)
    }
  }
  from.forEach(visit)
  return found
}

/** What protobufjs reads, in the shape of OTLP JSON. */
export function asOtlpJson(type: ProtoType, bytes: Uint8Array): unknown {
  const plain = type.toObject(type.decode(bytes), { longs: String, bytes: Buffer, json: true, defaults: false })
  return JSON.parse(JSON.stringify(plain), (key, value) => {
    const buffer = value?.type === 'Buffer' ? Buffer.from(value.data) : undefined
    if (!buffer) return value
    return buffer.toString(/(trace|span)Id/i.test(key) ? 'hex' : 'base64')
  })
}
