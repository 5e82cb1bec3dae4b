// What a request weighs is counted exactly, however little of it is read.
import { expect, test } from 'vitest'
import { requestMessages } from '../../../src/shared/otlp/messages'
import { TooMany } from '../../../src/shared/otlp/schema'
import { weighJson, weighProtobuf } from '../../../src/shared/otlp/weight'

const within = (field: number, inner: Buffer) => Buffer.concat([Buffer.from([field * 8 + 2, inner.length]), inner])
const empty = Buffer.alloc(0)
/** A span with one attribute, alone in its resource and its scope. */
const spanWith = (attribute: Buffer) => within(1, within(2, within(2, within(9, attribute))))
const weigh = (count: number, span: Buffer) => () =>
  weighProtobuf(requestMessages.traces, Buffer.concat(Array(count).fill(span)))

test.each([
  // the request and each resource, scope and span weigh 10, an attribute and its value 1 each
  ['empty attributes', empty, Math.floor((1_000_000 - 10) / 31)],
  [
    'attributes that are longer than they weigh',
    within(1, Buffer.from('k'.repeat(90))),
    Math.floor((1_000_000 - 10) / 31),
  ],
  [
    'attributes with a value',
    Buffer.concat([within(1, Buffer.from('k')), within(2, empty)]),
    Math.floor((1_000_000 - 10) / 32),
  ],
])('of %s as many are taken as a request may have, and not one more', (_, attribute, most) => {
  expect(weigh(most, spanWith(attribute))).not.toThrow()
  expect(weigh(most + 1, spanWith(attribute))).toThrow(TooMany)
})

const SIZE = 2 ** 20
const json = (members: (n: number) => string) => {
  const list: string[] = []
  for (let n = 0, size = 0; size < SIZE; n++) size += list.push(members(n)) && list.at(-1)!.length + 1
  return Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[${list.join(',')}]}]}]}]}`)
}

test.each([
  ['empty objects', () => '{}'],
  ['empty lists in unknown fields', () => '{"x":[[],[],[],[]]}'],
  ['keys that are all new', (n: number) => `{"k${n}":"a value of some length"}`],
  ['new keys with escapes', (n: number) => `{"\\u0061${n}":"a value of some length"}`],
])('a megabyte of %s is not parsed as OTLP', (_, member) => {
  expect(() => weighJson(json(member))).toThrow(TooMany)
})

test.each([
  ['short attributes', (n: number) => `{"key":"k${n}","value":{"intValue":"${n}"}}`],
  ['attributes without a value', (n: number) => `{"key":"key${n}","value":{}}`],
  [
    'texts full of brackets, colons and quotes',
    (n: number) => `{"key":"k","value":{"stringValue":"{\\"a${n}\\":[[{}]]}"}}`,
  ],
])('a megabyte of %s is', (_, member) => {
  expect(() => weighJson(json(member))).not.toThrow()
})

test('a small request may have nothing but empty objects', () => {
  expect(() => weighJson(Buffer.from(`[${'{},'.repeat(10_000)}{}]`))).not.toThrow()
})
