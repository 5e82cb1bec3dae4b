// Whether a value is what a JSON Schema says. Read as it stands, without making code of it: a schema may come with a request, from a tool
// of somebody else, and its work is bounded. Drafts 7 to 2020-12, and the upper case types of Google's.
import { isDeepStrictEqual } from 'node:util'
import { matches } from './bounded-match'
import { EvaluationError } from './evaluator'
import { Pace } from './pace'

type Schema = Readonly<Record<string, unknown>>

/** Schemas that are looked at for one value, and how deep they may lead. */
const [MOST, DEEPEST] = [20_000, 128]

/** What would need other documents, or remember what was looked at. */
const UNSUPPORTED = ['$dynamicRef', '$recursiveRef', 'unevaluatedProperties', 'unevaluatedItems']

/** @returns what of a schema can't be checked here, as words */
export function problemOfSchema(schema: unknown, depth = 0): string | undefined {
  if (typeof schema !== 'object' || schema === null || depth > DEEPEST) return undefined
  for (const [key, value] of Object.entries(schema)) {
    if (UNSUPPORTED.includes(key)) return `${key} is not supported`
    if (key === '$ref' && typeof value === 'string' && !value.startsWith('#'))
      return `$ref leads to ${value}; give one that begins with #`
    if (key === 'pattern' && typeof value === 'string' && !expression(value)) return `${value} is no regular expression`
    const below = problemOfSchema(value, depth + 1)
    if (below !== undefined) return below
  }
  return undefined
}

/** Of steps: a match of an expression takes as long as so many schemas. */
const MATCH = 1_024
const SCHEMA = 16

type Mismatch = Generator<undefined, string | undefined>

/**
 * Looks in steps.
 * @returns the first place that does not fit, as `items[2].price: is a string, not a number`; undefined where all does
 * @throws EvaluationError where it is too much work
 */
export function mismatch(schema: unknown, value: unknown): Mismatch {
  return new Check(schema).find(schema, value, '', 0)
}

class Check {
  #left = MOST
  readonly #pace = new Pace()

  constructor(private readonly root: unknown) {}

  *find(schema: unknown, value: unknown, path: string, depth: number): Mismatch {
    if (this.#left-- <= 0 || depth > DEEPEST) throw new EvaluationError('the JSON Schema takes too much work')
    if (schema === false) return says(path, 'may not be there')
    if (typeof schema !== 'object' || schema === null) return undefined
    const one = schema as Schema
    const deeper = depth + 1
    if (this.#pace.isOver(SCHEMA + list(one.enum).length)) yield
    return (
      (yield* this.#referred(one, value, path, deeper)) ??
      typeProblem(one, value, path) ??
      (typeof value === 'number' ? numberProblem(one, value, path) : undefined) ??
      (typeof value === 'string' ? yield* this.#text(one, value, path) : undefined) ??
      (Array.isArray(value) ? yield* this.#list(one, value, path, deeper) : undefined) ??
      (isMap(value) ? yield* this.#map(one, value, path, deeper) : undefined) ??
      (yield* this.#combined(one, value, path, deeper))
    )
  }

  /** @returns how many of the schemas the value fits */
  *#fitting(schemas: readonly unknown[], value: unknown, depth: number): Generator<undefined, number> {
    let count = 0
    for (const schema of schemas) if ((yield* this.find(schema, value, '', depth)) === undefined) count++
    return count
  }

  *#matches(pattern: RegExp, text: string): Generator<undefined, boolean> {
    if (this.#pace.isOver(MATCH)) yield
    return matches(pattern, text)
  }

  *#text({ minLength, maxLength, pattern }: Schema, value: string, path: string): Mismatch {
    if (minLength !== undefined || maxLength !== undefined) {
      const { length } = [...value]
      if (isOver(minLength, length)) return says(path, `is shorter than ${minLength}`)
      if (isOver(length, maxLength)) return says(path, `is longer than ${maxLength}`)
    }
    const wanted = typeof pattern === 'string' ? expression(pattern) : undefined
    return wanted && !(yield* this.#matches(wanted, value)) ? says(path, `does not match ${pattern}`) : undefined
  }

  *#referred({ $ref: reference }: Schema, value: unknown, path: string, depth: number): Mismatch {
    if (typeof reference !== 'string') return undefined
    let target: unknown = this.root
    for (const step of reference.replace(/^#\/?/, '').split('/').filter(Boolean))
      target = (target as Schema | undefined)?.[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')]
    if (target === undefined) throw new EvaluationError(`the JSON Schema has nothing at ${reference}`)
    return yield* this.find(target, value, path, depth)
  }

  *#list(schema: Schema, value: readonly unknown[], path: string, depth: number): Mismatch {
    const { minItems, maxItems, uniqueItems, contains, minContains = 1, maxContains, additionalItems } = schema
    if (isOver(minItems, value.length)) return says(path, `has ${value.length} items, fewer than ${minItems}`)
    if (isOver(value.length, maxItems)) return says(path, `has ${value.length} items, more than ${maxItems}`)
    if (uniqueItems === true) {
      for (let at = 1; at < value.length; at++)
        for (let before = 0; before < at; before++) {
          if (this.#left-- <= 0) throw new EvaluationError('the JSON Schema takes too much work')
          if (this.#pace.isOver(1)) yield
          if (isDeepStrictEqual(value[at], value[before])) return says(`${path}[${at}]`, 'stands there twice')
        }
    }
    // of draft 7 a list of schemas stands under `items`
    const first = [schema.prefixItems, schema.items].find(one => Array.isArray(one)) as unknown[] | undefined
    const rest = Array.isArray(schema.items) ? additionalItems : schema.items
    for (const [at, item] of value.entries()) {
      const wrong = yield* this.find(first && at < first.length ? first[at] : rest, item, `${path}[${at}]`, depth)
      if (wrong !== undefined) return wrong
    }
    if (contains === undefined) return undefined
    let count = 0
    for (const item of value) count += yield* this.#fitting([contains], item, depth)
    if (isOver(minContains, count) || isOver(count, maxContains))
      return says(path, `contains ${count} of what it should`)
    return undefined
  }

  *#map(schema: Schema, value: Readonly<Record<string, unknown>>, path: string, depth: number): Mismatch {
    const keys = Object.keys(value)
    const { properties, patternProperties, additionalProperties, propertyNames, dependentRequired, required } = schema
    const at = (key: string) => (path === '' ? key : `${path}.${key}`)
    for (const key of list(required)) if (!Object.hasOwn(value, String(key))) return says(at(String(key)), 'is missing')
    if (isOver(schema.minProperties, keys.length) || isOver(keys.length, schema.maxProperties))
      return says(path, `has ${keys.length} properties`)
    const expressions = Object.entries(map(patternProperties)).map(
      ([source, one]) => [expression(source), one] as const,
    )
    for (const key of keys) {
      const meant = Object.hasOwn(map(properties), key) ? [map(properties)[key]] : []
      for (const [pattern, one] of expressions) if (pattern && (yield* this.#matches(pattern, key))) meant.push(one)
      if (meant.length === 0) meant.push(additionalProperties)
      const wrong =
        (yield* this.#first(meant, value[key], at(key), depth)) ??
        (yield* this.find(propertyNames, key, at(key), depth))
      if (wrong !== undefined) return wrong
    }
    for (const [key, others] of Object.entries(map(dependentRequired)))
      for (const other of Object.hasOwn(value, key) ? list(others) : [])
        if (!Object.hasOwn(value, String(other))) return says(at(String(other)), `is missing beside ${key}`)
    for (const [key, one] of Object.entries(map(schema.dependentSchemas))) {
      const wrong = Object.hasOwn(value, key) ? yield* this.find(one, value, path, depth) : undefined
      if (wrong !== undefined) return wrong
    }
    return undefined
  }

  *#combined(schema: Schema, value: unknown, path: string, depth: number): Mismatch {
    const { allOf, anyOf, oneOf, not, if: condition } = schema
    const wrong = yield* this.#first(list(allOf), value, path, depth)
    if (wrong !== undefined) return wrong
    if (anyOf !== undefined && (yield* this.#fitting(list(anyOf), value, depth)) === 0)
      return says(path, 'is none of the alternatives')
    if (oneOf !== undefined) {
      const count = yield* this.#fitting(list(oneOf), value, depth)
      if (count !== 1) return says(path, `is ${count} of the alternatives, not one`)
    }
    if (not !== undefined && (yield* this.#fitting([not], value, depth)) > 0) return says(path, 'is what it may not be')
    if (condition === undefined) return undefined
    const holds = (yield* this.#fitting([condition], value, depth)) > 0
    return yield* this.find(holds ? schema.then : schema.else, value, path, depth)
  }

  *#first(schemas: readonly unknown[], value: unknown, path: string, depth: number): Mismatch {
    for (const schema of schemas) {
      const wrong = yield* this.find(schema, value, path, depth)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }
}

function typeProblem(schema: Schema, value: unknown, path: string): string | undefined {
  const { type, enum: values, const: constant, nullable } = schema
  if (type !== undefined) {
    const types = [type].flat().map(one => String(one).toLowerCase())
    if (nullable === true) types.push('null')
    if (!types.some(one => isOfType(value, one))) return says(path, `is ${nameOf(value)}, not ${types.join(' or ')}`)
  }
  if (Array.isArray(values) && !values.some(one => isDeepStrictEqual(one, value)))
    return says(path, 'is none of the values that it may have')
  if ('const' in schema && !isDeepStrictEqual(constant, value)) return says(path, 'is another value')
  return undefined
}

function numberProblem(schema: Schema, value: number, path: string): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (isOver(minimum, value)) return says(path, `is below ${minimum}`)
  if (isOver(value, maximum)) return says(path, `is above ${maximum}`)
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    return says(path, `is not above ${exclusiveMinimum}`)
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    return says(path, `is not below ${exclusiveMaximum}`)
  if (typeof multipleOf === 'number' && multipleOf > 0 && !isWhole(value / multipleOf))
    return says(path, `is no multiple of ${multipleOf}`)
  return undefined
}

const compiled = new Map<string, RegExp | undefined>()

/** As JSON Schema recommends, in Unicode's mode; some that people write are none there. */
function expression(source: string): RegExp | undefined {
  if (compiled.has(source)) return compiled.get(source)
  if (compiled.size >= 1_000) compiled.clear()
  const made = ['u', ''].map(flags => {
    try {
      return new RegExp(source, flags)
    } catch {
      return undefined
    }
  })
  const found = made[0] ?? made[1]
  compiled.set(source, found)
  return found
}

const says = (path: string, problem: string): string => `${path === '' ? 'the value' : path} ${problem}`
const isWhole = (quotient: number): boolean =>
  Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient))
const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const map = (value: unknown): Readonly<Record<string, unknown>> => (isMap(value) ? value : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
/** False where one of the two is no number. */
const isOver = (a: unknown, b: unknown): boolean => typeof a === 'number' && typeof b === 'number' && a > b

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value)
  // of a type that nobody knows nothing can be said
  return nameOf(value) === type || !['string', 'number', 'boolean', 'object', 'array', 'null'].includes(type)
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
