/**
 * Reads a file of YAML or JSON that people edit, against a JSON Schema (draft 2020-12). Every mistake of the file is found at once,
 * each with its line and column and with what would be right. JSON may have comments.
 *
 * A schema makes the sentences: `x-takes` says what is right at a place, such as "a duration, such as 5m"; without it `enum`, `type`,
 * the bounds and the first of `examples` say it. `x-refused` says of a property with `"not": {}` why it may not stand there. Of a place
 * with `x-secret` no sentence shows what stands there: people write the secret where its file belongs.
 */
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml'
import { withoutComments } from './json-comments'
import { leading } from './schema-errors'
import { type Schema, sentence } from './schema-words'
import { wordsOfYaml } from './yaml-words'

export interface Mistake {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units. */
  readonly column: number
  readonly message: string
}

/** Keys and indexes, from the top of the file. */
export type Path = readonly (string | number)[]

/** A map of the file, whose values may not fit the schema. */
export type Raw = Readonly<Record<string, unknown>>

/** A part that does not fit the schema is taken for an empty one: the schema has reported it already. */
export const mapOf = (value: unknown): Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {}
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A value that is written once may be meant in many places; more of them are an attack on whoever reads the file. */
const MOST_ALIASES = 100

export class CheckedFile {
  /** What the file holds, as far as it can be read; undefined where nothing can. It fits the schema where there is no mistake. */
  readonly value: unknown
  readonly #mistakes: (Mistake & { readonly offset: number })[] = []
  /** What of the file is wrong, also where it is written elsewhere and only referred to. */
  readonly #wrongPaths: Path[] = []
  readonly #document: Document.Parsed<ParsedNode>

  /** @param merge whether `<<` takes over a map, as in YAML 1.1: for files that tools of others read too */
  constructor(
    private readonly text: string,
    private readonly schema: object,
    { merge = false }: { readonly merge?: boolean } = {},
  ) {
    this.#document = parseDocument(withoutComments(text), { prettyErrors: false, merge })
    const { errors, warnings } = this.#document
    // of one place the parser says first what is wrong, and then what follows from it
    for (const { pos, message } of [...errors, ...warnings])
      if (!this.#mistakes.some(({ offset }) => offset === pos[0])) this.#wrongAt(pos[0], ofYaml(message))
    // what a broken file means is a guess; a key that stands twice breaks nothing else
    if (errors.some(({ code }) => code !== 'DUPLICATE_KEY') || this.#holdsWhatNobodyMeans()) return
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
    this.#wrongPaths.push(path)
    this.#wrongAt(this.#offsetOf(path), message)
  }

  /** Whether one of the mistakes is at the value of this path or below it. */
  isWrong(path: Path): boolean {
    if (this.#wrongPaths.some(wrong => path.every((step, at) => wrong[at] === step))) return true
    // the parser's own mistakes have places alone
    const [start, end] = (this.#valueAt(path) as Node | null | undefined)?.range ?? [0, 0]
    return this.#mistakes.some(({ offset }) => offset >= start && offset < end)
  }

  #holdsWhatNobodyMeans(): boolean {
    let has = false
    visit(this.#document, {
      Pair: (_, { key }) => {
        if (!isCollection(key)) return
        has = true
        this.#wrongAt(
          startOf(key) ?? 0,
          'a key is a text, and here stands a map or a list; put a text that begins with { or [ in quotes',
        )
      },
      Alias: (_, alias) => {
        if (alias.resolve(this.#document)) return
        has = true
        this.#wrongAt(
          startOf(alias) ?? 0,
          `*${alias.source} refers to nothing; write &${alias.source} before the value that it stands for`,
        )
      },
    })
    return has
  }

  /** Where the value at a path stands, or what is nearest above it; both from 1. */
  placeOf(path: Path): Pick<Mistake, 'line' | 'column'> {
    return this.#placeAt(this.#offsetOf(path))
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
    const { key, message } = sentence(error, path, this.schema as Schema)
    this.#wrongPaths.push(path)
    this.#wrongAt(key === undefined ? this.#offsetOf(path) : this.#offsetOfKey(path, key), message)
  }

  #wrongAt(offset: number, message: string): void {
    const mistake = { offset, ...this.#placeAt(offset), message }
    if (!this.#mistakes.some(one => one.offset === offset && one.message === message)) this.#mistakes.push(mistake)
  }

  /** Counted here: the parser's own counter misses lines behind what it can't read. A mark of byte order is no character of its line. */
  #placeAt(offset: number): Pick<Mistake, 'line' | 'column'> {
    const before = this.text
      .slice(0, offset)
      .replace(/^\uFEFF/, '')
      .split('\n')
    return { line: before.length, column: before.at(-1)!.length + 1 }
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
    return startOf(this.#member(this.#valueAt(path), key)?.key) ?? this.#offsetOf(path)
  }

  #valueAt(path: Path): unknown {
    return path.reduce<unknown>((node, step) => this.#member(node, step)?.value, this.#document.contents)
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

const ofYaml = (message: string): string =>
  /alias/i.test(message) && /excessive/i.test(message)
    ? `the file refers to itself more than ${MOST_ALIASES} times; write the values out`
    : wordsOfYaml(message)

const validators = new WeakMap<object, ValidateFunction>()

function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema)
  if (known) return known
  const validate = new Ajv({ allErrors: true, verbose: true, strict: false, strictNumbers: true }).compile(schema)
  validators.set(schema, validate)
  return validate
}

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
