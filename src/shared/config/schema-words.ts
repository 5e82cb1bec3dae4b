/** What an error of ajv says to whoever wrote the file: input, reason and remedy. The keywords of ours stand in `checked-file.ts`. */
import type { ErrorObject } from 'ajv/dist/2020.js'
import { nearest } from './nearest'

export interface Schema {
  readonly [keyword: string]: unknown
  readonly properties?: Readonly<Record<string, unknown>>
  readonly examples?: readonly unknown[]
}

/** Such as `slos[0].objective`. */
const nameOf = (path: readonly (string | number)[]): string =>
  path.reduce<string>((name, step) => name + (typeof step === 'number' ? `[${step}]` : `${name && '.'}${step}`), '')

export function sentence(
  error: ErrorObject,
  path: readonly (string | number)[],
  root: Schema,
): { key?: string; message: string } {
  const schema = error.parentSchema as Schema
  const name = nameOf(path) || 'the file'
  const { keyword, params, data } = error
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(name, params.additionalProperty ?? params.unevaluatedProperty, schema)
    case 'propertyNames': {
      const wanted = takes((schema.propertyNames ?? {}) as Schema)
      const why = wanted === undefined ? '' : `; a key is ${wanted}`
      return { key: params.propertyName, message: `${name} can't have the key ${show(params.propertyName)}${why}` }
    }
    case 'required':
      return { message: `${name} has no "${params.missingProperty}"${takesOf(schema, params.missingProperty, root)}` }
    case 'not':
      return { message: `${name} may not stand here${schema['x-refused'] ? `: ${schema['x-refused']}` : ''}` }
    default: {
      const wanted = takes(schema) ?? error.message
      const near = Array.isArray(schema.enum) && typeof data === 'string' ? schema.enum.filter(isText) : []
      const guess = near.length > 0 ? `; did you mean "${nearest(data as string, near)}"?` : ''
      const found = schema['x-secret'] === true ? 'what stands there' : foundOf(keyword, data)
      return { message: `${name} takes ${wanted}${found && `, not ${found}`}${guess}` }
    }
  }
}

/** Of a list or map of the right kind, what is wrong with it; nothing where the sentence says all. */
function foundOf(keyword: string, data: unknown): string {
  if (keyword === 'uniqueItems') return 'a list in which an item stands twice'
  if (keyword === 'minItems' && Array.isArray(data))
    return data.length === 0 ? 'an empty list' : `a list of ${data.length}`
  return keyword !== 'type' && typeof data === 'object' && data !== null ? '' : show(data)
}

const isText = (value: unknown): value is string => typeof value === 'string'

function unknownKey(name: string, key: string, { properties = {} }: Schema): { key: string; message: string } {
  if (key === '<<') return { key, message: `${name} can't take over a map with <<; write its values out` }
  const known = Object.keys(properties).filter(one => !isRefused(properties[one]) && !one.startsWith('$'))
  const guess = known.length > 0 ? `; did you mean "${nearest(key, known)}"? Known are ${known.join(', ')}` : ''
  return { key, message: `${name} does not know "${key}"${guess}` }
}

const isRefused = (schema: unknown): boolean => (schema as Schema | undefined)?.['x-refused'] !== undefined

function takesOf({ properties = {} }: Schema, key: string, root: Schema): string {
  const { $ref, ...own } = (properties[key] ?? {}) as Schema
  const named = isText($ref) ? (root.$defs as Schema | undefined)?.[$ref.replace('#/$defs/', '')] : {}
  const wanted = takes({ ...(named as Schema), ...own })
  return wanted === undefined ? '' : `, which takes ${wanted}`
}

/** What is right, in words; undefined where the schema does not say it. */
function takes(schema: Schema): string | undefined {
  const { 'x-takes': words, enum: values, const: constant, examples } = schema
  if (isText(words)) return words
  if (constant !== undefined) return show(constant)
  if (Array.isArray(values)) return values.map(value => (isText(value) ? value : show(value))).join(', ')
  const kind = kindOf(schema)
  return kind === undefined ? undefined : `${kind}${examples?.length ? `, such as ${show(examples[0])}` : ''}`
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
}

function kindOf(schema: Schema): string | undefined {
  const types = [schema.type].flat().filter(isText)
  if (types.length === 0) return undefined
  return types.map(type => sized(kinds[type] ?? numberOf(type, schema), type, schema)).join(' or ')
}

function sized(kind: string, type: string, { minLength, maxLength, minItems, maxItems }: Schema): string {
  if (type === 'string' && minLength === 1 && maxLength === undefined) return `${kind} that is not empty`
  const [least, most, of] = type === 'array' ? [minItems, maxItems, 'items'] : [minLength, maxLength, 'characters']
  if (type !== 'array' && type !== 'string') return kind
  const bounds = [least !== undefined && `${least} at least`, most !== undefined && `${most} at most`].filter(isText)
  return bounds.length > 0 ? `${kind} of ${bounds.join(' and ')} ${of}` : kind
}

function numberOf(type: string, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const bounds = [
    minimum !== undefined && `${minimum} or more`,
    exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`,
    maximum !== undefined && `${maximum} or less`,
    exclusiveMaximum !== undefined && `below ${exclusiveMaximum}`,
  ].filter(isText)
  return [type === 'integer' ? 'a whole number' : 'a number', bounds.join(' and ')].filter(Boolean).join(', ')
}

const show = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a map'
  return value === undefined || value === null ? 'nothing' : (JSON.stringify(value) ?? String(value)).slice(0, 80)
}
