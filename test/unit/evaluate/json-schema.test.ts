// Our reading of JSON Schema against ajv's, and its bounds.
import Ajv from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { matches } from '../../../src/app/evaluate/bounded-match'
import { mismatch as inSteps, problemOfSchema } from '../../../src/app/evaluate/schema-mismatch'
import { finish } from './finish'

const mismatch = (schema: unknown, value: unknown) => finish(inSteps(schema, value)).result

const schemas: readonly object[] = [
  { type: 'integer' },
  { type: ['string', 'null'] },
  { enum: [1, 'a', { b: [1] }, null] },
  { const: { a: 1, b: 2 } },
  { minimum: 1, exclusiveMaximum: 3, multipleOf: 0.5 },
  { exclusiveMinimum: 0, maximum: 2 },
  { minLength: 2, maxLength: 3 },
  { pattern: '^a+b?$' },
  { type: 'array', prefixItems: [{ type: 'number' }], items: { type: 'string' } },
  { type: 'array', items: false, prefixItems: [true] },
  { uniqueItems: true, minItems: 1, maxItems: 3 },
  { contains: { type: 'number' }, maxContains: 1 },
  { contains: { const: 'x' }, minContains: 0 },
  { properties: { a: { type: 'number' } }, required: ['a'] },
  { properties: { a: true }, additionalProperties: false },
  { additionalProperties: { type: 'string' } },
  { patternProperties: { '^x': { type: 'number' } }, additionalProperties: false },
  { propertyNames: { maxLength: 1 } },
  { minProperties: 1, maxProperties: 2 },
  { dependentRequired: { a: ['b'] } },
  { dependentSchemas: { a: { required: ['c'] } } },
  { allOf: [{ type: 'number' }, { minimum: 2 }] },
  { anyOf: [{ type: 'string' }, { required: ['a'], type: 'object' }] },
  { oneOf: [{ type: 'number' }, { minimum: 2 }] },
  { not: { type: 'string' } },
  JSON.parse('{ "if": { "type": "number" }, "then": { "minimum": 2 }, "else": { "type": "string" } }'),
  { $defs: { t: { properties: { a: { $ref: '#/$defs/t' } }, additionalProperties: false } }, $ref: '#/$defs/t' },
  { $defs: { 'a/b~c': { type: 'string' } }, $ref: '#/$defs/a~1b~0c' },
]
const values: readonly unknown[] = [
  ...[0, 1, 1.5, 2, 2.5, 3, -1, true, false, null, '', 'a', 'ab', 'aab', '👍👍', 'abcd', 'x'],
  ...[[], [1], ['a'], [1, 'a'], [1, 1], [1, 2], ['x', 'x', 'x', 'x'], [{ a: 1 }, { a: 1 }]],
  ...[{}, { a: 1 }, { a: 'b' }, { b: 2, a: 1 }, { x1: 1 }, { x1: 'a' }, { long: 'a' }, { a: { a: {} } }, { a: 1, b: 1, c: 1 }], // biome-ignore format: one list
  { b: [1] },
]

it('agrees with ajv about each of a thousand pairs of a schema and a value', () => {
  const ajv = new Ajv({ strict: false })
  const different = schemas.flatMap(schema => {
    const validate = ajv.compile(schema)
    return values.filter(value => validate(value) !== (mismatch(schema, value) === undefined)).map(value => [schema, value]) // biome-ignore format: one line
  })
  expect(schemas.length * values.length).toBeGreaterThan(900)
  expect(different).toEqual([])
})

it('ends where a schema leads to itself, and where a value is too much work', () => {
  expect(() => mismatch({ $ref: '#' }, 1)).toThrow('the JSON Schema takes too much work')
  const many = Array.from({ length: 30_000 }, (_, i) => i)
  expect(() => mismatch({ items: { type: 'number' } }, many)).toThrow('too much work')
  expect(() => mismatch({ uniqueItems: true }, many)).toThrow('too much work')
  expect(() => mismatch({ $ref: '#/$defs/none' }, 1)).toThrow('has nothing at #/$defs/none')
})

it('ends an expression that would backtrack for years, of a tool of somebody else as well', () => {
  expect(() => matches(/^(a+)+$/, `${'a'.repeat(60)}!`)).toThrow('takes more than 5 ms on a text of 61 characters')
  expect(() => mismatch({ pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`)).toThrow('give its repetitions a bound')
  // and the next one runs
  expect(matches(/b$/, 'ab')).toBe(true)
})

it('says the place that does not fit', () => {
  const schema = { properties: { items: { items: { properties: { price: { type: 'number' } } } } } }
  expect(mismatch(schema, { items: [{ price: 1 }, { price: 'a' }] })).toBe('items[1].price is string, not number')
  expect(problemOfSchema({ anyOf: [{ pattern: '(' }] })).toBe('( is no regular expression')
})
