/**
 * Whose telemetry must not leave: records that name a subject of the list, and the others in its traces and sessions. A trace or
 * session in which somebody else is named too is not the subject's alone: there only what names the subject is kept back.
 */
import { groupKeys, personKeys, subjectKeys } from './list'

export type Attributes = Readonly<Record<string, unknown>>

/** Values whose handles are remembered, since most records of a process name the same few persons. */
const MOST_VALUES = 4_096
/** Traces and sessions of which is known who is in them. */
const MOST_GROUPS = 4_096
/** Those of suppressed subjects, which are remembered for longer. */
const MOST_SUPPRESSED = 8_192

/** What one record says of persons, as handles. */
interface Names {
  readonly all: readonly string[]
  /** Those that stand where a person is named. */
  readonly persons: readonly string[]
}

/** What the records of a trace or session say, by their handles. */
type Group = Map<string, Names>

interface Resource {
  readonly attributes: Attributes
}

const isPerson: ReadonlySet<string> = new Set(personKeys)

export class Subjects {
  readonly #handleOf: (value: string) => string
  #listed: ReadonlySet<string> = new Set()
  readonly #handles = new Recent<string>(MOST_VALUES)
  /** By `trace:` or the key of an attribute, and its value. */
  readonly #groups = new Recent<Group>(MOST_GROUPS)
  readonly #suppressed = new Recent<Group>(MOST_SUPPRESSED)
  /** A resource is the same object for all records of a provider. */
  #resources = new WeakMap<object, boolean>()

  /** @param handleOf of `handlesBy` */
  constructor(handleOf: (value: string) => string) {
    this.#handleOf = handleOf
  }

  get size(): number {
    return this.#listed.size
  }

  /** What was seen before is judged by the new list too: it may still wait in a queue. */
  replace(listed: ReadonlySet<string>): void {
    this.#listed = listed
    this.#resources = new WeakMap()
    for (const [key, group] of [...this.#suppressed.entries(), ...this.#groups.entries()]) this.#place(key, group)
  }

  /** Whether a value, such as a `user.id`, names a subject of the list. */
  has(value: string): boolean {
    return this.#listed.size > 0 && this.#listed.has(this.#handle(value))
  }

  /** Remembers who is in a trace, so that what ended before them is known for theirs while it waits. */
  see(traceId: string | undefined, attributes: Attributes): void {
    this.#see(traceId, attributes, this.#namesIn(attributes))
  }

  /** Whether a record must not leave. Call it before redaction, which may hide who it is. */
  suppresses(traceId: string | undefined, attributes: Attributes, resource?: Resource): boolean {
    const names = this.#namesIn(attributes)
    this.#see(traceId, attributes, names)
    if (this.#listed.size === 0) return false
    if (this.#isListed(names) || (resource && this.#resource(resource))) return true
    return names.persons.length === 0 && this.#isInGroup(traceId, attributes)
  }

  /** The same of a record that was let through before, by what is known now. */
  suppressesWaiting(traceId: string | undefined, attributes: Attributes): boolean {
    if (this.#listed.size === 0) return false
    return this.#isInGroup(traceId, attributes) || this.#isListed(this.#namesIn(attributes))
  }

  #see(traceId: string | undefined, attributes: Attributes, names: Names): void {
    if (names.all.length === 0) return
    if (traceId !== undefined) this.#add(`trace:${traceId}`, names)
    for (const key of groupKeys) {
      const value = attributes[key]
      if (isId(value)) this.#add(`${key}:${value}`, names)
    }
  }

  #isListed({ all }: Names): boolean {
    return all.some(handle => this.#listed.has(handle))
  }

  #isInGroup(traceId: string | undefined, attributes: Attributes): boolean {
    if (this.#suppressed.isEmpty) return false
    if (traceId !== undefined && this.#suppressed.has(`trace:${traceId}`)) return true
    return groupKeys.some(key => isId(attributes[key]) && this.#suppressed.has(`${key}:${attributes[key]}`))
  }

  #resource(resource: Resource): boolean {
    let isListed = this.#resources.get(resource)
    if (isListed === undefined) {
      isListed = this.#isListed(this.#namesIn(resource.attributes))
      this.#resources.set(resource, isListed)
    }
    return isListed
  }

  #namesIn(attributes: Attributes): Names {
    let names: { all: string[]; persons: string[] } | undefined
    for (const key of subjectKeys) {
      const value = attributes[key]
      // a mask hides who it is: it names nobody
      if (!isId(value) || isMask(value)) continue
      names ??= { all: [], persons: [] }
      const handle = this.#handle(String(value))
      names.all.push(handle)
      if (isPerson.has(key)) names.persons.push(handle)
    }
    return names ?? nobody
  }

  #handle(value: string): string {
    let handle = this.#handles.get(value)
    if (handle === undefined) {
      handle = this.#handleOf(value)
      this.#handles.set(value, handle)
    }
    return handle
  }

  #add(key: string, names: Names): void {
    const group: Group = this.#suppressed.get(key) ?? this.#groups.get(key) ?? new Map()
    const id = names.all.join()
    if (group.has(id)) return
    // a trace of thousands of persons is nobody's alone after the first few
    if (group.size < 64) group.set(id, names)
    this.#place(key, group)
  }

  /** Puts a group where it belongs by the list. */
  #place(key: string, group: Group): void {
    const all = [...group.values()]
    // several ids on one record are those of one person
    const isShared = all.some(names => names.persons.length > 0 && !this.#isListed(names))
    const isSuppressed = !isShared && all.some(names => this.#isListed(names))
    const [to, from] = isSuppressed ? [this.#suppressed, this.#groups] : [this.#groups, this.#suppressed]
    from.delete(key)
    if (!to.has(key)) to.set(key, group)
  }
}

/**
 * The latest entries, at least `most` and at most twice as many. A map that loses its oldest entry at each new one skips what was deleted
 * before it each time, which is a thousand times slower.
 */
class Recent<V> {
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  constructor(private readonly most: number) {}

  get isEmpty(): boolean {
    return this.#young.size === 0 && this.#old.size === 0
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  get(key: string): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: string, value: V): void {
    this.#young.set(key, value)
    if (this.#young.size < this.most) return
    this.#old = this.#young
    this.#young = new Map()
  }

  delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  entries(): [string, V][] {
    return [...this.#old, ...this.#young]
  }
}

const nobody: Names = { all: [], persons: [] }

const isId = (value: unknown): value is string | number =>
  (typeof value === 'string' && value !== '') || typeof value === 'number'

const isMask = (value: string | number): boolean => typeof value === 'string' && /^\[[A-Z\d_]+\]$/.test(value)
