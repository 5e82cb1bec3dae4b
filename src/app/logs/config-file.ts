/**
 * Reads `logging-config.json`. Every mistake in it is found at once, each with its line and column and with what would be right;
 * `logging-config.schema.json` says the same to editors.
 */
import { statSync } from 'node:fs'
import path from 'node:path'
import type { YAMLMap } from 'yaml'
import type { Mistake } from '../../shared/config/checked-file'
import { withoutComments } from '../../shared/config/json-comments'
import { nearest } from '../../shared/config/nearest'
import type { LogClass } from '../../shared/tiers'
import { type ClassConfig, fullConfig, type PartialConfig } from './config'
import { logClasses } from './names'
import { type Level, levels } from './options'

/** What of the `yaml` package knows where in a text a value stands. JSON is YAML, but for comments and a comma too many. */
export type Yaml = Pick<typeof import('yaml'), 'parseDocument' | 'LineCounter' | 'isMap' | 'isScalar'>

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}
/** A smaller file is followed by the next so soon that a folder is full of them. */
const SMALLEST = 64 * 1024
const LONGEST_DAYS = 36_500

/** @param file its path; a relative path in it is relative to its folder */
export function readLogsConfig(
  text: string,
  file: string,
  yaml: Yaml,
): { readonly config: PartialConfig; readonly mistakes: readonly Mistake[] } {
  const reader = new Reader(text, path.dirname(file), yaml)
  const config = reader.read()
  const mistakes = reader.mistakes.sort((a, b) => a.line - b.line || a.column - b.column)
  return { config, mistakes }
}

type ReadValue<T> = (value: unknown, at: number) => T | undefined

class Reader {
  readonly mistakes: Mistake[] = []
  readonly #text: string

  constructor(
    text: string,
    private readonly folder: string,
    private readonly yaml: Yaml,
  ) {
    this.#text = withoutComments(text.replace(/^\uFEFF/, ' '))
  }

  read(): PartialConfig {
    const text = this.#withoutExtraCommas()
    const lines = new this.yaml.LineCounter()
    const document = this.yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false })
    const isJson = this.#expectJson(text)
    // of JSON, a name that stands twice; of what is none, in words about YAML, and what it means is a guess
    if (isJson) for (const { pos, message } of document.errors) this.#wrong(pos[0], message)
    else if (document.errors.length > 0) return {}
    const { contents } = document
    if (!this.yaml.isMap(contents)) {
      if (this.mistakes.length === 0) this.#wrong(0, 'the file holds an object, such as {"level": "info"}')
      return {}
    }
    const config: { folder?: string; level?: Level; size?: number; classes?: PartialConfig['classes'] } = {}
    this.#members(contents, 'the file', {
      $schema: () => undefined,
      folder: (value, at) => this.#set(config, 'folder', this.#folder(value, at)),
      level: (value, at) => this.#set(config, 'level', this.#level(value, at)),
      size: (value, at) => this.#set(config, 'size', this.#size(value, at)),
      classes: (_, at, node) => {
        config.classes = this.#classes(node, at)
      },
    })
    this.#compareFiles(contents, config)
    return config
  }

  #set<T extends object, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
    if (value !== undefined) target[key] = value
  }

  #members(
    map: YAMLMap,
    what: string,
    known: Readonly<Record<string, (value: unknown, at: number, node: unknown) => void>>,
  ): void {
    for (const { key, value } of map.items) {
      const name = this.yaml.isScalar(key) ? String(key.value) : ''
      const read = Object.hasOwn(known, name) ? known[name] : undefined
      if (read) read(this.yaml.isScalar(value) ? value.value : value, start(value) ?? start(key) ?? 0, value)
      else
        this.#wrong(
          start(key) ?? 0,
          `"${name}" is nothing that ${what} knows; did you mean "${nearest(name, Object.keys(known))}"?`,
        )
    }
  }

  #classes(node: unknown, at: number): PartialConfig['classes'] {
    const classes: Partial<Record<LogClass, Partial<ClassConfig>>> = {}
    if (!this.yaml.isMap(node)) {
      this.#wrong(at, 'classes takes an object, such as {"debug": {"retention": "1d"}}')
      return classes
    }
    const readers = logClasses.map(logClass => [
      logClass,
      (_: unknown, at: number, node: unknown) => {
        classes[logClass] = this.#class(node, at, logClass)
      },
    ])
    this.#members(node, 'classes', Object.fromEntries(readers))
    return classes
  }

  #class(node: unknown, at: number, logClass: LogClass): Partial<ClassConfig> {
    const config: { file?: string; retentionDays?: number; maxBytes?: number } = {}
    if (!this.yaml.isMap(node)) {
      this.#wrong(at, `${logClass} takes an object, such as {"retention": "7d"}`)
      return config
    }
    this.#members(node, `the class ${logClass}`, {
      file: (value, at) => this.#set(config, 'file', this.#file(value, at)),
      retention: (value, at) => this.#set(config, 'retentionDays', this.#retention(value, at)),
      size: (value, at) => this.#set(config, 'maxBytes', this.#size(value, at)),
    })
    return config
  }

  readonly #level: ReadValue<Level> = (value, at) => {
    if (levels.includes(value as Level)) return value as Level
    const shown = typeof value === 'string' ? nearest(value, levels) : 'info'
    return this.#wrong(at, `level takes ${levels.join(', ')}, not ${show(value)}; did you mean "${shown}"?`)
  }

  readonly #size: ReadValue<number> = (value, at) => {
    const [, number, unit = 'B'] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(String(value)) ?? []
    const bytes = Number(number) * (UNITS[unit === '' ? 'B' : unit] ?? Number.NaN)
    if (Number.isNaN(bytes)) {
      const known = Object.keys(UNITS).join(', ')
      return this.#wrong(at, `size takes bytes, or a number with ${known}, such as "100 MiB", not ${show(value)}`)
    }
    if (bytes >= SMALLEST) return Math.floor(bytes)
    return this.#wrong(at, `size takes 64 KiB or more, not ${show(value)}`)
  }

  readonly #retention: ReadValue<number> = (value, at) => {
    const [, number, unit] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/.exec(String(value)) ?? []
    const days = unit === '' || unit === 'd' || unit === 'day' || unit === 'days' ? Number(number) : Number.NaN
    if (Number.isInteger(days) && days >= 1 && days <= LONGEST_DAYS) return days
    return this.#wrong(at, `retention takes whole days, 1 at least, such as "30d", not ${show(value)}`)
  }

  readonly #folder: ReadValue<string> = (value, at) => {
    if (typeof value !== 'string' || value === '')
      return this.#wrong(at, `folder takes a path, such as "/var/log/autoforgenexus", not ${show(value)}`)
    const folder = path.resolve(this.folder, value)
    if (kindOf(folder) === 'file') return this.#wrong(at, `folder takes a folder, and ${show(value)} is a file`)
    return folder
  }

  readonly #file: ReadValue<string> = (value, at) => {
    if (typeof value === 'string' && value !== '') return value
    return this.#wrong(at, `file takes a name, such as "backend.log", not ${show(value)}`)
  }

  /** Each class has a file of its own, since each is kept for its own time. */
  #compareFiles(map: YAMLMap, config: PartialConfig): void {
    const { folder, classes } = fullConfig(config, this.folder)
    const owners = new Map<string, LogClass>()
    // what stands in the file is at fault before what is a default
    const explicit = logClasses.filter(logClass => map.hasIn(['classes', logClass, 'file']))
    for (const logClass of [...logClasses.filter(one => !explicit.includes(one)), ...explicit]) {
      const place = path.resolve(folder, classes[logClass].file)
      const at = start(map.getIn(['classes', logClass, 'file'], true)) ?? 0
      const owner = owners.get(place)
      if (owner)
        this.#wrong(at, `${show(classes[logClass].file)} is the file of ${owner} already; each class takes its own`)
      else if (explicit.includes(logClass) && kindOf(place) === 'folder')
        this.#wrong(at, `file takes a file, and ${show(classes[logClass].file)} is a folder`)
      owners.set(place, owner ?? logClass)
    }
  }

  /** YAML allows a comma behind the last member, and JSON does not. */
  #withoutExtraCommas(): string {
    return this.#text.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (found, at: number) => {
      if (found !== ',') return found
      this.#wrong(at, 'JSON has no comma behind the last member; remove it')
      return ' '
    })
  }

  #expectJson(text: string): boolean {
    try {
      JSON.parse(text)
      return true
    } catch (error) {
      const [message = '', at] = (error as Error).message.split(/ in JSON at position | \(line /)
      this.#wrong(
        at === undefined ? endOfJson(text) : Number.parseInt(at, 10),
        `this is no JSON: ${message.split('\n', 1)[0]}`,
      )
      return false
    }
  }

  #wrong(offset: number, message: string): undefined {
    const before = this.#text.slice(0, offset).split('\n')
    this.mistakes.push({ line: before.length, column: (before.at(-1) as string).length + 1, message })
    return undefined
  }
}

/** Where the first character stands that begins nothing of JSON's: V8 does not always say it. */
function endOfJson(text: string): number {
  const token = /\s*(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\]:,])/y
  let end = 0
  while (token.test(text)) end = token.lastIndex
  return end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0)
}

const start = (node: unknown): number | undefined => (node as { range?: [number] } | null | undefined)?.range?.[0]

const show = (value: unknown): string =>
  typeof value === 'object' && value !== null ? 'an object' : (JSON.stringify(value)?.slice(0, 80) ?? 'nothing')

function kindOf(place: string): 'file' | 'folder' | undefined {
  try {
    return statSync(place).isDirectory() ? 'folder' : 'file'
  } catch {
    return undefined
  }
}
