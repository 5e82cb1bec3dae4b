import { expect, it } from 'vitest'
import { messages } from '../../../src/otlp/messages'
import type { Field } from '../../../src/otlp/schema'
import { isMessage, type ProtoField, reachable, requests } from './proto'

/** Newer than the .proto files at hand: opentelemetry-proto 1.5 and 1.6. */
const newer = ['LogRecord.eventName', 'Resource.entityRefs']
const newMessages = ['EntityRef']

const ours = Object.fromEntries(
  Object.entries(messages)
    .filter(([name]) => !newMessages.includes(name))
    .map(([name, { byNumber }]) => [
      name,
      byNumber.flatMap((field, number) =>
        field && !newer.includes(`${name}.${field.name}`) ? { number, ...described(field) } : [],
      ),
    ]),
)

const theirs = Object.fromEntries(
  [...reachable(Object.values(requests))].map(([name, type]) => [
    name,
    [...type.fieldsArray].sort((a, b) => a.id - b.id).map(field => ({ number: field.id, ...describedByProto(field) })),
  ]),
)

function described({ name, type, repeated, rivals }: Field) {
  return { name, type: typeof type === 'string' ? type : type.name, repeated, rivals: [...rivals].sort() }
}

function describedByProto({ name, type, repeated, partOf, resolvedType }: ProtoField) {
  // An optional field is a oneof of one, whose name begins with an underscore.
  const rivals = (partOf?.oneof ?? []).filter(other => other !== name).sort()
  const id = /(?:^|[a-z])((?:trace|span)id)$/i.exec(name)?.[1]?.toLowerCase() === 'traceid' ? 'traceId' : 'spanId'
  const scalar = type === 'bytes' && /id$/i.test(name) ? id : type
  return { name, type: isMessage(resolvedType) ? resolvedType.name : resolvedType ? 'enum' : scalar, repeated, rivals }
}

it('the table of messages is that of the .proto files', () => {
  expect(Object.keys(theirs).length).toBeGreaterThan(25)
  expect(ours).toEqual(theirs)
})

it.each(newer)('%s is still newer than the .proto files', name => {
  const [message = '', field = ''] = name.split('.')
  expect(theirs[message]?.map(({ name }) => name)).not.toContain(field)
  expect(messages[message as keyof typeof messages].byName.has(field)).toBe(true)
})
