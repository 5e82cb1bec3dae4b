import { writeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { accepted } from '../../../src/backend/otlp-answer'
import type { Signal } from '../../../src/shared/config/otlp'
import { messages } from '../../../src/shared/otlp/messages'
import type { Field } from '../../../src/shared/otlp/schema'
import {
  isMessage,
  lookup,
  newest,
  ofProfiles,
  type ProtoField,
  type ProtoType,
  reachable,
  requests,
  requestsOf,
} from './proto'

/** Newer than the .proto files that are always at hand. */
const newer = ['LogRecord.eventName', 'Resource.entityRefs']
const newMessages = ['EntityRef']

type Described = ReturnType<typeof described> & { readonly number: number }
type Table = Record<string, readonly Described[]>

const ours: Table = Object.fromEntries(
  Object.entries(messages).map(([name, { byNumber }]) => [
    name,
    byNumber.flatMap((field, number) => (field ? { number, ...described(field) } : [])),
  ]),
)

function described({ name, type, repeated, rivals }: Field) {
  return { name, type: typeof type === 'string' ? type : type.name, repeated, rivals: [...rivals].sort() }
}

const tableOf = (from: Record<string, ProtoType>): Table =>
  Object.fromEntries(
    [...reachable(Object.values(from))].map(([name, type]) => [
      name,
      [...type.fieldsArray]
        .filter(field => !(`${name}.${field.name}` in ofProfiles))
        .sort((a, b) => a.id - b.id)
        .map(field => ({ number: field.id, ...describedByProto(field, name) })),
    ]),
  )

function describedByProto(
  { name, type, repeated, partOf, resolvedType }: ProtoField,
  message: string,
): Omit<Described, 'number'> {
  // An optional field is a oneof of one, whose name begins with an underscore.
  const rivals = (partOf?.oneof ?? []).filter(other => other !== name && !(`${message}.${other}` in ofProfiles)).sort()
  const id = /(?:^|[a-z])((?:trace|span)id)$/i.exec(name)?.[1]?.toLowerCase() === 'traceid' ? 'traceId' : 'spanId'
  const scalar = type === 'bytes' && /id$/i.test(name) ? id : type
  return { name, type: isMessage(resolvedType) ? resolvedType.name : resolvedType ? 'enum' : scalar, repeated, rivals }
}

const without = (table: Table, fields: readonly string[], names: readonly string[]): Table =>
  Object.fromEntries(
    Object.entries(table)
      .filter(([name]) => !names.includes(name))
      .map(([name, list]) => [name, list.filter(field => !fields.includes(`${name}.${field.name}`))]),
  )

const older = tableOf(requests)

it('the table of messages has what the .proto files have that are always at hand', () => {
  expect(Object.keys(older).length).toBeGreaterThan(25)
  expect(without(ours, newer, newMessages)).toEqual(older)
})

it.each(newer)('%s is still newer than the .proto files that are always at hand', name => {
  const [message = '', field = ''] = name.split('.')
  expect(older[message]?.map(({ name }) => name)).not.toContain(field)
  expect(messages[message as keyof typeof messages].byName.has(field)).toBe(true)
})

if ('missing' in newest) writeSync(1, `skipped: the newest .proto files: ${newest.missing}\n`)
else {
  const { root } = newest
  describe('the newest .proto files', () => {
    it('have no field of a trace, a metric or a log record that the table of messages lacks without a reason', () => {
      expect(ours).toEqual(tableOf(requestsOf(root)))
    })

    it('still have each field that the table leaves out', () => {
      const there = [...reachable(Object.values(requestsOf(root)))].flatMap(([name, { fieldsArray }]) =>
        fieldsArray.map(field => `${name}.${field.name}`),
      )
      expect(Object.keys(ofProfiles).filter(name => !there.includes(name))).toEqual([])
    })

    it.each([
      ['traces', 'trace.v1.ExportTraceServiceResponse'],
      ['metrics', 'metrics.v1.ExportMetricsServiceResponse'],
      ['logs', 'logs.v1.ExportLogsServiceResponse'],
    ] as const)('an answer to %s has every field that %s has, in both encodings', (signal: Signal, name) => {
      const type = lookup(name, root)
      const partial = { rejected: 3, message: 'no' }
      const { body } = accepted(signal, 'protobuf', partial)
      const json = JSON.parse(String(accepted(signal, 'json', partial).body))
      const read = type.toObject(type.decode(body as Buffer), { longs: String })
      expect(read).toEqual(json)
      for (const answer of [read, json])
        expect(
          [...reachable([type]).values()].flatMap(({ fieldsArray }) => fieldsArray.map(field => field.name)),
        ).toEqual(['partialSuccess', ...Object.keys(answer.partialSuccess as object)])
    })
  })
}
