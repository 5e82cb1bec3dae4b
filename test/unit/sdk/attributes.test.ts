import { deepStrictEqual } from 'node:assert'
import { maybeAddAttribute as add, cleanAttributes as clean } from '@opentelemetry/core'
import { describe, expect, it } from 'vitest'
import { cleanAttributes, maybeAddAttribute } from '../../../src/app/sdk/attributes'

const values: unknown[] = [
  'text',
  '',
  'long '.repeat(10),
  0,
  -1.5,
  Number.NaN,
  true,
  undefined,
  null,
  ['a', 'b'],
  [1, undefined],
  { nested: 'text', none: undefined },
  new Uint8Array(40),
  7n,
  Symbol('s'),
  () => 1,
  new Date(0),
]
const keys = ['a', 'b.c', '', '7', 'constructor']
const limits = [1, 3, 128, Number.POSITIVE_INFINITY].flatMap(attributeCountLimit =>
  [-1, 0, 5, Number.POSITIVE_INFINITY].map(attributeValueLengthLimit => ({
    attributeCountLimit,
    attributeValueLengthLimit,
  })),
)
const any = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T
const some = () =>
  Object.fromEntries(
    Array.from({ length: Math.floor(Math.random() * 8) }, (_, n) => [`${any(keys)}${any(['', n])}`, any(values)]),
  )

describe('attributes of a span', () => {
  it('are cleaned as by OpenTelemetry, whatever they hold and whatever the limits are', () => {
    for (let n = 0; n < 5_000; n++) {
      const given = any([some(), some(), some(), undefined, null, 'text', ['a']])
      const limit = any(limits)
      deepStrictEqual(cleanAttributes(given, limit), clean(given, limit))
    }
  })

  it('are cleaned as by OpenTelemetry when the tracer cleans them again, with what a sampler has added', () => {
    const none = { attributeCountLimit: Number.POSITIVE_INFINITY, attributeValueLengthLimit: Number.POSITIVE_INFINITY }
    for (let n = 0; n < 5_000; n++) {
      const [given, added, limit] = [some(), any([undefined, undefined, some()]), any(limits)]
      const ours = cleanAttributes(given, none)
      const theirs = clean(given, none)
      deepStrictEqual(ours, theirs)
      deepStrictEqual(
        cleanAttributes(Object.assign(ours.attributes as object, added), limit),
        clean(Object.assign(theirs.attributes as object, added), limit),
      )
    }
  })

  it('are never those of the caller, nor those of another span', () => {
    const none = { attributeCountLimit: Number.POSITIVE_INFINITY, attributeValueLengthLimit: Number.POSITIVE_INFINITY }
    const given = { a: 1 }
    const { attributes: first } = cleanAttributes(given, none)
    expect(first).not.toBe(given)
    const { attributes: span } = cleanAttributes(first, { ...none, attributeCountLimit: 128 })
    const { attributes: link } = cleanAttributes(span, { ...none, attributeCountLimit: 128 })
    expect(link).toStrictEqual(span)
    expect(link).not.toBe(span)
  })

  it('are added as by OpenTelemetry', () => {
    for (let n = 0; n < 5_000; n++) {
      const before = some()
      const [ours, theirs] = [{ ...before }, { ...before }]
      const options = {
        key: any(keys),
        value: any(values) as string,
        limits: any(limits),
        currentAttributesCount: any([0, 1, 3, 200]),
      }
      expect(maybeAddAttribute({ ...options, attributes: ours as never })).toBe(
        add({ ...options, attributes: theirs as never }),
      )
      deepStrictEqual(ours, theirs)
    }
  })
})
