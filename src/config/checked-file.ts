/**
 * Reads a file of YAML or JSON that people edit, against a JSON Schema (draft 2020-12). Every mistake of the file is found at once,
 * each with its line and column and with what would be right. JSON may have comments.
 *
 * A schema makes the sentences: `x-takes` says what is right at a place, such as "a duration, such as 5m"; without it `enum`, `type`,
 * the bounds and the first of `examples` say it. `x-refused` says of a property with `"not": {}` why it may not stand there.
 */
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020'
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
} from 'yaml'
import { nearest } from './nearest'

export interface Mistake {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units. */
  readonly column: number
  readonly message: string
}

/** Keys and indexes, from the top of the file. */
export type Path = readonly (string | number)[]

interface Schema {
  readonly [keyword: string]: unknown
  readonly properties?: Readonly<Record<string, unknown>>
  readonly examples?: readonly unknown[]
}

/** A value that is written once may be meant in many places; more of them are an attack on whoever reads the file. */
const MOST_ALIASES = 100

export class CheckedFile {
  /** What the file holds, as far as it can be read; undefined where nothing can. It fits the schema where there is no mistake. */
  readonly value: unknown
  readonly #mistakes: (Mistake & { readonly offset: number })[] = []
  readonly #lines = new LineCounter()
  readonly #document: Document.Parsed<ParsedNode>

  constructor(text: string, schema: object) {
    this.#document = parseDocument(withoutComments(text), { lineCounter: this.#lines, prettyErrors: false })
    const { errors, warnings } = this.#document
    for (const { pos, message } of [...errors, ...warnings]) this.#wrongAt(pos[0], ofYaml(message))
    // what a broken file means is a guess; a key that stands twice breaks nothing else
    if (errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return
    this.value = this.#read()
    if (this.value === undefined) return
    const validate = validatorOf(schema)
    if (!validate(this.value)) for (const error of leading(validate.errors ?? [])) this.#refuse(error)
  }

  /** By their places. */
  get mistakes(): readonly Mistake[] {
    return this.#mistakes
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ line, column, message }) => ({ line, column, message }))
  }

  /** Adds what no schema says. The place is the value's, or of what is nearest above it where the file has no such value. */
  wrong(path: Path, message: string): void {
    this.#wrongAt(this.#offsetOf(path), message)
  }

  #read(): unknown {
    try {
      const value = this.#document.toJS({ maxAliasCount: MOST_ALIASES })
      if (value !== null && value !== undefined) return value
      this.#wrongAt(0, 'the file is empty')
    } catch (error) {
      this.#wrongAt(0, ofYaml((error as Error).message))
    }
    return undefined
  }

  #refuse(error: ErrorObject): void {
    const path = pathOf(error.instancePath, this.value)
    const { key, message } = sentence(error, path)
    this.#wrongAt(key === undefined ? this.#offsetOf(path) : this.#offsetOfKey(path, key), message)
  }

  #wrongAt(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset)
    const mistake = { offset, line: Math.max(line, 1), column: Math.max(col, 1), message }
    if (!this.#mistakes.some(one => one.offset === offset && one.message === message)) this.#mistakes.push(mistake)
  }

  #offsetOf(path: Path): number {
    let node: unknown = this.#document.contents
    let offset = startOf(node) ?? 0
    for (const step of path) {
      node = this.#member(node, step)?.value
      const at = startOf(node)
      if (at === undefined) break
      offset = at
    }
    return offset
  }

  #offsetOfKey(path: Path, key: string): number {
    let node: unknown = this.#document.contents
    for (const step of path) node = this.#member(node, step)?.value
    return startOf(this.#member(node, key)?.key) ?? this.#offsetOf(path)
  }

  #member(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
    const parent = isAlias(node) ? node.resolve(this.#document) : node
    if (isSeq(parent)) return { key: undefined, value: parent.items[Number(step)] }
    if (!isMap(parent)) return undefined
    // of a key that stands twice, the last one holds
    const pair = parent.items.findLast(({ key }) => String(isScalar(key) ? key.value : key) === String(step))
    // of a key without a value the key is the place
    return pair && { key: pair.key, value: startOf(pair.value) === undefined ? pair.key : pair.value }
  }
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0]

/** Comments of JSON become spaces, so that every place stays. In YAML none of them begins a line or follows a space and opens a map. */
const withoutComments = (text: string): string =>
  /^\uFEFF?\s*(?:\{|\/[/*])/.test(text)
    ? text.replace(/"(?:[^"\\\n]|\\.)*"|(?<![^\s,{}[\]"])(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)/g, found =>
        found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
      )
    : text

/** The parser's words, without what only its authors understand. */
const ofYaml = (message: string): string => {
  if (message === 'Map keys must be unique') return 'this key stands twice; remove one of them'
  return /alias/i.test(message) && /excessive/i.test(message)
    ? `the file refers to itself more than ${MOST_ALIASES} times; write the values out`
    : message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, '')
}

const validators = new WeakMap<object, ValidateFunction>()

function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema)
  if (known) return known
  const validate = new Ajv({ allErrors: true, verbose: true, strict: false }).compile(schema)
  validators.set(schema, validate)
  return validate
}

const ALTERNATIVES = new Set(['oneOf', 'anyOf'])

/**
 * Of a place that may hold one of several things, the mistakes of the one that was meant: of the alternative that has the fewest, where
 * those that are of another type altogether do not count. Where all are, the mistake is that none of them stands there.
 */
function leading(errors: readonly ErrorObject[]): ErrorObject[] {
  const outer = errors.filter(({ keyword }) => ALTERNATIVES.has(keyword))
  // a schema that says in words what is right needs no other sentence; `if` only leads to its branch
  let rest = errors.filter(({ keyword }) => keyword !== 'if')
  for (const error of outer) {
    const below = (one: ErrorObject): boolean =>
      one !== error &&
      (one.instancePath === error.instancePath || one.instancePath.startsWith(`${error.instancePath}/`)) &&
      isBranchOf(one, error)
    const children = rest.filter(below)
    if (children.length === 0) continue
    const meant = meantBranch(children, error)
    rest = rest.filter(one => !children.includes(one) || meant.includes(one))
    if (meant.length > 0) rest = rest.filter(one => one !== error)
  }
  return rest
}

/** Ajv names a schema behind `$ref` by its own place: then what it refuses at the same value or below is taken for the branch's. */
const isBranchOf = (one: ErrorObject, outer: ErrorObject): boolean =>
  one.schemaPath.startsWith(`${outer.schemaPath}/`) || !one.schemaPath.startsWith('#/properties')

function meantBranch(children: readonly ErrorObject[], outer: ErrorObject): ErrorObject[] {
  if ((outer.parentSchema as Schema)['x-takes'] !== undefined) return []
  const branches = new Map<string, ErrorObject[]>()
  for (const child of children) {
    const branch = branchOf(child.schemaPath, outer.schemaPath)
    branches.set(branch, [...(branches.get(branch) ?? []), child])
  }
  const fitting = [...branches.values()].filter(
    errors => !errors.some(error => error.instancePath === outer.instancePath && NOT_MEANT.has(error.keyword)),
  )
  return fitting.toSorted((a, b) => a.length - b.length)[0] ?? []
}

/** What refuses the kind of a value, and not a part of it. */
const NOT_MEANT = new Set(['type', 'const', 'enum', 'required'])

const branchOf = (schemaPath: string, outer: string): string =>
  schemaPath.startsWith(`${outer}/`)
    ? schemaPath.slice(outer.length + 1).split('/', 1)[0]!
    : schemaPath.split('/').slice(0, 3).join('/')

function pathOf(pointer: string, value: unknown): Path {
  const steps = pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  let at = value
  return steps.map(step => {
    const isIndex = Array.isArray(at)
    at = (at as Record<string, unknown> | undefined)?.[step]
    return isIndex ? Number(step) : step
  })
}

/** Such as `slos[0].objective`. */
const nameOf = (path: Path): string =>
  path.reduce<string>((name, step) => name + (typeof step === 'number' ? `[${step}]` : `${name && '.'}${step}`), '')

function sentence(error: ErrorObject, path: Path): { key?: string; message: string } {
  const schema = error.parentSchema as Schema
  const name = nameOf(path) || 'the file'
  const { keyword, params, data } = error
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(name, params.additionalProperty ?? params.unevaluatedProperty, schema)
    case 'propertyNames':
      return { key: params.propertyName, message: `${name} can't have the key ${show(params.propertyName)}` }
    case 'required':
      return { message: `${name} has no "${params.missingProperty}"${takesOf(schema, params.missingProperty)}` }
    case 'not':
      return { message: `${name} may not stand here${schema['x-refused'] ? `: ${schema['x-refused']}` : ''}` }
    default: {
      const wanted = takes(schema) ?? error.message
      const near = Array.isArray(schema.enum) && typeof data === 'string' ? schema.enum.filter(isText) : []
      const guess = near.length > 0 ? `; did you mean "${nearest(data as string, near)}"?` : ''
      return { message: `${name} takes ${wanted}, not ${show(data)}${guess}` }
    }
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

function unknownKey(name: string, key: string, { properties = {} }: Schema): { key: string; message: string } {
  const known = Object.keys(properties).filter(one => !isRefused(properties[one]))
  const guess = known.length > 0 ? `; did you mean "${nearest(key, known)}"? Known are ${known.join(', ')}` : ''
  return { key, message: `${name} does not know "${key}"${guess}` }
}

const isRefused = (schema: unknown): boolean => (schema as Schema | undefined)?.['x-refused'] !== undefined

function takesOf({ properties = {} }: Schema, key: string): string {
  const wanted = takes((properties[key] ?? {}) as Schema)
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
