import { describe, expect, it } from 'vitest'
import { readJson } from '../../../src/app/llm/wire/json'
import { type Fields, JsonReader } from '../../../src/app/llm/wire/json-reader'
import { random } from './random'

/** What the reader has to equal. */
function select(value: unknown, fields: true | Fields): unknown {
  if (fields === true || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return fields['*'] ? value.map(item => select(item, fields['*']!)) : []
  const kept = Object.entries(fields).filter(([key]) => key !== '*' && Object.hasOwn(value, key))
  return Object.fromEntries(kept.map(([key, inner]) => [key, select((value as Record<string, unknown>)[key], inner)]))
}

function read(text: string, fields: Fields, sizes: () => number, maxString?: number): unknown {
  const reader = new JsonReader(fields, maxString)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    const to = at + sizes()
    // A copy, overwritten afterwards: the reader must not keep the application's chunk.
    const chunk = Buffer.from(bytes.subarray(at, to))
    reader.push(chunk)
    chunk.fill(0x58)
    at = to
  }
  expect(reader.complete).toBe(true)
  return reader.value()
}

describe('reading a few members of a document', () => {
  it('equals selecting them from JSON.parse, on random documents in random pieces', () => {
    for (let seed = 1; seed <= 3000; seed++) {
      const dice = random(seed)
      const value = dice.container(4)
      const fields = dice.fields(value)
      const text = dice.spaced(value)
      expect(JSON.parse(text), text).toEqual(value)
      const got = read(text, fields, () => 1 + dice.below(dice.below(3) ? 12 : 200))
      expect(got, `seed ${seed}: ${text} ${JSON.stringify(fields)}`).toEqual(select(value, fields))
    }
  })

  it.each([
    ['escapes at every edge', '{"a":"\\\\\\"\\u00e9\\\\","b":"\\\\"}', { a: true, b: true }],
    ['the last of two members of one name', '{"a":1,"a":{"b":2}}', { a: { b: true } }],
    ['a name that is escaped', '{"\\u0061":1}', { a: true }],
    ['names of the object prototype', '{"constructor":1,"toString":2,"a":3}', { a: true }],
    ['a member that is no container', '{"a":null}', { a: { b: true } }],
    ['containers with nothing in them', ' { "a" : [ ] , "b" : { } } ', { a: { '*': true }, b: true }],
  ] as [string, string, Fields][])('reads %s', (_, text, fields) => {
    for (const size of [1, 2, 3, 100]) {
      expect(read(text, fields, () => size)).toEqual(select(JSON.parse(text), fields))
    }
  })

  it('reports that a member is a list without reading the list', () => {
    const fields = { model: true, messages: {} } as const
    expect(read('{"messages":[{"role":"user"}],"model":"m"}', fields, () => 7)).toEqual({ model: 'm', messages: [] })
  })

  it.each(['', '   ', '{"a":1', '{"a" 1}', 'upstream request timeout', '{"a":[1,2}', '<html>'])(
    'is not complete on %j, and does not throw',
    text => {
      const reader = new JsonReader({ a: { '*': true } })
      reader.push(Buffer.from(text))
      expect(reader.complete).toBe(false)
    },
  )

  it('takes a string in slices that never part a pair', () => {
    const body = JSON.stringify({ pad: 'x'.repeat(65_525), text: '🍁'.repeat(70_000), model: 'm' })
    expect(readJson(body, { text: true, model: true }, 1e9)).toEqual({ text: '🍁'.repeat(70_000), model: 'm' })
  })

  it('cuts a long string at a whole character and says how long it was', () => {
    for (let length = 60; length < 100; length++) {
      const dice = random(length)
      const value = dice.text(200)
      const [got] = read(JSON.stringify([value, 1]), { '*': true }, () => 1 + dice.below(30), length) as [string]
      const [, kept, size] = /^(.*)…\[cut from (\d+) bytes\]$/su.exec(got) ?? []
      expect(value.startsWith(kept!)).toBe(true)
      expect(Buffer.from(kept!).toString()).toBe(kept)
      expect(Number(size)).toBe(Buffer.byteLength(JSON.stringify(value)) - 2)
    }
  })
})
