// OpenTelemetry's .proto files by protobufjs, for the tests next to this file: somebody else's reading of the same bytes.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { findOtlpProto } from '../../support/binaries.mjs'

export interface ProtoField {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly repeated: boolean
  readonly partOf: { readonly name: string; readonly oneof: readonly string[] } | null
  readonly resolvedType: ProtoType | { readonly values: Record<string, number> } | null
  resolve(): ProtoField
}

export interface ProtoType {
  readonly name: string
  readonly fieldsArray: readonly ProtoField[]
  encode(message: object): { finish(): Uint8Array }
  decode(bytes: Uint8Array): object
  toObject(message: object, options: object): Record<string, unknown>
}

interface ProtoRoot {
  lookupType(name: string): ProtoType & { resolveAll(): ProtoType }
}

interface Descriptor {
  name: string
  field?: Descriptor[]
  nestedType?: Descriptor[]
  oneofDecl?: Descriptor[]
}

// protobufjs is a dependency of that package, not of ours
const requireOf = createRequire(createRequire(import.meta.url).resolve('@elastic/mockotlpserver/lib/proto.js'))
/** Some versions old, and always there. */
const older: ProtoRoot = requireOf('@elastic/mockotlpserver/lib/proto.js').getProtoRoot()

export const requests = requestsOf(older)

/** The newest version, where `scripts/prepare-binaries.mjs` has been; else why it is not there. */
export const newest = newestRoot()

/** Fields of OTLP that are neither read nor written, and why. */
export const ofProfiles: Readonly<Record<string, string>> = {
  'AnyValue.stringValueStrindex': 'an index into the dictionary of profiles, which no other signal has',
  'KeyValue.keyStrindex': 'the same',
}

export function requestsOf(root: ProtoRoot) {
  return {
    ExportTraceServiceRequest: lookup('trace.v1.ExportTraceServiceRequest', root),
    ExportMetricsServiceRequest: lookup('metrics.v1.ExportMetricsServiceRequest', root),
    ExportLogsServiceRequest: lookup('logs.v1.ExportLogsServiceRequest', root),
  }
}

/** @param name behind `opentelemetry.proto.collector.` */
export function lookup(name: string, root: ProtoRoot = older): ProtoType {
  return root.lookupType(`opentelemetry.proto.collector.${name}`).resolveAll()
}

function newestRoot(): { root: ProtoRoot } | { missing: string } {
  const found = findOtlpProto()
  if ('missing' in found) return found
  const { FileDescriptorProto } = requireOf('protobufjs/ext/descriptor')
  const files = (JSON.parse(readFileSync(found.file, 'utf8')) as string[]).map(text => {
    const file = FileDescriptorProto.decode(Buffer.from(text, 'base64'))
    file.messageType.forEach(camelCased)
    return file
  })
  return { root: requireOf('protobufjs').Root.fromDescriptor({ file: files }).resolveAll() }
}

/** In place, as protobufjs names fields that it reads from .proto files itself. */
function camelCased({ field = [], nestedType = [] }: Descriptor): void {
  for (const one of field) one.name = one.name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  nestedType.forEach(camelCased)
}

export const isMessage = (type: ProtoField['resolvedType']): type is ProtoType => type !== null && 'fieldsArray' in type

/** The message itself and all that it can contain, by name. */
export function reachable(from: readonly ProtoType[]): Map<string, ProtoType> {
  const found = new Map<string, ProtoType>()
  const visit = (type: ProtoType) => {
    if (found.has(type.name)) return
    found.set(type.name, type)
    for (const field of type.fieldsArray) {
      if (isMessage(field.resolve().resolvedType)) visit(field.resolvedType as ProtoType)
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
